import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandEnvironment } from "../../context";
import { addOperatingOptions, SINCE_FORMS } from "../../options";
import type { LogsOptions } from "./run";

/** Adds `logs`: the runs of the functions, a line each. */
export function addLogsCommand(program: Command, environment: CommandEnvironment): void {
  const command = program
    .command("logs")
    .description(
      "Show the runs of the functions, from CloudWatch Logs: when, which schedule, what became of it. Exit code 1 where a run failed.",
    )
    .argument("[schedule]", "name of a schedule in the config; runs that do not tell theirs are shown as ?")
    .option("--since <when>", `how far back: ${SINCE_FORMS} (in the config's zone) (default: 24h)`)
    .option("--follow", "go on, and show runs as they end; --json prints one object a line then")
    .option("--failed", "only runs that failed, timed out, crashed or were refused")
    .option("--verbose", "each run's instances, with reasons");
  addOperatingOptions(command, PERMISSIONS.logs).action(
    async (schedule: string | undefined, options: LogsOptions) => {
      // They are loaded for this command only.
      const [{ runLogs }, { AwsLogEvents }] = await Promise.all([import("./run"), import("../../aws/logs")]);
      await runLogs(schedule, options, environment, ({ aws }) => new AwsLogEvents(aws));
    },
  );
}
