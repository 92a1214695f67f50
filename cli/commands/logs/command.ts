import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, addSinceOption } from "../../options";
import type { LogsOptions } from "./run";

/** Adds `logs`: the runs of the functions, a line each. */
export function addLogsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("logs")
    .description(
      "Show the runs of the functions, from CloudWatch Logs: when, which schedule, how it ended. Exit code 1 if a run failed.",
    )
    .argument("[schedule]", "name of a schedule in the config; runs without a schedule name are shown as ?");
  addSinceOption(command, "24h")
    .option("--follow", "keep printing runs as they end; with --json, one object per line")
    .option("--failed", "only runs that failed, timed out, crashed or were refused")
    .option("--verbose", "list each run's instances, with reasons");
  addOperatingOptions(command, PERMISSIONS.logs, [
    ["logs --failed --since 7d", "What failed in the last week?"],
    ["logs office-hours-stop --verbose", "What did each run of a schedule do to each instance?"],
    ["logs --follow", "Show each run as it ends"],
  ]).action(async (schedule: string | undefined, options: LogsOptions) => {
    // Loaded for this command only.
    const { runLogs } = await import("./run");
    await runLogs(schedule, options, context);
  });
}
