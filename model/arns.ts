/** Source of the ARNs in a blueprint: references for Terraform, plain ARNs for every other reader. */
export interface ArnSource {
  /** Account id: 12 digits, or a reference. */
  readonly accountId: string;
  /** Returns the ARN prefix of a service's resources in this account: `arn:aws:ec2:us-east-1:123456789012`. */
  arnPrefix(service: string, region: string): string;
  /** Returns the ARN prefix of resources that AWS itself owns: `arn:aws:ssm:us-east-1:`. */
  awsArnPrefix(service: string, region: string): string;
  /** Returns the ARN of each instance; a list token for a list token. */
  instanceArns(region: string, ids: readonly string[]): readonly string[];
  /**
   * Returns an attribute of a resource of the blueprint. Terraform gets a reference, so that it creates that resource
   * first; every other reader gets the predicted value.
   */
  attribute(resource: ResourceKey, name: "arn" | "name", predicted: string): string;
}

/** Key of a resource of the blueprint that other resources refer to. */
export type ResourceKey =
  | "functionRole"
  | "schedulerRole"
  | "scheduleGroup"
  | "followUpGroup"
  | "deadLetterQueue"
  | "alertTopic"
  | `function ${string}`
  | `rule ${string}`;

/** The AWS account of a deployment. */
export interface AwsAccount {
  /** Account id of 12 digits. */
  readonly id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** Builds ARNs of a known account from names. */
export class AccountArns implements ArnSource {
  readonly accountId: string;
  readonly #partition: string;

  constructor({ id, partition }: AwsAccount) {
    this.accountId = id;
    this.#partition = partition;
  }

  arnPrefix(service: string, region: string): string {
    return `${this.awsArnPrefix(service, region)}${this.accountId}`;
  }

  awsArnPrefix(service: string, region: string): string {
    return `arn:${this.#partition}:${service}:${region}:`;
  }

  instanceArns(region: string, ids: readonly string[]): readonly string[] {
    return ids.map((id) => `${this.arnPrefix("ec2", region)}:instance/${id}`);
  }

  attribute(_resource: ResourceKey, _name: "arn" | "name", predicted: string): string {
    return predicted;
  }
}

/** Returns ARNs of a sample account, which have the length of any account's ARNs in that region. */
export function sampleArns(region: string): ArnSource {
  return new AccountArns({ id: "123456789012", partition: partitionOf(region) });
}

/**
 * Partitions by how their regions begin; `aws` has all others.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export const PARTITIONS: readonly (readonly [regions: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["eusc-", "aws-eusc"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
];

export function partitionOf(region: string): string {
  return PARTITIONS.find(([regions]) => region.startsWith(regions))?.[1] ?? "aws";
}
