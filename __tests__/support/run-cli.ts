import { spawn } from "node:child_process";
import { join } from "node:path";

export const CLI = join(__dirname, "../../dist/cli.js");

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built CLI as a user runs it, without any AWS settings of the caller's own. */
export function runCli(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<CliRun> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("AWS_") && name !== "EC2_START_STOP_CONFIG" && name !== "HOME",
  );
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    // No home: the tests must not read the developer's shared AWS files.
    env: {
      ...Object.fromEntries(inherited),
      HOME: __dirname,
      AWS_EC2_METADATA_DISABLED: "true",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
