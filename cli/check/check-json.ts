import { type AnswerJson, answerJson } from "../functions/answer-json";
import type { CheckRun } from "./check-run";

/** What `check --json` prints: of the report, the `services` of its instances are what was looked for. */
export interface CheckJson extends AnswerJson {
  readonly target: string;
  /** What was looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
}

export function checkJson({ target, checks, answer }: CheckRun): CheckJson {
  return { target, checks, ...answerJson(answer) };
}
