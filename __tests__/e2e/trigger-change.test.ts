import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ListRulesCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Ec2StartStop } from "../../constructs";
import { allCommands } from "../support/documents";
import { type Aws, awsAt, awsVariables, OPERATOR, REGION } from "../support/moto/aws";
import { type CommandResult, tryCommand } from "../support/moto/command";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { describeEndToEnd } from "../support/moto/suite";
import { pluginCacheVariables, type Tools } from "../support/moto/tools";
import { PAIR } from "../support/props";
import { makeTerraformRoot } from "./module/terraform-root";

type Trigger = "event-rule" | "scheduler";

/** A folder of Terraform files with one of the triggers. */
interface Root {
  readonly folder: string;
  write(trigger: Trigger): Promise<void>;
}

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
    ["of the constructs", makeStackRoot, () => OF_A_STACK],
    ["of the module", makeModuleRoot, (trigger: Trigger) => OF_THE_MODULE[trigger]],
  ] as const;

  describe.each(kinds)("%s", (_, makeRoot, firstApply) => {
    let simulator: Simulator;
    let aws: Aws;
    let root: Root;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      aws = awsAt(simulator.endpoint);
      root = await makeRoot(tools);
      await root.write("event-rule");
      await succeed("terraform init");
      await succeed("terraform apply");
    });
    afterAll(() => simulator?.stop());

    const run = (command: string, more: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
      tryCommand("bash", ["-c", command], {
        cwd: root.folder,
        env: { ...environment(tools, simulator.endpoint), ...more },
      });
    async function succeed(command: string): Promise<void> {
      const { code, output } = await run(command);
      if (code !== 0) throw new Error(output);
    }

    it.each<[Trigger, Trigger]>([
      ["event-rule", "scheduler"],
      ["scheduler", "event-rule"],
    ])("from %s to %s keeps the old triggers until the new ones work", async (before, after) => {
      expect(await triggersIn(aws)).toEqual({ [before]: 2 });
      await root.write(after);

      const { code } = await run(firstApply(after), BROKEN[after]);
      expect(code).not.toBe(0);
      expect(await triggersIn(aws)).toMatchObject({ [before]: 2 });

      await succeed(firstApply(after));
      expect(await triggersIn(aws)).toEqual({ [before]: 2, [after]: 2 });

      await succeed("terraform apply");
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

async function makeStackRoot(tools: Tools): Promise<Root> {
  const { folder: module } = await makeTerraformRoot(tools, { at: "." });
  const outdir = join(module, "..", "cdktf.out");
  return {
    folder: join(outdir, "stacks", "stack"),
    write: async (trigger) => {
      const app = new App({ outdir });
      const stack = new TerraformStack(app, "stack");
      new LocalBackend(stack, { path: "terraform.tfstate" });
      new AwsProvider(stack, "aws", { region: REGION });
      new Ec2StartStop(stack, "OfficeHours", { ...PAIR, trigger });
      app.synth();
    },
  };
}

async function makeModuleRoot(tools: Tools): Promise<Root> {
  const { folder: module } = await makeTerraformRoot(tools, { at: "." });
  const folder = join(module, "..", "root");
  await mkdir(folder);
  const schedules = Object.fromEntries(
    (["stop", "start"] as const).map((action) => [
      action,
      { action, schedule_expression: "rate(1 day)", instance_ids: ["i-0123456789abcdef0"] },
    ]),
  );
  return {
    folder,
    write: async (trigger) => {
      const call = { source: "../module", name: "dev", trigger, schedules };
      const files = { provider: { aws: { region: REGION } }, module: { office_hours: call } };
      await writeFile(join(folder, "main.tf.json"), JSON.stringify(files));
    },
  };
}

function environment(tools: Tools, endpoint: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(inherited),
    ...awsVariables(endpoint, OPERATOR),
    ...pluginCacheVariables(tools.pluginCache),
    TF_CLI_ARGS_init: "-input=false",
    TF_CLI_ARGS_apply: "-input=false -auto-approve -no-color",
  };
}
