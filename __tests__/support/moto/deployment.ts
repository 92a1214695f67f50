import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { Aws } from "./aws";
import { type DeployedFunction, functionFor, readFunctions, roleCredentials } from "./deployed-function";
import { type DeployedTrigger, readTriggers } from "./deployed-trigger";
import { type LambdaRuntime, startLambdaRuntime } from "./lambda-runtime";

/** What a deployment made, read back from AWS, with the functions running in child processes. */
export interface Deployment {
  readonly stop: RunningFunction;
  readonly start: RunningFunction;
  /** Of the schedules. */
  readonly triggers: readonly DeployedTrigger[];
  /** That of the watch for missed firings, if there is one. */
  readonly watch: DeployedTrigger | undefined;
  /** End of the functions' processes. */
  close(): Promise<void>;
}

export interface RunningFunction extends LambdaRuntime {
  readonly deployed: DeployedFunction;
  readonly triggers: readonly DeployedTrigger[];
}

/** Base64 of the SHA-256, as Lambda's CodeSha256. */
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

/** Unpacks the zip that the functions were deployed from. */
export async function unpack(zip: string, folder: string): Promise<void> {
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(zip)))) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** Reads the deployment back and starts its functions from an unpacked bundle, with their role's credentials. */
export async function readDeployment(aws: Aws, bundle: string): Promise<Deployment> {
  const functions = await readFunctions(aws);
  const all = await readTriggers(aws);
  const isWatch = ({ name }: DeployedTrigger) => /^(?:.+\.)?watch$/.test(name);
  const triggers = all.filter((trigger) => !isWatch(trigger));
  const run = async (action: "stop" | "start"): Promise<RunningFunction> => {
    const deployed = functionFor(functions, action);
    const credentials = await roleCredentials(aws, deployed);
    const runtime = await startLambdaRuntime({ deployed, bundle, endpoint: aws.endpoint, credentials });
    const own = triggers.filter(({ functionArn }) => functionArn === deployed.arn);
    return { ...runtime, deployed, triggers: own };
  };
  const stop = await run("stop");
  const start = await run("start");
  return {
    stop,
    start,
    triggers,
    watch: all.find(isWatch),
    close: async () => {
      await Promise.all([stop.stop(), start.stop()]);
    },
  };
}
