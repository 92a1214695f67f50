import type { Action } from "../../contract/actions";
import { TIMEZONE } from "../../contract/limits";
import type { Outcome, RunReport } from "../../contract/report";
import type { RunRequest } from "../request";
import type { Runtime } from "../runtime";
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

const PAST = { stop: "stopped", start: "started" } as const satisfies Record<Action, string>;

/** The parts of the report that the message shows. */
type Success = Pick<RunReport, "action" | "counts" | "instances" | "followUps">;

/**
 * Publishes what a run has started or stopped.
 * @throws if SNS does not take the message
 */
export async function publishSuccess(
  request: RunRequest,
  report: Success,
  names: ReadonlyMap<string, string>,
  topicArn: string,
  deadline: number,
  runtime: Pick<Runtime, "clock" | "random" | "connectSns">,
): Promise<void> {
  await publish(topicArn, successOf(request, report, names), deadline, runtime);
}

/** Returns the subject and the text of the message. Names and reasons are shown as text. */
function successOf(
  { schedule, scheduledTime = "", timezone = TIMEZONE.default }: RunRequest,
  { action, counts, instances, followUps = [] }: Success,
  names: ReadonlyMap<string, string>,
) {
  const at = Date.parse(scheduledTime);
  const due = `${localMinute(at, timezone)} (${utcMinute(at)})`;
  const { name, subject } = subjectOf(schedule, `${PAST[action]} ${countText(counts.done)}`);
  const linesOf = (outcome: Outcome) => {
    const listed = instances.filter((instance) => instance.outcome === outcome).slice(0, MAX_LISTED);
    const more = counts[outcome] - listed.length;
    return [
      ...listed.map(({ instanceId, region, reason }) => {
        const tag = names.get(instanceId) ?? "";
        const title = tag === "" ? "" : `, ${JSON.stringify(printable(tag, MAX_SHOWN_NAME_LENGTH))}`;
        const why = reason === undefined ? "" : `: ${printable(reason, MAX_REASON_LENGTH)}`;
        return `${instanceId} in ${region}${title}${why}`;
      }),
      ...(more > 0 ? [`and ${more} more`] : []),
    ];
  };
  const next = followUps.map((followUp) => utcMinute(Date.parse(followUp.at))).sort();
  const lines = [
    `The schedule ${name}, due at ${due}, has ${PAST[action]} ${countText(counts.done)}:`,
    "",
    ...linesOf("done"),
    ...(counts.already > 0 ? ["", `${countText(counts.already)} had been ${PAST[action]} before.`] : []),
    ...(counts.skipped > 0 ? ["", "Left alone:", ...linesOf("skipped")] : []),
    ...(counts.deferred > 0
      ? ["", `${countText(counts.deferred)} will follow, from ${next[0] ?? "later"} on.`]
      : []),
  ];
  return { Subject: subject, Message: `${lines.join("\n")}\n` };
}

function countText(count: number): string {
  return `${count} ${count === 1 ? "instance" : "instances"}`;
}
