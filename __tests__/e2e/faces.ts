import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Ec2StartStop } from "../../constructs";
import { awsVariables, OPERATOR, REGION } from "../support/moto/aws";
import { type CommandResult, tryCommand } from "../support/moto/command";
import { pluginCacheVariables, type Tools } from "../support/moto/tools";
import { PAIR } from "../support/props";
import { makeTerraformRoot } from "./module/terraform-root";

export type Trigger = "event-rule" | "scheduler";

/** What a test changes of a deployment with one stop and one start. */
export interface FaceSettings {
  readonly trigger: Trigger;
  /** @default "dev" */
  readonly name?: string;
  readonly stopName?: string;
  readonly rolePath?: string;
  /** @default none */
  readonly email?: string;
  readonly keepLogGroups?: true;
}

/** A folder of Terraform files that deploys the same, made by the constructs or calling the module. */
export interface Face {
  readonly folder: string;
  write(settings: FaceSettings): Promise<void>;
  /** Runs a command in the folder, whatever its exit code. */
  run(command: string, more?: NodeJS.ProcessEnv): Promise<CommandResult>;
  succeed(command: string): Promise<CommandResult>;
}

type MakeFace = (tools: Tools, endpoint: string) => Promise<Face>;

async function makeStackFace(tools: Tools, endpoint: string): Promise<Face> {
  const { folder: module } = await makeTerraformRoot(tools, { at: "." });
  const outdir = join(module, "..", "cdktf.out");
  return {
    ...commandsIn(join(outdir, "stacks", "stack"), tools, endpoint),
    write: async ({ trigger, name = "dev", stopName, rolePath, email, keepLogGroups }) => {
      const app = new App({ outdir });
      const stack = new TerraformStack(app, "stack");
      new LocalBackend(stack, { path: "terraform.tfstate" });
      new AwsProvider(stack, "aws", { region: REGION });
      new Ec2StartStop(stack, "OfficeHours", {
        ...PAIR,
        trigger,
        name,
        functions: { ...(stopName && { stopName }), ...(keepLogGroups && { keepLogGroups }) },
        ...(rolePath && { rolePath }),
        ...(email && { alerts: { email } }),
      });
      app.synth();
    },
  };
}

async function makeModuleFace(tools: Tools, endpoint: string): Promise<Face> {
  const { folder: module } = await makeTerraformRoot(tools, { at: "." });
  const folder = join(module, "..", "root");
  await mkdir(folder);
  const schedules = Object.fromEntries(
    (["stop", "start"] as const).map((action) => [
      action,
      { action, expression: "rate(1 day)", targets: "dev" },
    ]),
  );
  return {
    ...commandsIn(folder, tools, endpoint),
    write: async ({ trigger, name = "dev", stopName, rolePath, email, keepLogGroups }) => {
      const call = {
        source: "../module",
        ...{ name, trigger, targets: { dev: { instance_ids: ["i-0123456789abcdef0"] } }, schedules },
        functions: {
          ...(stopName && { stop_name: stopName }),
          ...(keepLogGroups && { keep_log_groups: true }),
        },
        ...(rolePath && { role_path: rolePath }),
        ...(email && { alerts: { email } }),
      };
      const files = { provider: { aws: { region: REGION } }, module: { office_hours: call } };
      await writeFile(join(folder, "main.tf.json"), JSON.stringify(files));
    },
  };
}

export const FACES: Readonly<Record<"of the constructs" | "of the module", MakeFace>> = {
  "of the constructs": makeStackFace,
  "of the module": makeModuleFace,
};

function commandsIn(folder: string, tools: Tools, endpoint: string): Omit<Face, "write"> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const env = {
    ...Object.fromEntries(inherited),
    ...awsVariables(endpoint, OPERATOR),
    ...pluginCacheVariables(tools.pluginCache),
    TF_CLI_ARGS_init: "-input=false",
    TF_CLI_ARGS_plan: "-input=false -no-color",
    TF_CLI_ARGS_apply: "-input=false -auto-approve -no-color",
  };
  const run = (command: string, more: NodeJS.ProcessEnv = {}) =>
    tryCommand("bash", ["-c", command], { cwd: folder, env: { ...env, ...more } });
  return {
    folder,
    run,
    succeed: async (command) => {
      const result = await run(command);
      if (result.code !== 0) throw new Error(result.output);
      return result;
    },
  };
}
