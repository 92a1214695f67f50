import type { RunReport } from "../../schedule/report";
import type { CheckRun } from "./check-run";

/** What `check --json` prints. */
export interface CheckJson {
  readonly target: string;
  /** What was looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
  /** Name of the function that looked. */
  readonly function: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** What the function reports, `services` of its instances included; null where it came to no report. */
  readonly report: RunReport | null;
  /** Why there is no report. */
  readonly error?: string;
}

export function checkJson({ target, checks, answer }: CheckRun): CheckJson {
  return {
    target,
    checks,
    function: answer.function.name,
    requestId: answer.requestId,
    report: answer.report ?? null,
    ...(answer.failure === undefined ? {} : { error: answer.failure }),
  };
}
