import { ListRulesCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { allCommands } from "../support/documents";
import { type Aws, awsAt } from "../support/moto/aws";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { describeEndToEnd } from "../support/moto/suite";
import { FACES, type Face, type Trigger } from "./faces";

/** The documented commands that make what is new, in a call of the module by the trigger. */
const APPLIES = allCommands("docs/operating.md").filter((command) => command.startsWith("terraform apply"));
const applyWith = (text: string): string => APPLIES.find((command) => command.includes(text)) ?? "false";
const OF_A_STACK = applyWith("cdk.tf.json");
const OF_THE_MODULE: Readonly<Record<Trigger, string>> = {
  scheduler: applyWith("aws_scheduler_schedule.this"),
  "event-rule": applyWith("aws_cloudwatch_event_target.this"),
};

/** Endpoints at which no service answers, so that a new trigger cannot be made. */
const NOWHERE = "http://127.0.0.1:9";
const BROKEN: Readonly<Record<Trigger, NodeJS.ProcessEnv>> = {
  scheduler: { AWS_ENDPOINT_URL_SCHEDULER: NOWHERE, AWS_MAX_ATTEMPTS: "1" },
  "event-rule": { AWS_ENDPOINT_URL_EVENTBRIDGE: NOWHERE, AWS_MAX_ATTEMPTS: "1" },
};

describeEndToEnd("a changed trigger", {}, (tools) => {
  jest.setTimeout(600_000);
  const kinds = [
    ["of the constructs", () => OF_A_STACK],
    ["of the module", (trigger: Trigger) => OF_THE_MODULE[trigger]],
  ] as const;

  describe.each(kinds)("%s", (kind, firstApply) => {
    let simulator: Simulator;
    let aws: Aws;
    let face: Face;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      aws = awsAt(simulator.endpoint);
      face = await FACES[kind](tools, simulator.endpoint);
      await face.write({ trigger: "event-rule" });
      await face.succeed("terraform init");
      await face.succeed("terraform apply");
    });
    afterAll(() => simulator?.stop());

    it.each<[Trigger, Trigger]>([
      ["event-rule", "scheduler"],
      ["scheduler", "event-rule"],
    ])("from %s to %s keeps the old triggers until the new ones work", async (before, after) => {
      expect(await triggersIn(aws)).toEqual({ [before]: 2 });
      await face.write({ trigger: after });

      const { code } = await face.run(firstApply(after), BROKEN[after]);
      expect(code).not.toBe(0);
      expect(await triggersIn(aws)).toMatchObject({ [before]: 2 });

      await face.succeed(firstApply(after));
      expect(await triggersIn(aws)).toEqual({ [before]: 2, [after]: 2 });

      await face.succeed("terraform apply");
      expect(await triggersIn(aws)).toEqual({ [after]: 2 });
    });
  });
});

/** Returns how many triggers of each kind would invoke a function. */
async function triggersIn(aws: Aws): Promise<Partial<Record<Trigger, number>>> {
  const { Rules = [] } = await aws.events.send(new ListRulesCommand({}));
  let working = 0;
  for (const { Name: Rule, State } of Rules) {
    const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule }));
    for (const { Arn: FunctionName } of Targets) {
      const policy = await aws.lambda.send(new GetPolicyCommand({ FunctionName })).catch(() => undefined);
      if (State === "ENABLED" && policy?.Policy?.includes("events.amazonaws.com")) working += 1;
    }
  }
  const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const enabled = Schedules.filter(({ State }) => State === "ENABLED").length;
  return { ...(working && { "event-rule": working }), ...(enabled && { scheduler: enabled }) };
}
