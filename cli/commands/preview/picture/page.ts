import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DAY_MS } from "../../../../contract/units";
import { quote } from "../../../../schedule/error";
import { InputError } from "../../../context";
import { replaceFile } from "../../../files";
import {
  formatHours,
  formatLocalMinute,
  formatMinute,
  formatShare,
  formatSkip,
  formatUtcMinute,
} from "../../../terminal/time";
import type { Preview } from "../model";
import { describeCap, describeClockChange, describeEffects, describeHours } from "../text";
import { EMPTY_MARKUP, Markup, markup } from "./markup";
import { renderPicture, renderTitle } from "./svg";

const STYLE = `
:root{color-scheme:light dark}
body{margin:2rem auto;max-width:1000px;padding:0 1rem;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
svg{width:100%;height:auto}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8886;vertical-align:top}
td.nowrap{white-space:nowrap}td.number,th.number{text-align:right}
tr.skipped td{opacity:.65}code{font-size:.9em}`;

/** A page that stands alone: the picture, and in tables what it shows. */
export function renderPage(preview: Preview): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${renderTitle(preview)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<h1>What ${preview.name} will do</h1>
${renderCap(preview)}
${renderPicture(preview)}
${renderClockChanges(preview)}
<h2>Targets</h2>
<div class="scroll"><table>
<tr><th>Target</th><th class="number">Hours in this period</th><th class="number">Hours in a normal week</th><th class="number">Saved of 168 h</th><th></th></tr>
${renderTargetRows(preview)}
</table></div>
<h2>Schedules</h2>
<div class="scroll"><table>
<tr><th>Schedule</th><th>Action</th><th>When</th><th>Expression</th><th>Zone</th><th>Targets</th></tr>
${renderScheduleRows(preview)}
</table></div>
<h2>Firings</h2>
<div class="scroll"><table>
<tr><th>Local time</th><th>Zone</th><th>UTC</th><th>Action</th><th>Schedule</th><th>Targets</th><th></th></tr>
${renderFiringRows(preview)}
</table></div>
</body>
</html>
`;
}

function renderCap({ requestedUntil, timezone }: Preview): Markup {
  if (requestedUntil === undefined) return EMPTY_MARKUP;
  return markup`<p>${describeCap(formatMinute(requestedUntil, timezone))}</p>`;
}

function renderClockChanges({ timeline }: Preview): Markup {
  if (timeline.clockChanges.length === 0) return EMPTY_MARKUP;
  const items = timeline.clockChanges.map(
    (change) => markup`<li>${describeClockChange(change)}: ${describeEffects(change).join("; ")}.</li>\n`,
  );
  return markup`<h2>Clock changes</h2>\n<ul>\n${items}</ul>`;
}

function renderTargetRows({ timeline }: Preview): Markup[] {
  return timeline.targets.map((target) => {
    const { name, inPeriod, week } = target;
    const hours = [inPeriod, week].map((time) => (time === undefined ? "?" : formatHours(time.runningHours)));
    const saved = week === undefined ? "?" : formatShare(week.savedShare);
    const numbers = [...hours, saved].map((text) => markup`<td class="number">${text}</td>`);
    return markup`<tr><td>${name}</td>${numbers}<td>${describeHours(target)}</td></tr>\n`;
  });
}

function renderScheduleRows({ schedules }: Preview): Markup[] {
  return schedules.map(({ name, action, schedule, enabled, targetNames }) => {
    const cells = [name, enabled ? action : `${action}, disabled`, schedule.describe()];
    return markup`<tr>${cells.map((text) => markup`<td>${text}</td>`)}<td><code>${schedule.expression}</code></td><td>${schedule.timezone}</td><td>${targetNames.join(", ")}</td></tr>\n`;
  });
}

function renderFiringRows({ timeline }: Preview): Markup[] {
  return timeline.firings.map((firing) => {
    const { of, at, local, skipped } = firing;
    const utc = skipped === "clock-change" ? "never" : formatUtcMinute(at);
    const times = [formatLocalMinute(local), of.schedule.timezone, utc].map(
      (text) => markup`<td class="nowrap">${text}</td>`,
    );
    const rest = [of.action, of.name, of.targetNames.join(", "), formatSkip(firing)];
    return markup`<tr class="${skipped === undefined ? "runs" : "skipped"}">${times}${rest.map((text) => markup`<td>${text}</td>`)}</tr>\n`;
  });
}

export interface PictureFiles {
  readonly svg?: string;
  readonly html?: string;
}

const MAX_DAYS = 14;

/**
 * Writes the picture, the page or both, after all of them were found writable.
 *
 * @returns the files written
 */
export function writePictures({ svg, html }: PictureFiles, preview: Preview): string[] {
  const { from } = preview.timeline;
  const until = preview.requestedUntil ?? preview.timeline.until;
  if (+until - +from > (MAX_DAYS + 0.5) * DAY_MS) {
    throw new InputError(
      `--days: expected at most ${MAX_DAYS} with --svg or --html, which draw them side by side`,
    );
  }
  const files = [
    ...(svg === undefined ? [] : [{ option: "--svg", file: svg, text: `${renderPicture(preview).text}\n` }]),
    ...(html === undefined ? [] : [{ option: "--html", file: html, text: renderPage(preview).text }]),
  ];
  for (const { option, file } of files) checkWritable(option, file);
  if (svg !== undefined && html !== undefined && resolve(svg) === resolve(html)) {
    throw new InputError(`--html: expected another file than that of --svg, got ${quote(html)}`);
  }
  for (const { option, file, text } of files) {
    try {
      replaceFile(file, text);
    } catch (cause) {
      throw new InputError(
        `${option}: expected a file that can be written, got ${quote(file)} (${errorCodeOf(cause)})`,
        { cause },
      );
    }
  }
  return files.map(({ file }) => file);
}

function checkWritable(option: string, file: string): void {
  if (file === "") throw new InputError(`${option}: expected the name of a file, got ""`);
  const folder = statSync(dirname(file), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) {
    throw new InputError(
      `${option}: expected a file in an existing folder, got ${quote(file)} (no folder ${quote(dirname(file))})`,
    );
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError(`${option}: expected the name of a file, got the folder ${quote(file)}`);
  }
}

function errorCodeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
