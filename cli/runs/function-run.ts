import type { RunReport } from "../../schedule/report";

/** One run of a function, as its log tells it. An invocation that Lambda retried is several, with the same request id. */
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
 * How a run ended. `reported`: with a report, even if that tells of failures. `timed-out` and `crashed`: Lambda ended it,
 * or it threw without a report. `unreported`: without an error or a report, as the code of somebody else does.
 * `running`: nothing of its end is logged yet.
 */
export type RunEnding = "reported" | "timed-out" | "crashed" | "unreported" | "running";

/** From when on, and until before when, the runs started. */
export interface RunPeriod {
  readonly from: Date;
  /** @default now */
  readonly to?: Date;
}

/** Reads runs from the functions' logs. */
export interface RunReader {
  /**
   * Runs that started in a period, oldest first; undefined where the function has no log group.
   * @throws {AwsError}
   */
  runs(functionName: string, period: RunPeriod): Promise<readonly FunctionRun[] | undefined>;
  /**
   * The last attempt of an invocation; undefined where nothing of it is logged (yet: lines take some seconds to appear).
   * @param since when it was invoked, or somewhat before
   * @throws {AwsError}
   */
  runOf(functionName: string, requestId: string, since: Date): Promise<FunctionRun | undefined>;
}

/** What a `RunReader` needs in IAM. */
export const RUN_READER_PERMISSIONS = ["logs:FilterLogEvents"] as const;
