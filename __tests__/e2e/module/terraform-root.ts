import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { awsVariables, OPERATOR } from "../../support/moto/aws";
import { type CommandResult, runCommand, tryCommand } from "../../support/moto/command";
import { log } from "../../support/moto/log";
import { PROJECT } from "../../support/moto/paths";
import { pluginCacheVariables, type Tools } from "../../support/moto/tools";

/** A folder of Terraform files, somewhere under a copy of the module, so that nothing is written into the project. */
export interface TerraformRoot {
  /** Where Terraform runs. */
  readonly folder: string;
  /** The copy of the module. */
  readonly module: string;
  /** Writes the folder's configuration, in place of the one before. */
  write(configuration: object): Promise<void>;
  init(): Promise<void>;
  /** The saved plan as `terraform show -json` gives it. */
  plan(): Promise<unknown>;
  /** Applies the plan that was saved last, where there is one. */
  apply(): Promise<void>;
  destroy(): Promise<void>;
  /** Addresses of the resources in the state. */
  resources(): Promise<readonly string[]>;
  /** Any other command, whatever its exit code. */
  run(...args: readonly string[]): Promise<CommandResult>;
}

export interface TerraformRootOptions {
  /** Folder to run in, relative to the module's copy; made if it is not there. */
  readonly at: string;
  /** Of the simulator. */
  readonly endpoint?: string;
  /** Values of the folder's own variables. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** @default "terraform" */
  readonly program?: string;
  /** Environment variables in addition to the others. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Nothing of the caller's own AWS settings may leak into a test. */
const withoutAwsVariables = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("AWS_")));

const variableEnvironment = (variables: Readonly<Record<string, unknown>>): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      `TF_VAR_${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

export async function makeTerraformRoot(tools: Tools, options: TerraformRootOptions): Promise<TerraformRoot> {
  const top = await mkdtemp(join(tools.folder, "module-"));
  const module = join(top, "module");
  await cp(join(PROJECT, "module"), module, {
    recursive: true,
    filter: (path) => !/[\\/]\.terraform/.test(path),
  });
  const folder = join(module, options.at);
  await mkdir(folder, { recursive: true });
  const env = {
    ...withoutAwsVariables(process.env),
    ...awsVariables(options.endpoint ?? "http://127.0.0.1:9", OPERATOR),
    ...pluginCacheVariables(tools.pluginCache),
    ...variableEnvironment(options.variables ?? {}),
    ...options.environment,
  };
  const { program = "terraform" } = options;
  const planFile = join(top, "plan");
  const terraform = async (...args: readonly string[]) => {
    const start = performance.now();
    const { stdout } = await runCommand(program, args, { cwd: folder, env });
    log(
      `${program} ${args[0]} in module/${options.at}: ${((performance.now() - start) / 1000).toFixed(1)} s`,
    );
    return stdout;
  };
  return {
    folder,
    module,
    write: (configuration) => writeFile(join(folder, "main.tf.json"), JSON.stringify(configuration)),
    init: async () => void (await terraform("init", "-input=false", "-no-color")),
    apply: async () => {
      const planned = existsSync(planFile) ? [planFile] : [];
      await terraform("apply", "-input=false", "-auto-approve", "-no-color", ...planned);
    },
    plan: async () => {
      await terraform("plan", "-input=false", "-no-color", `-out=${planFile}`);
      return JSON.parse(await terraform("show", "-json", planFile));
    },
    destroy: async () => void (await terraform("destroy", "-input=false", "-auto-approve", "-no-color")),
    resources: async () =>
      (await terraform("state", "list")).split("\n").filter((line) => line !== "" && !/\bdata\./.test(line)),
    run: (...args) => tryCommand(program, args, { cwd: folder, env }),
  };
}
