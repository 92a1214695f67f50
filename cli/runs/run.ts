import { type ReportedOutcome, type RunReport, reportedOutcome } from "../../contract/report";
import { MINUTE_MS } from "../../contract/units";

/** One run of a function, as read from its log. An invocation that Lambda retried is several, with the same request id. */
export interface FunctionRun {
  readonly functionName: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** 1, or more for a retry, as far as the earlier attempts are among what was read. */
  readonly attempt: number;
  readonly startedAt: Date;
  /** Absent while it runs, and where the log does not say. */
  readonly durationMs?: number;
  readonly ending: RunEnding;
  /** Always there where `reported`. */
  readonly report?: RunReport;
  /** In words, where it `timed-out` or `crashed`. */
  readonly error?: string;
}

/**
 * How a run ended. `reported`: with a report, even if that lists failures. `timed-out` and `crashed`: Lambda ended it,
 * or it threw without a report. `unreported`: without an error or a report, as other people's code does.
 * `running`: its end is not logged yet.
 */
type RunEnding = "reported" | "timed-out" | "crashed" | "unreported" | "running";

/** The period in which runs started, `to` excluded. */
export interface RunPeriod {
  readonly from: Date;
  /** @default now */
  readonly to?: Date;
}

/** Reads runs from the functions' logs. */
export interface RunReader {
  /**
   * Reads the runs that started in a period, oldest first; undefined if the function has no log group.
   * @throws {AwsError}
   */
  runs(functionName: string, period: RunPeriod): Promise<readonly FunctionRun[] | undefined>;
  /**
   * Reads the last attempt of an invocation; undefined if nothing is logged (yet: lines take some seconds to appear).
   * @param since when it was invoked, or somewhat before
   * @throws {AwsError}
   */
  runOf(functionName: string, requestId: string, since: Date): Promise<FunctionRun | undefined>;
}

/** Lambda ends every run after 15 minutes. */
export const MAX_RUN_MS = 15 * MINUTE_MS;
/** The last lines of a run may be logged a little later. */
export const MAX_LOGGED_MS = MAX_RUN_MS + MINUTE_MS;
/** The clocks of Lambda, EventBridge and this machine may differ. */
export const CLOCK_SKEW_MS = MINUTE_MS;

/** How a run ended, in a word: as its report says, or as Lambda's own lines do. */
export type RunOutcome = ReportedOutcome | Exclude<RunEnding, "reported">;

export function outcomeOf({ ending, report }: Pick<FunctionRun, "ending" | "report">): RunOutcome {
  if (ending !== "reported") return ending;
  return report === undefined ? "crashed" : reportedOutcome(report);
}

const FAILED: readonly RunOutcome[] = ["failed", "refused", "timed-out", "crashed"];

/** Whether the run failed in a way that needs attention. */
export function isFailedRun(run: FunctionRun): boolean {
  return FAILED.includes(outcomeOf(run));
}

/** The function's name for the schedule of a request that it could not read. */
const UNKNOWN_SCHEDULE = "unknown";

/** The schedule that a run was for; undefined without a report: what a trigger asked for is not logged. */
export function scheduleNameOf({ report }: FunctionRun): string | undefined {
  return report?.schedule === UNKNOWN_SCHEDULE ? undefined : report?.schedule;
}
