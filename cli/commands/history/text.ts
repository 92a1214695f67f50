import { EC2_CALLS } from "../../../contract/actions";
import type { TimelineFiring } from "../../../schedule/timeline";
import type { Terminal } from "../../context";
import { renderTable } from "../../terminal/table";
import { formatListItem, joinInline, wrapParagraph } from "../../terminal/text";
import { formatDay, formatMinute, formatWholeMinute, toLocalMs, WEEKDAYS } from "../../terminal/time";
import { type Cell, type Paint, unpainted } from "../../terminal/tone";
import { describeCaller, describeOrigin, isPerson } from "./caller-text";
import type { ChangingCall } from "./change";
import type { History, HistoryEntry, KnownChange } from "./history";

const VERBS: Readonly<Record<ChangingCall, string>> = {
  [EC2_CALLS.stop]: "stop",
  [EC2_CALLS.start]: "start",
  TerminateInstances: "terminate",
  RunInstances: "launch",
  RebootInstances: "reboot",
};
/** Indent below the line of a call. */
const DETAIL_INDENT = 12;
const MAX_INSTANCES = 10;

/** Renders the history day by day, the newest event last. */
export function renderHistory(history: History, terminal: Terminal): string {
  const { columns: width } = terminal;
  const lines = [...wrapParagraph(renderTitle(history), width)];
  const verbs = Math.max(...history.entries.map((entry) => describeCall(entry).length));
  let day = "";
  for (const entry of history.entries) {
    const local = new Date(toLocalMs(entry.at, history.timezone)).toISOString();
    if (local.slice(0, 10) !== day) {
      day = local.slice(0, 10);
      lines.push("", formatDay(day));
    }
    lines.push(...renderEntry(entry, local.slice(11, 19), verbs, history, terminal));
  }
  return `${[...lines, "", ...renderTotals(history, width)].join("\n")}\n`;
}

function renderTitle({ name, instance, regions, period, timezone, instanceCount }: History): string {
  const what = instance === undefined ? `${instanceCount} instances` : instance.instanceId;
  const since = formatWholeMinute(period.from, timezone);
  return `${name}: ${what} since ${since} (${timezone}), in ${regions.join(", ")}`;
}

function renderEntry(
  entry: HistoryEntry,
  time: string,
  verbColumns: number,
  { regions }: History,
  { columns: width, colors }: Terminal,
): string[] {
  const [verb, who] = [describeCall(entry).padEnd(verbColumns), describeCaller(entry)];
  const origin = [describeOrigin(entry), regions.length > 1 ? entry.region : ""].filter(Boolean).join(", ");
  const head: Cell[] = [
    time,
    formatUtc(entry.at),
    { text: verb, paint: paintOfCall(entry, colors) },
    isPerson(entry.caller) ? { text: who, paint: colors.bold } : who,
    origin,
  ];
  const error = entry.error === undefined ? [] : [describeError(entry.error)];
  return [
    ...joinInline(head, { width, indent: 2, hanging: DETAIL_INDENT, gap: 2 }),
    ...error.flatMap((text) => wrapParagraph(text, width, { indent: DETAIL_INDENT, paint: colors.red })),
    ...renderChangedInstances(entry, width),
  ];
}

/** `Thu 23:00:02Z`: the day is often another than that of the local time. */
function formatUtc(at: Date): string {
  return `${WEEKDAYS[at.getUTCDay()]} ${at.toISOString().slice(11, 19)}Z`;
}

function describeCall({ call, outcome, hibernate, force }: HistoryEntry): string {
  const verb = call === EC2_CALLS.stop && hibernate ? "hibernate" : VERBS[call];
  const how = force ? `force ${verb}` : verb;
  if (outcome === "accepted") return how;
  return outcome === "dry-run" ? `${how}, dry run` : `${how} failed`;
}

function paintOfCall({ outcome, call }: HistoryEntry, { red, yellow, dim }: Terminal["colors"]): Paint {
  if (outcome === "failed") return red;
  if (outcome === "dry-run") return dim;
  return call === "TerminateInstances" ? yellow : unpainted;
}

