import { describe, expect, it } from "@jest/globals";
import { endingOf } from "../../../cli/aws/lambda";

/** Payloads as Lambda has given them back. */
const payload = (errorType: string | undefined, errorMessage: string) =>
  JSON.stringify({ errorMessage, ...(errorType === undefined ? {} : { errorType }) });

describe("how an invocation ended", () => {
  it("is its result where Lambda tells of no error, even if that looks like one", () => {
    expect(endingOf('{"errorMessage":"x"}', undefined)).toEqual({
      kind: "returned",
      result: { errorMessage: "x" },
    });
    expect(endingOf("", undefined)).toEqual({ kind: "returned", result: undefined });
  });

  it("is what the function threw, on one line", () => {
    expect(endingOf(payload("StartStopError", "1 failed.\n i-1"), "Unhandled")).toEqual({
      kind: "threw",
      errorType: "StartStopError",
      message: "1 failed. i-1",
    });
  });

  it.each([
    ["Sandbox.Timedout", "RequestId: 1-2 Error: Task timed out after 60.00 seconds"],
    [undefined, "2026-11-23T11:00:00.000Z 1-2 Task timed out after 60.06 seconds"],
  ])("is a time-out, however Lambda tells it (%s)", (type, message) => {
    expect(endingOf(payload(type, message), "Unhandled").kind).toBe("timed-out");
  });

  it.each([
    ["Runtime.ExitError", "RequestId: 1-2 Error: Runtime exited with error: signal: killed"],
    ["Runtime.ImportModuleError", "Error: Cannot find module 'index'"],
    ["Runtime.OutOfMemory", "RequestId: 1-2 Process exited before completing request"],
    ["Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size"],
  ])("is a crash where the runtime says so, not the function (%s)", (type, message) => {
    expect(endingOf(payload(type, message), "Unhandled").kind).toBe("crashed");
  });
});
