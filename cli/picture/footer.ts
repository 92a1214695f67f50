import { clockChangeEffects, clockChangeTitle } from "../change-text";
import type { Preview } from "../preview-model";
import { MARGIN, SMALL_SIZE, WIDTH } from "./frame";
import { type Markup, markup } from "./markup";
import { textWidth, wrapText } from "./text-width";

const LINE = 17;
const TOP_GAP = 24;
const BOTTOM_GAP = 16;

export interface Footer {
  readonly markup: Markup;
  readonly height: number;
}

/** What the signs mean, and in words what a clock change does. */
export function footer(preview: Preview, top: number): Footer {
  const notes = preview.timeline.clockChanges.flatMap((change) =>
    wrapText(
      `${clockChangeTitle(change)}: ${clockChangeEffects(change).join("; ")}.`,
      SMALL_SIZE,
      WIDTH - 2 * MARGIN,
    ),
  );
  const lines = notes.map(
    (note, index) =>
      markup`<text class="small change" x="${MARGIN}" y="${top + TOP_GAP + (index + 1) * LINE}">${note}</text>`,
  );
  return {
    markup: markup`${legend(preview, top + TOP_GAP)}${lines}`,
    height: TOP_GAP + notes.length * LINE + BOTTOM_GAP,
  };
}

interface Sign {
  readonly text: string;
  readonly draw: (x: number, y: number) => Markup;
}

function legend({ timeline }: Preview, y: number): Markup[] {
  const { firings, targets, clockChanges } = timeline;
  const signs: Sign[] = [
    {
      text: "runs",
      draw: (x) => markup`<rect class="running" x="${x}" y="${y - 9}" width="16" height="10" rx="2"/>`,
    },
    {
      text: "start, time above",
      draw: (x) => markup`<path class="tick start-tick" d="M${x + 8} ${y - 11}V${y + 1}"/>`,
    },
    {
      text: "stop, time below",
      draw: (x) => markup`<path class="tick stop-tick" d="M${x + 8} ${y - 9}V${y + 3}"/>`,
    },
  ];
  if (firings.some(({ skipped }) => skipped)) {
    signs.push({
      text: "skipped",
      draw: (x) => markup`<path class="skipped-tick" d="M${x + 8} ${y - 10}V${y + 2}"/>`,
    });
  }
  if (firings.some(({ skipped }) => skipped === "holiday")) {
    signs.push({
      text: "holiday",
      draw: (x) => markup`<rect fill="url(#holiday)" x="${x}" y="${y - 11}" width="16" height="14"/>`,
    });
  }
  if (targets.some(({ spans }) => spans.some(({ state }) => state === "unknown"))) {
    signs.push({
      text: "not known",
      draw: (x) => markup`<path class="unknown" d="M${x} ${y - 4}H${x + 16}"/>`,
    });
  }
  if (clockChanges.length > 0) {
    signs.push({
      text: "clock change",
      draw: (x) => markup`<rect class="band" x="${x + 4}" y="${y - 11}" width="8" height="14"/>`,
    });
  }
  let x = MARGIN;
  return signs.map(({ text, draw }) => {
    const drawn = markup`${draw(x, y)}<text class="small" x="${x + 21}" y="${y}">${text}</text>`;
    x += 21 + textWidth(text, SMALL_SIZE) + 14;
    return drawn;
  });
}
