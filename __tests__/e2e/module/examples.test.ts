import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { PROJECT } from "../../support/moto/paths";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import { plannedResources } from "../../support/terraform/planned-resources";
import { makeTerraformRoot } from "./terraform-root";

/** How many resources of which type each example makes. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  minimal: {
    aws_cloudwatch_log_group: 1,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_lambda_function: 1,
    aws_lambda_function_event_invoke_config: 1,
    aws_scheduler_schedule: 1,
    aws_scheduler_schedule_group: 1,
  },
  "office-hours": {
    aws_cloudwatch_log_group: 2,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_lambda_function: 2,
    aws_lambda_function_event_invoke_config: 2,
    aws_scheduler_schedule: 2,
    aws_scheduler_schedule_group: 1,
  },
  "tags-two-regions": {
    aws_cloudwatch_log_group: 2,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_lambda_function: 2,
    aws_lambda_function_event_invoke_config: 2,
    aws_scheduler_schedule: 2,
    aws_scheduler_schedule_group: 1,
  },
  "config-file": {
    aws_cloudwatch_log_group: 2,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_lambda_function: 2,
    aws_lambda_function_event_invoke_config: 2,
    aws_scheduler_schedule: 3,
    aws_scheduler_schedule_group: 1,
  },
  // The roles are the example's own.
  "bring-your-own-role": {
    aws_cloudwatch_log_group: 1,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_lambda_function: 1,
    aws_lambda_function_event_invoke_config: 1,
    aws_scheduler_schedule: 1,
    aws_scheduler_schedule_group: 1,
  },
  complete: {
    aws_cloudwatch_log_group: 2,
    // Failed for each action, missed for each enabled schedule and the watch, dead letters.
    aws_cloudwatch_metric_alarm: 10,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_kms_key: 1,
    aws_lambda_function: 2,
    aws_lambda_function_event_invoke_config: 2,
    // Four of the windows, two warnings, three single ones, the watch.
    aws_scheduler_schedule: 10,
    aws_scheduler_schedule_group: 2,
    aws_sns_topic: 1,
    aws_sns_topic_policy: 1,
    aws_sns_topic_subscription: 1,
    aws_sqs_queue: 1,
  },
  alerts: {
    aws_cloudwatch_log_group: 2,
    // Failed for each action, missed for each schedule and the watch, dead letters.
    aws_cloudwatch_metric_alarm: 6,
    aws_iam_role: 2,
    aws_iam_role_policy: 2,
    aws_kms_key: 1,
    aws_lambda_function: 2,
    aws_lambda_function_event_invoke_config: 2,
    aws_scheduler_schedule: 3,
    aws_scheduler_schedule_group: 1,
    aws_sns_topic: 1,
    aws_sns_topic_policy: 1,
    aws_sns_topic_subscription: 1,
    aws_sqs_queue: 1,
  },
};

const EXAMPLES = readdirSync(join(PROJECT, "module/examples"));

describeEndToEnd("the module's examples", {}, (tools) => {
  jest.setTimeout(120_000);
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
  });
  afterAll(() => simulator?.stop());

  it("are all expected here", () => {
    expect(EXAMPLES.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(EXAMPLES)("%s: plans what its README says, with nothing to format", async (example) => {
    const root = await makeTerraformRoot(tools, { at: `examples/${example}`, endpoint: simulator.endpoint });
    await root.init();
    const counts: Record<string, number> = {};
    for (const { type } of plannedResources(await root.plan())) counts[type] = (counts[type] ?? 0) + 1;
    expect(counts).toEqual(EXPECTED[example]);
    expect((await root.run("fmt", "-check", "-recursive", root.module)).output).toBe("");
  });
});
