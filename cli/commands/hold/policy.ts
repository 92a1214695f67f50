import { searchedTags } from "../../../contract/request";
import { AccountArns, type AwsAccount } from "../../../model/arns";
import { joinConditions, tagCondition } from "../../../model/policies";
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
    // Tags written together with the creation of an instance are not allowed.
    Null: { "ec2:CreateAction": ["true"] },
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
      ...targets.flatMap((target, index) => {
        const tags = searchedTags(target);
        if (tags === undefined) return [];
        const sid = `Hold${target.all ? "All" : "Tagged"}Instances${index + 1}`;
        const instances = `${arns.arnPrefix("ec2", target.region)}:instance/*`;
        const condition = joinConditions(onlyHoldTag, tagCondition("aws:ResourceTag", tags));
        return [allow(sid, "ec2:CreateTags", instances, condition)];
      }),
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
