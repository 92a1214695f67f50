import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";

export interface AccountProps {
  /**
   * The only account ids in which a plan may succeed.
   * @default any account
   */
  readonly allowedAccountIds?: readonly string[];
}

/** The account and partition that Terraform runs in, for the ARNs of what is in it. */
export class Account extends Construct {
  /** 12 digits. */
  readonly id: string;
  readonly #partition: string;

  constructor(scope: Construct, id: string, { allowedAccountIds }: AccountProps) {
    super(scope, id);
    const postcondition = allowedAccountIds?.length
      ? {
          condition: `\${contains(${JSON.stringify(allowedAccountIds)}, self.account_id)}`,
          errorMessage: `This configuration may only be used in the accounts ${allowedAccountIds.join(", ")}.`,
        }
      : undefined;
    const identity = new DataAwsCallerIdentity(this, "identity", {
      ...(postcondition ? { lifecycle: { postcondition: [postcondition] } } : {}),
    });
    this.id = identity.accountId;
    this.#partition = new DataAwsPartition(this, "partition").partition;
  }

  /** Beginning of the ARNs of a service's resources in a region of this account, without the last colon. */
  arnPrefix(service: string, region: string): string {
    return `arn:${this.#partition}:${service}:${region}:${this.id}`;
  }

  /** Beginning of the ARNs of what a service offers to all accounts in a region, without the last colon. */
  awsArnPrefix(service: string, region: string): string {
    return `arn:${this.#partition}:${service}:${region}:`;
  }

  /** ARN of each instance; of a list that only Terraform knows, put together by Terraform. */
  instanceArns(region: string, ids: readonly string[]): readonly string[] {
    if (!Token.isUnresolved(ids)) return ids.map((id) => `${this.arnPrefix("ec2", region)}:instance/${id}`);
    const parts = [this.#partition, region, this.id, [...ids]];
    return Token.asList(Fn.formatlist("arn:%s:ec2:%s:%s:instance/%s", parts));
  }
}
