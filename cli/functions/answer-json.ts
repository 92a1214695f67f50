import type { RunReport } from "../../schedule/report";
import type { FunctionAnswer } from "./run-function";

/** What a function that was run has told, as `--json` prints it. */
export interface AnswerJson {
  /** Name of the function. */
  readonly function: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** What the function reports; null where it came to no report. */
  readonly report: RunReport | null;
  /** Why there is no report. */
  readonly error?: string;
}

export function answerJson({ function: { name }, requestId, report, failure }: FunctionAnswer): AnswerJson {
  return {
    function: name,
    requestId,
    report: report ?? null,
    ...(failure === undefined ? {} : { error: failure }),
  };
}
