import type { Command } from "commander";
import type { CommandEnvironment } from "./command-environment";
import type { HistoryOptions } from "./history/run-history";
import { addOperatingOptions } from "./operating-options";
import { SINCE_FORMS } from "./since";

/** What `history` needs in IAM; without the last two it knows less, and says so. */
export const HISTORY_PERMISSIONS = [
  "cloudtrail:LookupEvents",
  "ec2:DescribeInstances",
  "ec2:DescribeSpotInstanceRequests",
  "logs:FilterLogEvents",
] as const;

/** Adds `history`: who started and stopped the instances. */
export function addHistoryCommand(program: Command, environment: CommandEnvironment): void {
  const command = program
    .command("history")
    .description(
      "Show who started, stopped and terminated the instances of the targets: a schedule, a person or AWS itself. From CloudTrail's event history, which goes back 90 days.",
    )
    .option(
      "--since <when>",
      `how far back: ${SINCE_FORMS} (in the config's zone), at most 90 days (default: 7d)`,
    )
    .option("--instance <id>", "one instance only, with its launch and restarts; it need not be in a target");
  addOperatingOptions(command, HISTORY_PERMISSIONS).action(async (options: HistoryOptions) => {
    // They are loaded for this command only.
    const [{ runHistory }, { CloudTrailReader, cloudTrailClients }, { openFleet }, { openRunReader }] =
      await Promise.all([
        import("./history/run-history"),
        import("./history/cloudtrail"),
        import("./fleet/ec2-fleet"),
        import("./runs/log-runs"),
      ]);
    const text = await runHistory(options, environment, ({ aws }) => ({
      fleet: openFleet(aws),
      trail: new CloudTrailReader(cloudTrailClients(aws), environment.clock),
      runs: openRunReader(aws, environment.clock),
    }));
    environment.write(text);
  });
}
