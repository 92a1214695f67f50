import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Aws } from "../../../support/moto/aws";
import { removeAction } from "../../../support/moto/role-policy";
import { ACCOUNT, deploys, type Fault } from "./fault";

const ROLE = "e2e-functions-ap-northeast-2";

/** The ARN of a managed policy that allows these actions. */
async function makePolicy(aws: Aws, PolicyName: string, Action: readonly string[]): Promise<string> {
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource: "*" }],
  });
  const { Policy } = await aws.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
  return Policy?.Arn ?? "";
}

export const roleFaults: readonly Fault[] = [
  {
    what: "a policy without an action",
    breakIt: ({ aws }) => removeAction(aws, `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, "ec2:StopInstances"),
    told: {
      [`Role ${ROLE}: policy`]: { result: "wrong", fix: deploys },
      [`Role ${ROLE}: permissions`]: {
        result: "wrong",
        text: "IAM would refuse some of what it is for",
        fix: deploys,
      },
    },
  },
  {
    what: "a role that Lambda may not take on",
    breakIt: async ({ aws }) => {
      const trust = (Service: string) =>
        aws.iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName: ROLE,
            PolicyDocument: JSON.stringify({
              Version: "2012-10-17",
              Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
            }),
          }),
        );
      await trust("ec2.amazonaws.com");
      return () => trust("lambda.amazonaws.com");
    },
    told: { [`Role ${ROLE}: trust`]: { result: "wrong", fix: deploys } },
  },
  {
    what: "a boundary that takes from the role",
    breakIt: async ({ aws }) => {
      const actions = ["logs:*", "sqs:*", "ec2:Describe*", "ec2:StopInstances"];
      const PermissionsBoundary = await makePolicy(aws, "tight", actions);
      await aws.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: ROLE, PermissionsBoundary }));
      return () => aws.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: ROLE }));
    },
    told: {
      [`Role ${ROLE}: boundary`]: { result: "wrong", fix: deploys },
      [`Role ${ROLE}: permissions`]: {
        result: "wrong",
        fix: `let the permissions boundary arn:aws:iam::${ACCOUNT}:policy/tight allow it`,
      },
    },
  },
  {
    what: "a further policy",
    breakIt: async ({ aws }) => {
      const PolicyArn = await makePolicy(aws, "further", ["s3:ListBucket"]);
      await aws.iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn }));
      return () => aws.iam.send(new DetachRolePolicyCommand({ RoleName: ROLE, PolicyArn }));
    },
    told: {
      [`Role ${ROLE}: other policies`]: {
        result: "note",
        text: `it also holds arn:aws:iam::${ACCOUNT}:policy/further, which this config does not need`,
        fix: null,
      },
    },
  },
];
