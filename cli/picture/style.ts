import { Markup } from "./markup";

/** Colours of one appearance. */
interface Palette {
  readonly ground: string;
  readonly frame: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly idle: string;
  readonly running: string;
  readonly start: string;
  readonly stop: string;
  readonly saved: string;
  readonly holiday: string;
  readonly change: string;
}

export const LIGHT: Palette = {
  ground: "#ffffff",
  frame: "#d1d9e0",
  text: "#1f2328",
  muted: "#59636e",
  grid: "#e6eaef",
  idle: "#c4ccd6",
  running: "#79b8f7",
  start: "#116329",
  stop: "#b3261e",
  saved: "#1a7f37",
  holiday: "#7a3fc4",
  change: "#9a6700",
};

export const DARK: Palette = {
  ground: "#0d1117",
  frame: "#3d444d",
  text: "#f0f6fc",
  muted: "#a0aab5",
  grid: "#21272f",
  idle: "#444c56",
  running: "#2f6bb3",
  start: "#5fd975",
  stop: "#ff8077",
  saved: "#4ac26b",
  holiday: "#bc94f8",
  change: "#e3b341",
};

/**
 * The picture's style sheet. It follows the reader's choice of light or dark wherever the picture is shown, as an
 * `<img>` too, and brings its own ground, since a page may be dark where the reader's system is not. Colours are
 * written out in each rule: programs other than browsers know no custom properties.
 */
export function styleSheet(): Markup {
  const rules = [
    'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}',
    ".title{font-size:18px;font-weight:600}.day{font-size:12.5px;font-weight:600}.name,.hours{font-size:13.5px;font-weight:600}",
    ".small{font-size:11px}.time{font-size:10.5px}.scale{font-size:10.5px}.middle{text-anchor:middle}.end{text-anchor:end}",
    ".skipped-time{text-decoration:line-through}.idle,.unknown,.grid,.hour,.tick{fill:none}",
    ".unknown{stroke-width:2;stroke-dasharray:2 4}.tick{stroke-width:2}.fine{stroke-width:.75}.skipped-tick{stroke-width:1.5;stroke-dasharray:2 2;fill:none}",
    ".hatch{stroke-width:1.5;stroke-opacity:.45}.band{fill-opacity:.28}",
    colors(LIGHT),
    `@media (prefers-color-scheme:dark){${colors(DARK)}}`,
  ];
  return new Markup(rules.join("\n"));
}

function colors(palette: Palette): string {
  return [
    `.ground{fill:${palette.ground};stroke:${palette.frame}}`,
    `.title,.day,.name,.hours{fill:${palette.text}}`,
    `.small,.time,.scale{fill:${palette.muted}}`,
    `.grid{stroke:${palette.frame}}.hour{stroke:${palette.grid}}`,
    `.idle,.unknown{stroke:${palette.idle}}`,
    `.running{fill:${palette.running}}`,
    `.start{fill:${palette.start}}.start-tick{stroke:${palette.start}}`,
    `.stop{fill:${palette.stop}}.stop-tick{stroke:${palette.stop}}`,
    `.saved{fill:${palette.saved}}`,
    `.skipped-time{fill:${palette.muted}}.skipped-tick{stroke:${palette.muted}}`,
    `.holiday{fill:${palette.holiday}}.hatch{stroke:${palette.holiday}}`,
    `.change,.band{fill:${palette.change}}`,
  ].join("");
}
