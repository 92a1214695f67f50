import { AccountArns, type AwsAccount } from "../../../model/arns";
import { requestTargets } from "../../../model/requests";
import type { Deployment } from "../../deployment/deployment";
import { holdTagOf } from "./select";

/** The IAM policy for those who use these commands: the hold tag of the deployed targets, and its functions. */
export function developerPolicy({ config, names, actions }: Deployment, account: AwsAccount) {
  const arns = new AccountArns(account);
  const targets = requestTargets(config, Object.keys(config.targets), "stop");
  const ids = targets.flatMap(({ region, instanceIds = [] }) => arns.instanceArns(region, instanceIds));
  const onlyHoldTag = {
    "ForAllValues:StringEquals": { "aws:TagKeys": [holdTagOf({ config })] },
    // Else the tag could be written with the creation of instances.
    Null: { "ec2:CreateAction": "true" },
  };
  const allow = (
    Sid: string,
    Action: string | string[],
    Resource: string | string[],
    Condition?: object,
  ) => ({
    ...{ Sid, Effect: "Allow", Action, Resource },
    ...(Condition === undefined ? {} : { Condition }),
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("DescribeInstances", "ec2:DescribeInstances", "*"),
      ...(ids.length === 0 ? [] : [allow("HoldInstances", "ec2:CreateTags", [...new Set(ids)], onlyHoldTag)]),
      ...targets.flatMap(({ region, tags }, index) =>
        tags === undefined
          ? []
          : [
              allow(
                `HoldTaggedInstances${index + 1}`,
                "ec2:CreateTags",
                `${arns.arnPrefix("ec2", region)}:instance/*`,
                {
                  ...onlyHoldTag,
                  StringEquals: Object.fromEntries(
                    Object.entries(tags).map(([key, values]) => [`aws:ResourceTag/${key}`, values]),
                  ),
                },
              ),
            ],
      ),
      allow(
        "AskFunctions",
        ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
        actions.map(
          (action) => `${arns.arnPrefix("lambda", config.region)}:function:${names.functions[action]}`,
        ),
      ),
    ],
  };
}
