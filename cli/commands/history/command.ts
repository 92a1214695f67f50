import type { Command } from "commander";
import { quote } from "../../../schedule/error";
import type { TrailPeriod } from "../../aws/cloudtrail";
import { PERMISSIONS } from "../../aws/permissions";
import { type CommandEnvironment, InputError } from "../../context";
import { addOperatingOptions, parseSince, SINCE_FORMS } from "../../options";
import type { HistoryOptions } from "./run";

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
  addOperatingOptions(command, PERMISSIONS.history).action(async (options: HistoryOptions) => {
    // They are loaded for this command only.
    const [{ runHistory }, { CloudTrailReader, cloudTrailClients }, { openFleet }, { openRunReader }] =
      await Promise.all([
        import("./run"),
        import("../../aws/cloudtrail"),
        import("../../aws/ec2"),
        import("../../runs/follow"),
      ]);
    const text = await runHistory(options, environment, ({ aws }) => ({
      fleet: openFleet(aws),
      trail: new CloudTrailReader(cloudTrailClients(aws), environment.clock),
      runs: openRunReader(aws, environment.clock),
    }));
    environment.write(text);
  });
}

export const DEFAULT_SINCE = "7d";

const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
/** CloudTrail is asked a moment later than it is now, when the 90 days have moved on. */
const MARGIN_MS = 60_000;

/**
 * From when on to look, until now.
 * @throws {InputError} for what is no time, or longer ago than CloudTrail keeps events
 */
export function historyPeriod(since: string | undefined, now: Date, timezone: string): TrailPeriod {
  const from = parseSince(since ?? DEFAULT_SINCE, now, timezone);
  const earliest = +now - KEPT_DAYS * DAY_MS;
  if (+from < earliest) {
    throw new InputError(
      `--since: expected at most ${KEPT_DAYS} days ago, as CloudTrail's event history keeps no more, got ${quote(since ?? "")}`,
    );
  }
  return { from: new Date(Math.max(+from, earliest + MARGIN_MS)), to: now };
}
