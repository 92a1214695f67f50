import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, addSinceOption, EVENT_HISTORY_DAYS } from "../../options";
import type { HistoryOptions } from "./run";

/** Adds `history`: who started and stopped the instances. */
export function addHistoryCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("history")
    .description(
      `Show who started, stopped and terminated the instances of the targets: a schedule, a person or AWS itself. From CloudTrail's event history, which goes back ${EVENT_HISTORY_DAYS} days.`,
    );
  addSinceOption(command, "7d", `at most ${EVENT_HISTORY_DAYS} days`).option(
    "--instance <id>",
    "one instance only, with its launch and restarts; it need not be in a target",
  );
  addOperatingOptions(command, PERMISSIONS.history, [
    ["history --since 12h", "Who started or stopped anything since last night?"],
    ["history --instance i-0123456789abcdef0", "What happened to one instance in the last week?"],
  ]).action(async (options: HistoryOptions) => {
    // Loaded for this command only.
    const { runHistory } = await import("./run");
    await runHistory(options, context);
  });
}
