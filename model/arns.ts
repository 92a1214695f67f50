/** Where ARNs come from: what differs between those who read a blueprint. */
export interface ArnSource {
  /** 12 digits, or a reference to them. */
  readonly accountId: string;
  /** Beginning of the ARNs of a service's resources in a region of this account: `arn:aws:ec2:us-east-1:123456789012`. */
  arnPrefix(service: string, region: string): string;
  /** The same of what AWS offers to all accounts: `arn:aws:ssm:us-east-1:`. */
  awsArnPrefix(service: string, region: string): string;
  /** ARN of each instance; a list token gives a list token. */
  instanceArns(region: string, ids: readonly string[]): readonly string[];
  /**
   * An attribute of a resource of the blueprint itself. Terraform reads it, so that it makes that resource first; for
   * everyone else it is what is known already.
   */
  attribute(resource: ResourceKey, name: "arn" | "name", predicted: string): string;
}

/** A resource of a blueprint that others refer to. */
export type ResourceKey =
  | "functionRole"
  | "schedulerRole"
  | "scheduleGroup"
  | "deadLetterQueue"
  | "alertTopic"
  | `function ${string}`
  | `rule ${string}`;

/** Where a config is deployed. */
export interface AwsAccount {
  /** 12 digits. */
  readonly id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** The ARNs of a known account, put together from names as AWS does. */
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

/** ARNs as long as those of a deployment in that region: account ids are all of one length. */
export function sampleArns(region: string): ArnSource {
  return new AccountArns({ id: "123456789012", partition: partitionOf(region) });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const PARTITIONS: readonly (readonly [regions: string, partition: string])[] = [
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
