import { instanceLines } from "../report/instance-lines";
import { changeVerdict } from "../report/instance-verdict";
import type { Terminal } from "../terminal";
import { paragraph } from "../wrap";
import type { ShownRun } from "./shown-run";

export interface ReportLinesOptions {
  /** The functions' region. */
  readonly region: string;
  readonly terminal: Terminal;
  /** Columns before each line. */
  readonly indent: number;
}

/** All that a run's report lists, below its line. */
export function reportLines({ report, requestId }: ShownRun, options: ReportLinesOptions): string[] {
  const { indent, terminal } = options;
  const below = (text: string) => paragraph(text, terminal.columns, { indent, hanging: indent + 2 });
  if (report === undefined) {
    return below(`request ${requestId}; what it asked of EC2 is in CloudTrail: ec2-start-stop history`);
  }
  const { errors, warnings, scheduledTime } = report;
  return [
    ...below(`request ${requestId}${scheduledTime === undefined ? "" : `, due at ${scheduledTime}`}`),
    ...errors.flatMap(({ region, reason }) => below(`error in ${region}: ${reason}`)),
    ...warnings.flatMap((warning) => below(`warning: ${warning}`)),
    ...instanceLines(report, { ...options, verdict: changeVerdict(report) }),
  ];
}
