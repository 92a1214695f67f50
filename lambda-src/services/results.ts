import type { FailingCheck } from "../../contract/report";
import { checkName, type ServiceCheck } from "./script";

/** A command on one instance, as SSM lists it. */
export interface CommandInvocation {
  /** `Success` if the script ran to its end, even if checks failed. */
  readonly status: string;
  /** A more precise status, such as `Delivery Timed Out`. */
  readonly statusDetails: string;
  readonly output: string;
}

const IN_PROGRESS = new Set(["Pending", "InProgress", "Delayed", "Cancelling"]);
const LINE = /^=check (\d+) (ok|no)(?: (.*))?$/;

export function hasEnded({ status }: CommandInvocation): boolean {
  return !IN_PROGRESS.has(status);
}

/** Failing checks listed for one instance. */
const MAX_FAILING = 20;

/** Parses the output into the checks that failed, or the reason why there is no result. */
export function readResult(
  invocation: CommandInvocation,
  checks: readonly ServiceCheck[],
): { readonly failing: readonly FailingCheck[] } | { readonly unknown: string } {
  const { status, statusDetails, output } = invocation;
  const ending = statusDetails || status;
  const results = new Map<number, string | undefined>();
  for (const line of output.split(/\r?\n/)) {
    const [, number, word, found = ""] = LINE.exec(line) ?? [];
    if (number) results.set(Number(number), word === "ok" ? undefined : cleanText(found));
  }
  if (results.size === 0) {
    const lastLine = cleanText(output.trim().split("\n").at(-1) ?? "").slice(0, 160);
    return {
      unknown: `the SSM command ended with ${ending} and no result${lastLine ? `: ${lastLine}` : ""}`,
    };
  }
  const noResult = `no result: ${status === "Success" ? "the output was too long" : `the command ended with ${ending}`}`;
  const failing = checks.flatMap((check, index): FailingCheck[] => {
    const found = results.has(index + 1) ? results.get(index + 1) : noResult;
    return found === undefined ? [] : [{ check: checkName(check), found }];
  });
  const more = failing.length - MAX_FAILING;
  if (more <= 0) return { failing };
  return { failing: [...failing.slice(0, MAX_FAILING), { check: `${more} more`, found: "not listed" }] };
}

/** Removes control characters, and a character at the end that the limit of the output has split. */
function cleanText(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .replace(/\ufffd+$/, "")
    .trim();
}
