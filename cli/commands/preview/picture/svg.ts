import { offsetText } from "../../../../contract/date-time";
import { Zone } from "../../../../schedule/zone";
import { formatHours, formatShare, toLocalMs } from "../../../terminal/time";
import type { Preview } from "../model";
import { formatDateRange, renderAxis, renderChangeBands } from "./axis";
import { layOutFrame, MARGIN, WIDTH } from "./frame";
import { fitText, type Markup, markup, renderStyleSheet } from "./markup";
import { renderFooter, renderTargetRow } from "./rows";

/** The period as a picture: a row a target, in the config's zone. One SVG element that needs nothing else. */
export function renderPicture(preview: Preview): Markup {
  const frame = layOutFrame(preview);
  const { markup: below, height: footerHeight } = renderFooter(preview, frame.bottom);
  const height = frame.bottom + footerHeight;
  const rows = preview.timeline.targets.map((target, index) =>
    renderTargetRow(target, index, preview, frame),
  );
  const title = renderTitle(preview);
  const days = frame.midnights.length - 1;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${title}</title>
<desc>${summarizeTargets(preview)}</desc>
<style>
${renderStyleSheet()}
</style>
<defs><pattern id="holiday" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>
<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="${MARGIN}" y="36">${fitText(title, 18, WIDTH - 2 * MARGIN)}</text>
<text class="small" x="${MARGIN}" y="55">${describeZone(preview)}</text>
<text class="small end" x="${WIDTH - MARGIN}" y="82">${days === 7 ? "hours a week" : `hours in ${days === 1 ? "a day" : `${days} days`}`}</text>
${renderChangeBands(preview, frame)}
${renderAxis(preview, frame)}
${rows}
${below}
</svg>`;
}

export function renderTitle({ name, timezone, timeline }: Preview): string {
  const range = formatDateRange(
    toLocalMs(timeline.from, timezone),
    toLocalMs(new Date(+timeline.until - 1), timezone),
  );
  return `${name}, ${range}`;
}

function describeZone({ timezone, timeline }: Preview): string {
  const zone = Zone.of(timezone);
  const offsets = [timeline.from, new Date(+timeline.until - 1)].map(
    (at) => `UTC${offsetText(zone.offsetAt(+at))}`,
  );
  return `Times in ${timezone} (${[...new Set(offsets)].join(", then ")})`;
}

function summarizeTargets({ timeline }: Preview): string {
  return timeline.targets
    .map(({ name, inPeriod }) =>
      inPeriod === undefined
        ? `${name}: hours not known`
        : `${name}: runs ${formatHours(inPeriod.runningHours)}, ${formatShare(inPeriod.savedShare)} saved`,
    )
    .join(". ");
}
