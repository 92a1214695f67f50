import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunInstancesCommand, StopInstancesCommand, type Tag } from "@aws-sdk/client-ec2";
import { stringify } from "yaml";
import { type Config, readConfig } from "../../../config";
import { type AwsCall, type AwsServer, type Route, startAwsServer } from "../aws-server/aws-server";
import { type LambdaRoute, lambdaRoute } from "../aws-server/lambda-route";
import { rememberingRoute } from "../aws-server/remembering-route";
import { simulateRoute } from "../aws-server/simulate-route";
import { type Aws, awsAt, awsVariables, OPERATOR, REGION } from "../moto/aws";
import { startSimulator } from "../moto/simulator";
import type { Tools } from "../moto/tools";
import { type CliRun, runCli } from "../run-cli";
import { deploy } from "./deploy";

/** The access key with which the CLI asks: its calls can be told from those of the functions. */
export const COMMAND_KEY = "AKIDOFTHECOMMAND";

/** Whether a deployed function makes a call, and not the CLI. */
export function isOfFunction({ headers }: AwsCall): boolean {
  return headers["authorization"]?.includes(COMMAND_KEY) !== true;
}

const PROGRESS = /^.* \.\.\.\n/gm;

/** A deployment in a simulator of its own, to operate on: with functions that run when they are invoked. */
export interface Deployed {
  /** Clients of the simulator, behind the routes: what they do is none of the commands' calls. */
  readonly aws: Aws;
  /** The AWS of the commands and of the functions: the routes, Lambda's Invoke, and the simulator. */
  readonly server: AwsServer;
  readonly lambda: LambdaRoute;
  readonly config: Config;
  readonly configFile: string;
  /** Temporary; the config file is in it. */
  readonly folder: string;
  /** The environment in which the CLI asks this AWS about this config. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs the built CLI there; without the lines that say what is under way, which only a busy machine brings. */
  cli(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<CliRun>;
  close(): Promise<void>;
}

export interface DeployedOptions {
  /** Makes the instances, and says what is deployed for them: the content of the config file. */
  readonly config: (aws: Aws) => Promise<unknown>;
  /** Before Lambda's Invoke and the simulator; they may change while the test runs. */
  readonly routes?: readonly Route[];
  /** Folder of what a function runs, by its name; the bundle as built unless given. */
  readonly bundle?: (functionName: string) => string;
  /** The functions' clock; the machine's unless given. */
  readonly now?: () => Date;
  /** The config is written, and nothing is deployed. */
  readonly onlyConfig?: boolean;
}

export async function operateOn(
  { python }: Pick<Tools, "python">,
  options: DeployedOptions,
): Promise<Deployed> {
  const simulator = await startSimulator(python);
  const folder = await mkdtemp(join(tmpdir(), "operate-"));
  const closing = [() => simulator.stop(), () => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const each of [...closing].reverse()) await each();
  };
  try {
    const aws = awsAt(simulator.endpoint);
    const configFile = join(folder, "ec2-start-stop.yaml");
    await writeFile(configFile, stringify(await options.config(aws)));
    const config = await readConfig(configFile, { now: options.now?.() ?? new Date() });
    const lambda = lambdaRoute({
      upstream: simulator.endpoint,
      endpoint: () => server.endpoint,
      ...(options.bundle ? { bundle: options.bundle } : {}),
      ...(options.now ? { now: options.now } : {}),
    });
    const whatMotoLacks = [rememberingRoute(simulator.endpoint), simulateRoute(simulator.endpoint)];
    const routes = [...(options.routes ?? []), lambda.route, ...whatMotoLacks];
    const server = await startAwsServer(routes, simulator.endpoint);
    closing.push(
      () => server.close(),
      () => lambda.close(),
    );
    if (!options.onlyConfig) await deploy(awsAt(server.endpoint), config);
    const environment = {
      ...awsVariables(server.endpoint, { ...OPERATOR, accessKeyId: COMMAND_KEY }),
      EC2_START_STOP_CONFIG: configFile,
    };
    const cli = async (args: readonly string[], more: NodeJS.ProcessEnv = {}) => {
      const run = await runCli(args, { ...environment, ...more });
      return { ...run, stderr: run.stderr.replaceAll(PROGRESS, "") };
    };
    return { aws, server, lambda, config, configFile, folder, environment, cli, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Instances to launch. */
export interface Launch {
  /** @default 1 */
  readonly count?: number;
  /** @default the functions' region */
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** @default "running" */
  readonly state?: "running" | "stopped";
}

/** Their ids. */
export async function launch(
  aws: Aws,
  { count = 1, region = REGION, tags = {}, state = "running" }: Launch = {},
): Promise<string[]> {
  const client = aws.ec2[region];
  if (client === undefined) throw new Error(`No client for ${region}`);
  const Tags: Tag[] = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { Instances = [] } = await client.send(
    new RunInstancesCommand({
      ImageId: "ami-12345678",
      InstanceType: "t3.micro",
      MinCount: count,
      MaxCount: count,
      ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: "instance" as const, Tags }] }),
    }),
  );
  const ids = Instances.map(({ InstanceId = "" }) => InstanceId);
  if (state === "stopped") await client.send(new StopInstancesCommand({ InstanceIds: ids }));
  return ids;
}
