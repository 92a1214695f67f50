import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { awsVariables, OPERATOR } from "./aws";
import { runCommand } from "./command";
import { log } from "./log";
import { CDKTF_CLI, PROJECT } from "./paths";
import { pluginCacheVariables, type Tools } from "./tools";

/** The shipped app with a config file of its own, in a temporary folder that also holds its Terraform state. */
export interface Stack {
  /** Everything it writes is in here. */
  readonly folder: string;
  readonly configFile: string;
  /** The environment in which its programs run. */
  readonly environment: NodeJS.ProcessEnv;
  /** Synthesizes and initializes, so that it can be planned before it is deployed. */
  init(): Promise<void>;
  deploy(): Promise<void>;
  /** The zip that Terraform made or was given, next to the synthesized stack. */
  archive(): Promise<string>;
  /** The saved plan as `terraform show -json` gives it. */
  plan(): Promise<unknown>;
  /** Applies the plan that was saved last, without cdktf. */
  apply(): Promise<void>;
  destroy(): Promise<void>;
  /** Addresses of the resources in the state. */
  resources(): Promise<readonly string[]>;
}

/** Nothing of the caller's own AWS settings may leak into a test. */
const withoutAwsVariables = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("AWS_")));

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

const UNATTENDED = ["--auto-approve", "--skip-provider-lock"];

export async function makeStack(tools: Tools, endpoint: string, config: unknown): Promise<Stack> {
  const folder = await mkdtemp(join(tools.folder, "stack-"));
  const outdir = join(folder, "cdktf.out");
  const configFile = join(folder, "ec2-start-stop.yaml");
  await writeFile(configFile, stringify(config));
  const env = {
    ...withoutAwsVariables(process.env),
    ...awsVariables(endpoint, OPERATOR),
    ...pluginCacheVariables(tools.pluginCache),
    EC2_START_STOP_CONFIG: configFile,
  };
  const cdktf = (command: string) =>
    timed(`cdktf ${command}`, () =>
      runCommand(
        process.execPath,
        [CDKTF_CLI, command, ...(command === "synth" ? [] : UNATTENDED), "--output", outdir],
        { cwd: PROJECT, env },
      ),
    );
  const terraform = async (...args: readonly string[]) => {
    const [stack, ...others] = await readdir(join(outdir, "stacks"));
    if (stack === undefined || others.length > 0) throw new Error(`Expected one stack in ${outdir}`);
    return (await runCommand("terraform", args, { cwd: join(outdir, "stacks", stack), env })).stdout;
  };
  await mkdir(outdir, { recursive: true });
  return {
    folder,
    configFile,
    environment: env,
    init: async () => {
      await cdktf("synth");
      await timed("terraform init", () => terraform("init", "-input=false"));
    },
    archive: async () => {
      const paths = await readdir(outdir, { recursive: true });
      const [zip, ...others] = paths.filter((path) => path.endsWith(".zip"));
      if (zip === undefined || others.length > 0) throw new Error(`Expected one zip in ${outdir}`);
      return join(outdir, zip);
    },
    deploy: async () => void (await cdktf("deploy")),
    plan: async () => {
      const planFile = join(folder, "plan");
      await timed("terraform plan", () => terraform("plan", "-input=false", `-out=${planFile}`));
      return JSON.parse(await terraform("show", "-json", planFile));
    },
    apply: async () =>
      void (await timed("terraform apply", () => terraform("apply", "-input=false", join(folder, "plan")))),
    destroy: async () => void (await cdktf("destroy")),
    resources: async () => (await terraform("state", "list")).split("\n").filter((line) => line !== ""),
  };
}
