import { DELIVERY_PERMISSIONS } from "../../contract/actions";
import { clockTimeWithOffset } from "../../contract/date-time";
import { TIMEZONE } from "../../contract/limits";
import { INSTANCE_ID, regionOfArn } from "../../contract/patterns";
import { WARNING_SUFFIX } from "../../contract/request";
import { HOUR_MS } from "../../contract/units";
import { describeFault, readFault } from "../faults";
import { NO_FOLLOW_UPS } from "../follow-ups";
import type { RunRequest } from "../request";
import { type RunResult, resultOf, runAll } from "../run-regions";
import type { Log, Runtime } from "../runtime";
import type { Settings } from "../settings";
import {
  localMinute,
  MAX_LISTED,
  MAX_REASON_LENGTH,
  MAX_SHOWN_NAME_LENGTH,
  printable,
  publish,
  subjectOf,
  utcMinute,
} from "./publish";

/** The time reserved for publishing, of the run's own. */
const PUBLISH_SHARE = 0.2;
const MAX_PUBLISH_MS = 20_000;
/** How long after the stop the `hold` command of the message holds an instance. */
const HELD_LONGER_MS = 2 * HOUR_MS;

/** An instance that the stop will reach. */
export interface WarnedInstance {
  readonly instanceId: string;
  readonly region: string;
  /** Its tag `Name`, empty without one. */
  readonly name: string;
}

/**
 * Publishes to the topic which instances the stop will reach, and changes nothing. Once the message is out nothing fails the
 * run, since Lambda's retry would publish it again: the stop itself reports what is wrong with an instance.
 */
export async function warnOfStop(
  request: RunRequest,
  stopsAt: number,
  settings: Settings,
  deadline: number,
  runtime: Pick<Runtime, "clock" | "random" | "connect" | "connectSsm" | "connectSns">,
  log: Log,
): Promise<RunResult> {
  const reserve = Math.min(MAX_PUBLISH_MS, (deadline - runtime.clock.now()) * PUBLISH_SHARE);
  const runs = await runAll(
    { ...request, stopsAt },
    settings,
    deadline - reserve,
    NO_FOLLOW_UPS,
    runtime,
    log,
  );
  const result = resultOf(runs);
  const warned = runs.flatMap(({ candidates }) =>
    candidates
      .filter(({ isWarned }) => isWarned)
      .map(({ instanceId, region, before }) => ({ instanceId, region, name: before.tags.get("Name") ?? "" })),
  );
  if (request.dryRun || warned.length === 0) return result;
  const { topicArn = "" } = settings;
  const unread = result.errors.map(({ region, reason }) => `${region}: ${reason}`);
  try {
    await publish(topicArn, warningOf(request, stopsAt, warned, unread), deadline, runtime);
  } catch (error) {
    const reason = describeFault(DELIVERY_PERMISSIONS.notify, readFault(error));
    return {
      ...result,
      status: "failed",
      errors: [...result.errors, { region: regionOfArn(topicArn) ?? "", reason }],
    };
  }
  return {
    ...result,
    status: "ok",
    errors: [],
    warnings: [...result.warnings, ...unread],
    instances: result.instances.map((instance) =>
      instance.outcome === "failed" || instance.outcome === "unconfirmed"
        ? { ...instance, outcome: "skipped", reason: `not warned of: ${instance.reason}` }
        : instance,
    ),
  };
}

/** Returns the subject and the text of a warning. Ids are checked, and names shown as text, since both stand near commands. */
export function warningOf(
  { schedule, timezone = TIMEZONE.default }: Pick<RunRequest, "schedule" | "timezone">,
  stopsAt: number,
  warned: readonly WarnedInstance[],
  unread: readonly string[],
) {
  const stop = schedule.endsWith(WARNING_SUFFIX) ? schedule.slice(0, -WARNING_SUFFIX.length) : schedule;
  const at = localMinute(stopsAt, timezone);
  const what = `stops ${warned.length} ${warned.length === 1 ? "instance" : "instances"} at ${at}`;
  const { name, subject } = subjectOf(stop, what);
  const listed = warned.filter(({ instanceId }) => INSTANCE_ID.test(instanceId)).slice(0, MAX_LISTED);
  // A duration would count from when the command is run, and end before a stop that is warned of long before.
  const until = clockTimeWithOffset(stopsAt + HELD_LONGER_MS, timezone);
  const more = warned.length - listed.length;
  const lines = [
    `The schedule ${name} ${what} (${utcMinute(stopsAt)}).`,
    "",
    "To keep an instance running for longer, run its command before then, in the folder of the config:",
    ...listed.flatMap(({ instanceId, region, name }) => [
      "",
      `${instanceId} in ${region}${name === "" ? "" : `, ${JSON.stringify(printable(name, MAX_SHOWN_NAME_LENGTH))}`}`,
      `    npx ec2-start-stop hold ${instanceId} --until ${until}`,
    ]),
    ...(more > 0 ? ["", `and ${more} more`] : []),
    ...(unread.length > 0
      ? [
          "",
          "There may be others, since not all could be read:",
          ...unread.map((reason) => printable(reason, MAX_REASON_LENGTH)),
        ]
      : []),
  ];
  return {
    Subject: subject,
    Message: `${lines.join("\n")}\n`,
  };
}
