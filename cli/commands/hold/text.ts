import type { Hold } from "../../../contract/holds";
import { type InstanceReport, isBad, type RunReport, throws } from "../../../contract/report";
import type { Terminal } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import { formatOutcomes, formatServiceReport } from "../../runs/render";
import { dropEmptyColumns, renderTable } from "../../terminal/table";
import { joinSections, wrapParagraph } from "../../terminal/text";
import { formatMinute } from "../../terminal/time";
import { type Cell, type Paint, unpainted } from "../../terminal/tone";
import type { HoldChange, WrittenHold } from "./change";
import type { ListedHold } from "./json";
import type { Holdable } from "./select";
import { holdTagOf } from "./select";

/** Renders the list of holds. */
export function renderHolds(
  deployment: Pick<Deployment, "config" | "names">,
  listed: readonly ListedHold[],
  terminal: Terminal,
): string {
  const { bold, dim, yellow } = terminal.colors;
  const tag = holdTagOf(deployment);
  if (listed.length === 0) return `No instance of ${deployment.names.prefix} is held.\n`;
  const heading = ["Instance", "Name", "From", "Held", "By", "Then"].map((text) => ({ text, paint: dim }));
  const rows = listed.map(({ holdable, hold, afterwards, timezone }): Cell[] => [
    ...describeInstance(holdable),
    ...spanCells(hold, holdable.held, timezone),
    hold.by ?? "",
    describeListed(holdable, hold, afterwards, { tag, yellow }),
  ]);
  return joinSections([
    [`${bold(deployment.names.prefix)}  holds by tag ${tag}`],
    renderTable(dropEmptyColumns([heading, ...rows], 1), { width: terminal.columns }),
  ]);
}

/** Renders the result of a command. */
export function renderChange(change: HoldChange, region: string, terminal: Terminal): string {
  const { command, written, left, timezone, followUps, runs, skips } = change;
  const { bold, dim, yellow, red } = terminal.colors;
  const title =
    skips === undefined
      ? bold(command)
      : `${bold(command)}  ${skips.schedule} at ${formatMinute(skips.at, timezone)}`;
  const rows = written.map((each): Cell[] => [
    ...describeInstance(each.holdable),
    ...(command === "release" ? ["", "released"] : spanCells(each.hold, each.held, timezone)),
    formatPrevious(each, timezone),
    each.afterwards ?? "",
  ]);
  const lack = change.wantsFollowUps
    ? "the `followUps: true` of this config is not deployed yet"
    : "this deployment has no follow-ups (`followUps: true`)";
  const wrap = (text: string, paint = unpainted) => wrapParagraph(text, terminal.columns, { paint });
  return joinSections([
    [`${title}  ${region}`, dim(`times in ${timezone}`)],
    renderTable(dropEmptyColumns(rows), { width: terminal.columns }),
    left.flatMap(({ instanceId, reason }) => wrap(`${instanceId} is left alone: ${reason}`, dim)),
    [
      ...runs.flatMap(({ function: { name }, report, failure }) => {
        if (report === undefined) return wrap(`${name}: ${failure}`, red);
        const bad = report.instances.filter((each) => isBad(each) || each.outcome === "deferred");
        return [
          ...wrap(
            `${name}: ${formatOutcomes(report) || (report.reason ?? "no instances")}${describeFollowUps(report, timezone)}`,
            throws(report) ? red : dim,
          ),
          ...bad.flatMap((each) => wrap(`${each.instanceId}: ${describeBad(each)}`, red)),
          ...report.errors.flatMap(({ region: where, reason }) => wrap(`${where}: ${reason}`, red)),
        ];
      }),
      ...(followUps
        ? []
        : wrap(
            command === "release"
              ? `Nothing acts now: ${lack}. The next firing of a schedule does.`
              : `Nothing acts when it ends: ${lack}. The next firing of a schedule after it does.`,
            yellow,
          )),
    ],
  ]);
}

function describeBad({ outcome, reason, services }: InstanceReport): string {
  const ofServices = services && services.status !== "passed" ? formatServiceReport(services) : undefined;
  return [reason, ofServices].filter((each) => each !== undefined).join("; ") || outcome;
}

function describeInstance({ instance }: Holdable): Cell[] {
  return [instance.instanceId, { text: instance.name ?? "", paint: unpainted, mayBeCut: true }];
}

/** Describes what happens to a listed instance when its hold ends. */
function describeListed(
  { instance, obstacle }: Holdable,
  hold: Hold,
  afterwards: string,
  { tag, yellow }: { readonly tag: string; readonly yellow: Paint },
): Cell {
  if (hold.unreadable)
    return { text: `the tag's value ${JSON.stringify(instance.tags[tag])} has no end`, paint: yellow };
  return hold.until === undefined && obstacle === undefined ? "" : afterwards;
}

/** Describes when follow-ups read the held instances again. */
function describeFollowUps({ followUps = [] }: RunReport, timezone: string): string {
  const ends = followUps.filter(({ kind }) => kind === "hold").map(({ at }) => +new Date(at));
  const times = [...new Set(ends)].sort((a, b) => a - b).map((at) => formatMinute(new Date(at), timezone));
  return times.length === 0 ? "" : `, looked at again at ${times.join(", ")}`;
}

/** Formats the hold that was overwritten. */
function formatPrevious({ holdable: { held, hold } }: WrittenHold, timezone: string): string {
  return hold === undefined ? "" : `was ${held ? "" : "to be "}held ${describeSpan(hold, held, timezone)}`;
}

/** `until Mon 2026-11-23 22:00 +09:00 by jane`. */
export function describeSpan(hold: Hold, held: boolean, timezone: string): string {
  const by = hold.by === undefined ? [] : [`by ${hold.by}`];
  return [...spanCells(hold, held, timezone), ...by].filter(Boolean).join(" ");
}

/** Returns the begin of a hold, if that is still to come, and its end. */
function spanCells({ from, until }: Hold, held: boolean, timezone: string): [string, string] {
  return [
    from === undefined || held ? "" : `from ${formatMinute(from, timezone)}`,
    until === undefined ? "for ever" : `until ${formatMinute(until, timezone)}`,
  ];
}
