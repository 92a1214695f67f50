import type { RunReport } from "../../schedule/report";
import { columnsOf, printable } from "../printable";
import type { Paint } from "../table";
import type { Terminal } from "../terminal";
import { paragraph } from "../wrap";
import type { FunctionAnswer } from "./run-function";

/** What a run says of itself as a whole, before its instances: nothing, where all is well. */
export function wholeRunLines({ report, failure }: FunctionAnswer, terminal: Terminal): string[] {
  const { red, yellow } = terminal.colors;
  const say = (text: string, paint: Paint) => paragraph(text, terminal.columns, { paint });
  if (report === undefined) return say(failure ?? "The function told nothing", red);
  const { status, reason, errors, warnings } = report;
  return [
    ...(reason === undefined ? [] : say(withStatus(status, reason), status === "skipped" ? yellow : red)),
    ...(isOlder(report)
      ? say("The deployed function is older than this command: deploy the config again.", yellow)
      : []),
    ...errors.flatMap((error) => say(`Failed in ${error.region}: ${error.reason}`, red)),
    ...warnings.flatMap((warning) => say(`Warning: ${warning}`, yellow)),
  ];
}

/** `the function took 0.4 s`. */
export function tookText({ durationSeconds }: RunReport): string {
  const seconds = durationSeconds < 0.1 ? "under 0.1" : Number(durationSeconds.toFixed(1));
  return `the function took ${seconds} s`;
}

/** Which function ran, and how to find its run in the log. */
export function functionLines(
  { function: { name }, requestId }: FunctionAnswer,
  region: string,
  terminal: Terminal,
): string[] {
  const parts = [`${name} in ${region}`, `request ${requestId}`];
  const { columns, colors } = terminal;
  const line = parts.join(", ");
  return (columnsOf(line) <= columns ? [line] : parts).map((part) => colors.dim(printable(part)));
}

function withStatus(status: RunReport["status"], reason: string): string {
  // A refusal says so itself.
  return status === "refused" ? reason : `${status === "skipped" ? "Skipped" : "Failed"}: ${reason}`;
}

/** A request has gained keys over time. */
function isOlder({ status, reason = "" }: RunReport): boolean {
  return status === "refused" && reason.includes("Unknown key");
}