/** Removes IAM's encoded authorization message, which only STS can decode. */
function describeError({ code, message }: { readonly code: string; readonly message: string }): string {
  const readable = message.replace(/\s*Encoded authorization failure message:.*$/s, "");
  return readable === "" ? code : `${code}: ${readable}`;
}

function renderChangedInstances({ instances, otherInstanceCount }: HistoryEntry, width: number): string[] {
  const shown = instances.slice(0, MAX_INSTANCES);
  const rows = shown.map((instance) => [
    instance.instanceId,
    describeMembership(instance),
    describeTransition(instance),
  ]);
  const hidden = instances.length - shown.length;
  const more = [
    hidden > 0 ? `and ${hidden} more, which --json lists` : "",
    otherInstanceCount > 0 ? `and ${otherInstanceCount} ${formatOthers(otherInstanceCount)}` : "",
  ].filter(Boolean);
  return [
    ...renderTable(rows, { width, indent: DETAIL_INDENT }),
    ...(more.length > 0 ? wrapParagraph(more.join("; "), width, { indent: DETAIL_INDENT }) : []),
  ];
}

function describeMembership({ name, targets }: KnownChange): string {
  if (name !== undefined) return name;
  return targets.length > 0 ? `of ${targets.join(", ")}` : "in no target now";
}

function formatOthers(count: number): string {
  return count === 1 ? "other instance" : "other instances";
}

function describeTransition({ stateBefore, stateAfter }: KnownChange): string {
  if (stateBefore !== undefined && stateBefore === stateAfter) return `was ${stateBefore} already`;
  return [stateBefore, stateAfter].filter(Boolean).join(" -> ");
}

function renderTotals({ entries, notes }: History, width: number): string[] {
  const own = entries.filter(({ caller }) => caller.kind === "function").length;
  const failed = entries.filter(({ outcome }) => outcome === "failed").length;
  const guessed = entries.some(({ schedule }) => schedule?.by === "firing");
  const counts = `${entries.length} ${entries.length === 1 ? "call" : "calls"}: ${own} by the functions, ${entries.length - own} by others`;
  return [
    failed > 0 ? `${counts}; ${failed} failed.` : `${counts}.`,
    ...(guessed ? ["Probably: the logs do not name the schedule, but this one was due at that time."] : []),
    ...notes,
    "CloudTrail shows a call up to 15 minutes after it was made.",
  ].flatMap((text) => wrapParagraph(text, width));
}

/** Explains that CloudTrail has no events, and what to check next. */
export function renderNoEvents(history: History, last: TimelineFiring | undefined, width: number): string {
  const item = (text: string) => formatListItem(text, width);
  const lines = [
    ...wrapParagraph(renderTitle(history), width),
    ...history.notes.flatMap((note) => ["", ...wrapParagraph(note, width)]),
    "",
    ...wrapParagraph(
      "No event: no person and no schedule asked EC2 to start, stop or terminate " +
        `${history.instance === undefined ? "any of them" : "it"} in that time. A function that finds all instances as they ` +
        "should be asks nothing either, and what happens without such a call leaves no event: a shutdown from inside an " +
        "instance, or one by EC2 itself (a spot interruption, a failing host).",
      width,
    ),
    ...(history.instance?.targets.length === 0
      ? []
      : ["", ...wrapParagraph(describeLastDue(last, history.timezone), width)]),
    "",
    "What to check next:",
    ...item("CloudTrail shows a call up to 15 minutes after it was made: if it is so recent, ask again."),
    ...item(
      `The region: events are kept where the instances are, and ${history.regions.join(", ")} ` +
        `${history.regions.length === 1 ? "was" : "were"} searched. The account: that of the credentials.`,
    ),
    ...item("Whether the schedules are enabled, and as the config says: ec2-start-stop doctor"),
    ...item("Whether the functions ran, and what they found: ec2-start-stop logs"),
    ...(history.instance === undefined
      ? []
      : item("A call that EC2 refused may not be filed under the instance: history without --instance.")),
  ];
  return `${lines.join("\n")}\n`;
}

function describeLastDue(last: TimelineFiring | undefined, timezone: string): string {
  if (last === undefined) return "By the config, no schedule was due in that time.";
  return `By the config, ${last.of.name} was the last schedule due, on ${formatMinute(last.at, timezone)}.`;
}
