import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { toJson } from "./json";
import { type RolePolicyInput, rolePolicy } from "./role-policy";
import { writeToken } from "./token-writer";

export interface FunctionRoleProps extends RolePolicyInput {
  readonly name: string;
  readonly permissionsBoundaryArn?: string;
  readonly tags?: Record<string, string>;
}

/** The role of both functions, with the least that their targets need. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, "Resource", {
      name: props.name,
      assumeRolePolicy: JSON.stringify(LAMBDA_TRUST),
      ...(props.permissionsBoundaryArn ? { permissionsBoundary: props.permissionsBoundaryArn } : {}),
      ...(props.tags ? { tags: props.tags } : {}),
    });
    this.policy = new IamRolePolicy(this, "policy", {
      name: "start-stop",
      role: this.role.name,
      policy: toJson(rolePolicy(props), writeToken),
    });
  }
}

const LAMBDA_TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
