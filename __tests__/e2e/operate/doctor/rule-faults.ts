import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { expect } from "@jest/globals";
import { type Aws, REGION } from "../../../support/moto/aws";
import { deploys, type Fault, STOP } from "./fault";

const STOP_RULE = "e2e.id-stop";

async function targetOf(aws: Aws): Promise<Target> {
  const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: STOP_RULE }));
  if (Targets[0] === undefined) throw new Error(`Expected a target of ${STOP_RULE}`);
  return Targets[0];
}

function putTarget(aws: Aws, changed: Target) {
  return aws.events.send(new PutTargetsCommand({ Rule: STOP_RULE, Targets: [changed] }));
}

export const ruleFaults: readonly Fault[] = [
  {
    what: "a disabled rule",
    breakIt: async ({ aws }) => {
      await aws.events.send(new DisableRuleCommand({ Name: STOP_RULE }));
      return () => aws.events.send(new EnableRuleCommand({ Name: STOP_RULE }));
    },
    told: {
      [`Rules: ${STOP_RULE}`]: {
        result: "wrong",
        differences: [{ name: "state", got: "DISABLED", expected: "ENABLED" }],
        fix: `aws events enable-rule --name ${STOP_RULE} --region ${REGION}`,
      },
    },
  },
  {
    what: "another expression",
    breakIt: async ({ aws }) => {
      const { ScheduleExpression } = await aws.events.send(new DescribeRuleCommand({ Name: STOP_RULE }));
      await aws.events.send(new PutRuleCommand({ Name: STOP_RULE, ScheduleExpression: "rate(1 day)" }));
      return () => aws.events.send(new PutRuleCommand({ Name: STOP_RULE, ScheduleExpression }));
    },
    told: {
      [`Rules: ${STOP_RULE}`]: {
        result: "wrong",
        differences: [{ name: "expression", got: "rate(1 day)", expected: "cron(0 11 ? * MON-FRI *)" }],
        fix: deploys,
      },
    },
  },
  {
    what: "an input that lacks an instance",
    breakIt: async ({ aws, fleet }) => {
      const before = await targetOf(aws);
      const { InputTransformer } = before;
      const InputTemplate = InputTransformer?.InputTemplate?.replace(`"${fleet.byId[0]}",`, "");
      await putTarget(aws, { ...before, InputTransformer: { ...InputTransformer, InputTemplate } });
      return () => putTarget(aws, before);
    },
    told: {
      [`Rules: ${STOP_RULE}`]: {
        result: "wrong",
        differences: [
          {
            name: "input.targets[0].instanceIds",
            got: "nothing",
            expected: expect.stringMatching(/^i-\w+$/),
          },
        ],
        fix: deploys,
      },
    },
  },
  {
    what: "a removed target",
    breakIt: async ({ aws }) => {
      const before = await targetOf(aws);
      await aws.events.send(new RemoveTargetsCommand({ Rule: STOP_RULE, Ids: [before.Id ?? ""] }));
      return () => putTarget(aws, before);
    },
    told: {
      [`Rules: ${STOP_RULE}`]: {
        result: "wrong",
        differences: [{ name: "target", got: "nothing", expected: STOP }],
        fix: deploys,
      },
    },
  },
  {
    what: "a rule of an earlier config, but none of a neighbour whose name begins alike",
    breakIt: async ({ aws }) => {
      const { Arn } = await targetOf(aws);
      const put = async (Rule: string, Target: Target) => {
        await aws.events.send(new PutRuleCommand({ Name: Rule, ScheduleExpression: "rate(1 day)" }));
        await aws.events.send(new PutTargetsCommand({ Rule, Targets: [Target] }));
      };
      await put("e2e.old", { Id: "function", Arn });
      await put("e2e-2.stop", { Id: "function", Arn: `${Arn}-of-another` });
      return async () => {
        await aws.events.send(new RemoveTargetsCommand({ Rule: "e2e.old", Ids: ["function"] }));
        await aws.events.send(new DeleteRuleCommand({ Name: "e2e.old" }));
      };
    },
    told: {
      "Rules: leftovers": {
        result: "wrong",
        text: "e2e.old: not in the config",
        fix: `aws events remove-targets --rule e2e.old --ids function --region ${REGION} && aws events delete-rule --name e2e.old --region ${REGION}`,
      },
    },
  },
];
