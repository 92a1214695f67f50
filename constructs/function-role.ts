import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachmentsExclusive } from "@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive";
import { Construct } from "constructs";
import { defined } from "../contract/collections";
import type { RoleSpec } from "../model/blueprint";
import type { Account } from "./account";
import { ImportBlock } from "./imports";

export interface FunctionRoleProps {
  readonly spec: RoleSpec;
  readonly account: Account;
  readonly tags?: Record<string, string>;
}

/** Execution role of both functions, with the least privileges that their targets need. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;
  /** ARN built from the name instead of the resource attribute, so that `terraform plan` can show policies with it. */
  readonly predictedArn: string;

  constructor(scope: Construct, id: string, { spec, account, tags }: FunctionRoleProps) {
    super(scope, id);
    this.predictedArn = spec.arn;
    this.role = new IamRole(this, "Resource", {
      name: spec.name,
      ...defined({ path: spec.path, description: spec.description }),
      assumeRolePolicy: account.writer.json(spec.trust),
      ...defined({ permissionsBoundary: spec.boundaryArn, tags }),
    });
    account.register("functionRole", this.role);
    this.policy = new IamRolePolicy(this, "policy", {
      name: spec.policyName,
      role: this.role.name,
      policy: account.writer.json(spec.policy),
      ...account.lifecycleWith(spec.requiredLists ?? []),
    });
    if (spec.importId !== undefined) new ImportBlock(this.role, spec.importId);
    if (spec.onlyPolicyArns !== undefined) this.#attachOnly(spec.onlyPolicyArns);
  }

  /** Detaches all other managed policies from an adopted role. The policies themselves are not changed. */
  #attachOnly(policyArns: readonly string[]): void {
    new IamRolePolicyAttachmentsExclusive(this, "attachments", {
      roleName: this.role.name,
      policyArns: [...policyArns],
      // The inline policy comes first, so that the functions always have permissions.
      dependsOn: [this.policy],
    });
  }
}
