import { TIMEZONE } from "../../../contract/limits";
import { INSTANCE_ID } from "../../../contract/patterns";
import { DAY_MS, MINUTE_MS } from "../../../contract/units";
import { quote } from "../../../schedule/error";
import { CloudTrailReader, createCloudTrailClients, type TrailPeriod } from "../../aws/cloudtrail";
import { createInstanceReader } from "../../aws/ec2";
import { type CommandContext, InputError } from "../../context";
import { type Deployment, readDeployment } from "../../deployment/deployment";
import { findLastDueFiring } from "../../deployment/past-firings";
import { printJson } from "../../json";
import { EVENT_HISTORY_DAYS, type OperatingOptions, parseSince } from "../../options";
import { createRunReader } from "../../runs/follow";
import type { History } from "./history";
import { historyJson } from "./json";
import { type HistoryReaders, readHistory } from "./read";
import { renderHistory, renderNoEvents } from "./text";

export interface HistoryOptions extends OperatingOptions {
  readonly since: string;
  readonly instance?: string;
}

export type OpenHistoryReaders = (deployment: Deployment) => HistoryReaders;

/**
 * Prints who started and stopped a deployment's instances.
 * @throws {InputError} for options that cannot be
 * @throws {AwsError}
 */
export async function runHistory(
  options: HistoryOptions,
  context: CommandContext,
  open: OpenHistoryReaders = ({ aws }) => ({
    instances: createInstanceReader(aws),
    trail: new CloudTrailReader(createCloudTrailClients(aws), context),
    runs: createRunReader(aws, context),
  }),
): Promise<void> {
  const now = context.now();
  const deployment = await readDeployment(options, context, now);
  const period = parseHistoryPeriod(options.since, now, deployment.config.timezone ?? TIMEZONE.default);
  if (options.instance !== undefined) checkInstanceId(options.instance);
  const history = await context.progress("EC2, the instances of the targets", (reporter) =>
    readHistory(deployment, period, options.instance, open(deployment), reporter),
  );
  if (options.json) printJson(context, historyJson(history));
  else if (history.entries.length > 0) context.out(renderHistory(history, context));
  else context.out(renderNoEvents(history, findLastDue(deployment, history), context.columns));
}

/** The lookup happens a little later than `now`, when the 90 days have moved on. */
const MARGIN_MS = MINUTE_MS;

/**
 * The period of `--since`, until now.
 * @throws {InputError} for what is no time, or longer ago than CloudTrail keeps events
 */
export function parseHistoryPeriod(since: string, now: Date, timezone: string): TrailPeriod {
  const from = parseSince(since, now, timezone);
  const earliest = +now - EVENT_HISTORY_DAYS * DAY_MS;
  if (+from < earliest) {
    throw new InputError(
      `--since: expected at most ${EVENT_HISTORY_DAYS} days ago, as CloudTrail's event history keeps no more, got ${quote(since)}`,
    );
  }
  return { from: new Date(Math.max(+from, earliest + MARGIN_MS)), to: now };
}

/** The last firing of the schedules that act on the selected instances. */
function findLastDue({ plan }: Deployment, { instance, period }: History) {
  const meant = plan.filter(
    ({ targetNames }) =>
      instance === undefined || targetNames.some((name) => instance.targets.includes(name)),
  );
  return findLastDueFiring(meant, period);
}

function checkInstanceId(text: string): void {
  if (INSTANCE_ID.test(text)) return;
  throw new InputError(`--instance: expected an instance id such as i-0123456789abcdef0, got ${quote(text)}`);
}
