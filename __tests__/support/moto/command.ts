import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment: nothing is inherited. */
  readonly env?: NodeJS.ProcessEnv;
  /** @default 10 minutes */
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** Runs a program to its end, whatever its exit code. */
export function tryCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      signal: AbortSignal.timeout((options.timeoutSeconds ?? 600) * 1000),
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, output }));
  });
}

/** Runs a program that must succeed; the error holds its whole output. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await tryCommand(program, args, options);
  if (result.code !== 0) {
    throw new Error(
      `${program} ${args.join(" ")} ended with ${result.code}:\n${stripVTControlCharacters(result.output)}`,
    );
  }
  return result;
}
