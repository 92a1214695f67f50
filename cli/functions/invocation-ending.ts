import type { InvocationEnding } from "./functions";

/** What Lambda calls the end of a function that it stopped for its time. */
const TIMED_OUT = /Task timed out after/;
/** Errors of the runtime and the sandbox, not of the code: the process died, or never got as far as the handler. */
const CRASHED = /^(Runtime|Sandbox|Extension|Function)\.|^Error: Runtime exited/;

/**
 * Reads the payload of an invocation.
 * @param functionError Lambda's header: set where the payload is an error, `Handled` or `Unhandled`
 */
export function endingOf(payload: string, functionError: string | undefined): InvocationEnding {
  const value = parse(payload);
  if (functionError === undefined) return { kind: "returned", result: value };
  const { errorType = "", errorMessage = payload } = (value ?? {}) as Partial<Record<string, string>>;
  const message = oneLine(errorMessage);
  if (TIMED_OUT.test(message)) return { kind: "timed-out", errorType, message };
  return { kind: CRASHED.test(errorType) ? "crashed" : "threw", errorType, message };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return String(text).replace(/\s+/g, " ").trim();
}
