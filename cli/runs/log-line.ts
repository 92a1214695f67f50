import type { RunReport } from "../../schedule/report";

/** What a line of a function's log tells of a run. */
export type LogLine = StartLine | EndLine | ReportLine | ErrorLine;

export interface StartLine {
  readonly kind: "start";
  readonly requestId: string;
}

/** Lambda's own words about the end. It may tell it in several lines, each with a part of this. */
export interface EndLine extends RunEnd {
  readonly kind: "end";
  readonly requestId: string;
}

export interface RunEnd {
  readonly durationMs?: number;
  /** Without it, nothing is known to have gone wrong. */
  readonly failure?: "timeout" | "error";
  /** Such as `Runtime.OutOfMemory`. */
  readonly errorType?: string;
  readonly memorySizeMb?: number;
  readonly maxMemoryUsedMb?: number;
}

/** The function's own line. */
export interface ReportLine {
  readonly kind: "report";
  readonly requestId: string;
  readonly report: RunReport;
}

/** An error that the function's code or its runtime logged. */
export interface ErrorLine {
  readonly kind: "error";
  /** Some lines do not have it: they belong to the run that their environment is busy with. */
  readonly requestId?: string;
  readonly text: string;
  /** Whether it ended the run. */
  readonly fatal: boolean;
}
