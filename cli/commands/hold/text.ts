import { hasFailed, throws } from "../../../contract/report";
import type { Terminal } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import { formatOutcomes } from "../../runs/render";
import { dropEmptyColumns, renderTable } from "../../terminal/table";
import { joinSections, wrapParagraph } from "../../terminal/text";
import { formatMinute } from "../../terminal/time";
import { type Cell, unpainted } from "../../terminal/tone";
import type { HoldChange, WrittenHold } from "./change";
import type { ListedHold } from "./json";
import type { Holdable } from "./select";
import { holdTagOf } from "./select";

/** The list of holds. */
export function renderHolds(
  deployment: Pick<Deployment, "config" | "names">,
  listed: readonly ListedHold[],
  terminal: Terminal,
): string {
  const { bold, dim, yellow } = terminal.colors;
  const tag = holdTagOf(deployment);
  if (listed.length === 0) return `No instance of ${deployment.names.prefix} is held.\n`;
  const heading = ["Instance", "Name", "Held", "By", "Then"].map((text) => ({ text, paint: dim }));
  const rows = listed.map(({ holdable, hold, afterwards, timezone }): Cell[] => [
    ...describeInstance(holdable),
    formatSpan(hold, holdable.held, timezone),
    hold.by ?? "",
    hold.unreadable
      ? {
          text: `held for ever: the tag's value ${JSON.stringify(holdable.instance.tags[tag])} has no end`,
          paint: yellow,
        }
      : afterwards,
  ]);
  return joinSections([
    [`${bold(deployment.names.prefix)}  holds by tag ${tag}`],
    renderTable(dropEmptyColumns([heading, ...rows], 1), { width: terminal.columns }),
  ]);
}

/** What a command did. */
export function renderChange(change: HoldChange, region: string, terminal: Terminal): string {
  const { command, written, left, timezone, followUps, runs, skips } = change;
  const { bold, dim, yellow, red } = terminal.colors;
  const title =
    skips === undefined
      ? bold(command)
      : `${bold(command)}  ${skips.schedule} at ${formatMinute(skips.at, timezone)}`;
  const rows = written.map((each): Cell[] => [
    ...describeInstance(each.holdable),
    command === "release" ? "released" : formatSpan(each.hold, each.held, timezone),
    formatPrevious(each, timezone),
    each.afterwards ?? "",
  ]);
  const wrap = (text: string, paint = unpainted) => wrapParagraph(text, terminal.columns, { paint });
  return joinSections([
    [`${title}  ${region}`, dim(`times in ${timezone}`)],
    renderTable(dropEmptyColumns(rows), { width: terminal.columns }),
    left.flatMap(({ instanceId, reason }) => wrap(`${instanceId} is left alone: ${reason}`, dim)),
    [
      ...runs.flatMap(({ function: { name }, report, failure }) => {
        if (report === undefined) return wrap(`${name}: ${failure}`, red);
        const bad = report.instances.filter(({ outcome }) => hasFailed(outcome) || outcome === "deferred");
        return [
          ...wrap(
            `${name}: ${formatOutcomes(report) || (report.reason ?? "no instances")}`,
            throws(report) ? red : dim,
          ),
          ...bad.flatMap(({ instanceId, reason }) => wrap(`${instanceId}: ${reason}`, red)),
          ...report.errors.flatMap(({ region: where, reason }) => wrap(`${where}: ${reason}`, red)),
        ];
      }),
      ...(followUps
        ? []
        : wrap(
            command === "release"
              ? "Nothing acts now: this deployment has no follow-ups (`followUps: true`). The next firing of a schedule does."
              : "Nothing acts when it ends: this deployment has no follow-ups (`followUps: true`). The next firing of a schedule after it does.",
            yellow,
          )),
    ],
  ]);
}

function describeInstance({ instance }: Holdable): Cell[] {
  return [instance.instanceId, { text: instance.name ?? "", paint: unpainted, mayBeCut: true }];
}

/** The hold that was overwritten, if it held. */
function formatPrevious({ holdable: { held, hold } }: WrittenHold, timezone: string): string {
  if (!held || hold === undefined) return "";
  const by = hold.by === undefined ? "" : ` by ${hold.by}`;
  return `was held ${hold.until === undefined ? "for ever" : `until ${formatMinute(hold.until, timezone)}`}${by}`;
}

/** Its begin only where that is still to come. */
function formatSpan({ from, until }: WrittenHold["hold"], held: boolean, timezone: string): string {
  if (until === undefined) return "for ever";
  const end = `until ${formatMinute(until, timezone)}`;
  return from === undefined || held ? end : `from ${formatMinute(from, timezone)} ${end}`;
}
