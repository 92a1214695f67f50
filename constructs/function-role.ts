import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachmentsExclusive } from "@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive";
import { Construct } from "constructs";
import type { AdoptedRoleProps } from "../model/adoption";
import { LAMBDA_TRUST, type RolePolicyInput, rolePolicy } from "../model/policies";
import { literal, toJson } from "../model/terraform-text";
import { ImportBlock } from "./imports";
import { writeToken } from "./unresolved-text";

export interface FunctionRoleProps extends RolePolicyInput {
  readonly name: string;
  readonly permissionsBoundaryArn?: string;
  readonly tags?: Record<string, string>;
  /** An existing role to take over, of the same name. */
  readonly adopt?: AdoptedRoleProps;
}

/** The role of both functions, with the least that their targets need. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;
  /** Its ARN, put together rather than read, so that a plan shows policies before the role is made. */
  readonly knownArn: string;

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    this.knownArn = `${props.arnPrefix("iam", "")}:role${props.adopt?.path ?? "/"}${props.name}`;
    this.role = new IamRole(this, "Resource", {
      name: props.name,
      ...(props.adopt?.path === undefined ? {} : { path: props.adopt.path }),
      ...(props.adopt?.description === undefined ? {} : { description: literal(props.adopt.description) }),
      assumeRolePolicy: JSON.stringify(LAMBDA_TRUST),
      ...(props.permissionsBoundaryArn ? { permissionsBoundary: props.permissionsBoundaryArn } : {}),
      ...(props.tags ? { tags: props.tags } : {}),
    });
    this.policy = new IamRolePolicy(this, "policy", {
      name: "start-stop",
      role: this.role.name,
      policy: toJson(rolePolicy(props), writeToken),
    });
    if (props.adopt) this.#takeOver(props.adopt);
  }

  /** The managed policies that the role was given by hand lose their hold; they themselves are left as they are. */
  #takeOver({ name, keepPolicyArns }: AdoptedRoleProps): void {
    new ImportBlock(this.role, name);
    new IamRolePolicyAttachmentsExclusive(this, "attachments", {
      roleName: this.role.name,
      policyArns: [...(keepPolicyArns ?? [])],
      // The functions never run without either policy.
      dependsOn: [this.policy],
    });
  }
}
