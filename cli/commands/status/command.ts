import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, collectValues, WATCH_INTERVAL, wholeNumberParser } from "../../options";
import type { StatusOptions } from "./run";

/** Adds `status`: whether the instances are as the schedules want them. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("status")
    .description(
      "Show each instance of the targets: its state and since when, the expected state, the last run and the next firing. Exit code 1 if one is not as it should be.",
    )
    .option("--target <name>", "this target only; may be repeated", collectValues)
    .option("--all", "list every instance, not only the noteworthy ones")
    .option("--watch", "refresh until Ctrl-C; the exit code is that of the last refresh")
    .option(
      "--interval <seconds>",
      `with --watch: seconds between two refreshes, from ${WATCH_INTERVAL.min} on (default: ${WATCH_INTERVAL.default})`,
      wholeNumberParser(WATCH_INTERVAL.min, WATCH_INTERVAL.max, "seconds"),
    );
  addOperatingOptions(command, PERMISSIONS.status, [
    ["status", "Is every instance as it should be?"],
    ["status --target web --watch", "Watch the instances of one target"],
  ]).action(async (options: StatusOptions) => {
    // Loaded for this command only.
    const { runStatus } = await import("./run");
    await runStatus(options, context);
  });
}
