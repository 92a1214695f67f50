import { type Command, InvalidArgumentError } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandEnvironment } from "../../context";
import { addOperatingOptions } from "../../options";
import type { StatusOptions } from "./run";

const MIN_INTERVAL_SECONDS = 2;
const MAX_INTERVAL_SECONDS = 3600;

/** Adds `status`: whether the instances are as the schedules want them. */
export function addStatusCommand(program: Command, environment: CommandEnvironment): void {
  const command = program
    .command("status")
    .description(
      "Show the instances of the targets: state, since when, what it should be now, the last run and the next firing. Exit code 1 when one is not as it should be.",
    )
    .option("--target <name>", "this target only; may be repeated", collect)
    .option("--all", "every instance of large targets, not only those to tell of")
    .option("--watch", "look again and again, until Ctrl-C; the exit code is that of the last look")
    .option(
      "--interval <seconds>",
      "with --watch: seconds between two looks, from 2 on (default: 10)",
      seconds,
    );
  addOperatingOptions(command, PERMISSIONS.status).action(async (options: StatusOptions) => {
    // They are loaded for this command only.
    const [{ runStatus }, { openFleet }, { openRunReader }] = await Promise.all([
      import("./run"),
      import("../../aws/ec2"),
      import("../../runs/follow"),
    ]);
    await runStatus(options, environment, ({ aws }) => ({
      fleet: openFleet(aws),
      runs: openRunReader(aws, environment.clock),
    }));
  });
}

function collect(name: string, names: readonly string[] = []): string[] {
  return [...names, name];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < MIN_INTERVAL_SECONDS || value > MAX_INTERVAL_SECONDS) {
    throw new InvalidArgumentError(
      `Expected a whole number of seconds from ${MIN_INTERVAL_SECONDS} to ${MAX_INTERVAL_SECONDS}.`,
    );
  }
  return value;
}
