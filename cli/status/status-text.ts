import { sectionsText } from "../sections";
import type { Terminal } from "../terminal";
import { minuteInZone, utcMinute } from "../time-text";
import { paragraph } from "../wrap";
import { MARKS } from "./instance-lines";
import { countInstances, type InstanceStatus, type Status } from "./status";
import { number, targetLines, VERDICT_TEXTS } from "./target-lines";
import { VERDICTS } from "./verdict";

export interface StatusTextOptions {
  readonly terminal: Terminal;
  /** Every instance, however many there are. */
  readonly all: boolean;
}

/** The status to be read in a terminal. */
export function statusText(status: Status, { terminal, all }: StatusTextOptions): string {
  const { bold, dim } = terminal.colors;
  const { name, region, timezone, now, targets } = status;
  const sections = [
    [
      `${bold(name)}  ${region}`,
      dim(`${minuteInZone(toSecond(now), timezone)} ${timezone}, ${utcMinute(toSecond(now))}`),
      ...logLines(status, terminal),
    ],
    ...targets.map((target) => targetLines(target, { status, all, terminal })),
    [...legendLines(status, terminal), ...verdictLines(status, terminal)],
  ];
  return sectionsText(sections);
}

function logLines({ runsProblem, withoutLog, region }: Status, { colors, columns }: Terminal): string[] {
  const notes = [
    ...(runsProblem === undefined ? [] : [`The last runs are not known. ${runsProblem}`]),
    ...withoutLog.map(
      (name) => `${name} has no log group in ${region}: it is not deployed there, or never ran`,
    ),
  ];
  return notes.flatMap((note) => paragraph(note, columns, { paint: colors.yellow }));
}

/** Of the marks that are there. */
function legendLines({ targets }: Status, { colors }: Terminal): string[] {
  const present = VERDICTS.filter(
    (verdict) => verdict !== "ok" && targets.some(({ counts }) => counts[verdict] > 0),
  );
  if (present.length === 0) return [];
  return [colors.dim(present.map((verdict) => `${MARKS[verdict]} ${VERDICT_TEXTS[verdict]}`).join("   "))];
}

function verdictLines(status: Status, { colors }: Terminal): string[] {
  const { all, off } = countInstances(status);
  if (all === 0) return [colors.yellow("No instances.")];
  if (off > 0) {
    const what = all === 1 ? "instance" : "instances";
    const are = off === 1 ? "is not as it" : "are not as they";
    return [
      colors.red(`${number(off)} of ${number(all)} ${what} ${are} should be.`),
      ...(status.targets.some(({ instances }) => instances.some(isChanged))
        ? [colors.dim("Who started or stopped one: ec2-start-stop history --instance ID")]
        : []),
    ];
  }
  const others = status.targets.some(({ counts }) => counts.changing + counts["left-alone"] > 0);
  return [colors.green(others ? "All others are as they should be." : "All is as it should be.")];
}

/** Off because somebody or something started or stopped it. */
function isChanged({ verdict, obstacle, state, shouldBe }: InstanceStatus): boolean {
  return verdict === "off" && obstacle === undefined && state !== "missing" && state !== shouldBe.state;
}

function toSecond(instant: Date): Date {
  return new Date(Math.floor(+instant / 1000) * 1000);
}
