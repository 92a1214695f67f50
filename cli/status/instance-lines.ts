import { type Cell, filledColumns, type Paint, plain, rowLines } from "../table";
import type { Terminal } from "../terminal";
import { paragraph } from "../wrap";
import { instanceNotes, type NotesContext } from "./instance-notes";
import { momentText } from "./moment-text";
import { instanceOutcome } from "./run-text";
import type { InstanceStatus } from "./status";
import type { Verdict } from "./verdict";

/** What stands before an instance, for those who see no colours too. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  off: "!",
  changing: "~",
  "left-alone": "-",
  ok: " ",
};

const NOTE_INDENT = 6;

/** A line for each instance, with notes below it; those of several regions apart. */
export function instanceLines(
  instances: readonly InstanceStatus[],
  context: NotesContext,
  terminal: Terminal,
): string[] {
  const { columns, colors } = terminal;
  const heading = ["  Instance", "Name", "State", "Since", "Should be", "Last run"];
  const rows = instances.map((instance) => instanceRow(instance, context, terminal));
  const filled = filledColumns([heading.map((text) => ({ text, paint: colors.dim })), ...rows], 1);
  const [headingLines = [], ...lines] = rowLines(filled, { width: columns, indent: 0 });
  const regions = new Set(instances.map(({ region }) => region));
  return [
    ...headingLines,
    ...instances.flatMap((instance, index) => [
      ...(regions.size > 1 && instances[index - 1]?.region !== instance.region
        ? [colors.dim(`  ${instance.region}`)]
        : []),
      ...(lines[index] ?? []),
      ...instanceNotes(instance, context).flatMap((note) =>
        paragraph(note, columns, { indent: NOTE_INDENT, paint: paintOf(instance.verdict, colors) }),
      ),
    ]),
  ];
}

/** What paints a verdict. */
export function paintOf(verdict: Verdict, colors: Terminal["colors"]): Paint {
  return { off: colors.red, changing: colors.yellow, "left-alone": colors.dim, ok: colors.green }[verdict];
}

function instanceRow(
  instance: InstanceStatus,
  { timezone, now }: NotesContext,
  { colors }: Terminal,
): Cell[] {
  const { instanceId, name = "", state, since, shouldBe, verdict, lastRun } = instance;
  const paint = paintOf(verdict, colors);
  const outcome = lastRun && instanceOutcome(lastRun);
  const bad = outcome?.kind === "bad" ? colors.red : colors.dim;
  return [
    { text: `${MARKS[verdict]} ${instanceId}`, paint: verdict === "ok" ? plain : paint },
    { text: name, paint: plain, mayBeCut: true },
    { text: state, paint },
    since === undefined ? "" : momentText(since, now, timezone),
    { text: shouldBe.state, paint: verdict === "off" ? paint : colors.dim },
    { text: outcome?.text ?? "", paint: bad },
  ];
}
