import { describe, expect, it } from "@jest/globals";
import type { LogEvent } from "../../../cli/aws/logs";
import { groupRuns } from "../../../cli/runs/group";
import { reportOf } from "../../support/builders";
import { A, at, B, nodeError, platform, reportLine, stream, text } from "../../support/recorded-runs";

const runsOf = (events: readonly LogEvent[], now = at(3600)) =>
  groupRuns("dev-StopEC2Instances", events, now).map(({ run }) => run);

const RUN_A = { functionName: "dev-StopEC2Instances", requestId: A, attempt: 1, startedAt: at(0) };

describe("runs in the JSON log format", () => {
  it("have their report, without its metrics, and Lambda's duration", () => {
    const events = stream("s", [
      [-1, platform.initStart],
      [0, platform.start(A)],
      [1.39, reportLine(A)],
      [1.4, platform.runtimeDone(A)],
      [1.4, platform.report(A)],
    ]);
    expect(runsOf(events)).toEqual([
      { ...RUN_A, durationMs: 1400.25, ending: "reported", report: reportOf(A) },
    ]);
  });

  it("are told by their report even where they then throw", () => {
    const failed = {
      status: "failed",
      counts: { done: 0, already: 0, skipped: 0, failed: 2, unconfirmed: 0, deferred: 0 },
    } as const;
    const events = stream("s", [
      [0, platform.start(A)],
      [1, reportLine(A, failed)],
      [1.1, nodeError(A, "StartStopError", "Schedule dev-stop, stop: 2 failed")],
      [1.2, platform.report(A, { status: "error", errorType: "StartStopError" })],
    ]);
    expect(runsOf(events)).toEqual([
      { ...RUN_A, durationMs: 1400.25, ending: "reported", report: reportOf(A, failed) },
    ]);
  });

  it("crashed after a report that knew of no failure", () => {
    const events = stream("s", [
      [0, platform.start(A)],
      [1, reportLine(A)],
      [2, platform.report(A, { status: "error", errorType: "Runtime.ExitError" })],
    ]);
    expect(runsOf(events)).toMatchObject([
      { ending: "crashed", report: reportOf(A), error: "ended with Runtime.ExitError (no reason logged)" },
    ]);
  });

  it("are no runs of the watch, unless these fail", () => {
    const watch = JSON.stringify({ level: "INFO", requestId: A, Schedule: "watch", FiringAnnounced: 1 });
    const ended = (end: string) =>
      runsOf(
        stream("s", [
          [0, platform.start(A)],
          [1, watch],
          [2, end],
        ]),
      ).map(({ ending }) => ending);
    expect(ended(platform.report(A))).toEqual([]);
    expect(ended(platform.report(A, { status: "timeout" }))).toEqual(["timed-out"]);
  });

  it("timed out without a report", () => {
    const events = stream("s", [
      [0, platform.start(A)],
      [60, platform.runtimeDone(A, "timeout")],
      [60.1, platform.report(A, { status: "timeout", durationMs: 60_000 })],
    ]);
    expect(runsOf(events)).toEqual([
      { ...RUN_A, durationMs: 60_000, ending: "timed-out", error: "timed out after 60 s" },
    ]);
  });

  it("timed out with their memory full, which is what made them slow", () => {
    const events = stream("s", [
      [0, platform.start(A)],
      [60, platform.report(A, { status: "timeout", durationMs: 60_000, used: 256 })],
    ]);
    expect(runsOf(events)).toMatchObject([{ error: "timed out after 60 s, with its 256 MB of memory full" }]);
  });

  it.each([
    ["by its error type", [[2, platform.report(A, { status: "error", errorType: "Runtime.OutOfMemory" })]]],
    [
      "by the signal that ended it",
      [
        [2, `RequestId: ${A} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`],
        [2, platform.report(A, { status: "error", errorType: "Runtime.ExitError", used: 256 })],
      ],
    ],
    ["by its full memory alone", [[2, platform.report(A, { status: "error", used: 256 })]]],
  ] as [string, [number, string][]][])("were out of memory, told %s", (_, lines) => {
    expect(runsOf(stream("s", [[0, platform.start(A)], ...lines]))).toMatchObject([
      { ending: "crashed", error: "out of memory (256 MB)" },
    ]);
  });

  it("crashed with the error that was thrown", () => {
    const events = stream("s", [
      [0, platform.start(A)],
      [0.2, nodeError(A, "TypeError", "Cannot read properties\n of undefined")],
      [0.3, platform.report(A, { status: "error", errorType: "TypeError" })],
    ]);
    expect(runsOf(events)).toMatchObject([
      { ending: "crashed", error: "TypeError: Cannot read properties of undefined" },
    ]);
  });

  it("run while nothing of their end is logged, for as long as Lambda lets a function run", () => {
    const events = stream("s", [[0, platform.start(A)]]);
    expect(runsOf(events, at(30))).toEqual([{ ...RUN_A, ending: "running" }]);
    expect(runsOf(events, at(17 * 60))).toEqual([
      { ...RUN_A, ending: "crashed", error: "its end is not in the log" },
    ]);
  });

  it("began before the first line that was read, as their duration tells", () => {
    const events = stream("s", [[1.4, platform.report(A, { durationMs: 1400 })]]);
    expect(runsOf(events)).toMatchObject([{ startedAt: at(0), ending: "unreported" }]);
    expect(runsOf(stream("s", [[1.39, reportLine(A)]]))).toMatchObject([
      { startedAt: at(0), durationMs: 1390, ending: "reported" },
    ]);
  });

  it("have reports of 250 kB", () => {
    const instances = Array.from({ length: 2400 }, (_, index) => ({
      instanceId: `i-${index.toString(16).padStart(17, "0")}`,
      region: "ap-northeast-2",
      outcome: "done" as const,
      reason: "x".repeat(20),
    }));
    const line = reportLine(A, { instances });
    expect(line.length).toBeGreaterThan(240_000);
    const [run] = runsOf(
      stream("s", [
        [0, platform.start(A)],
        [1, line],
        [1.4, platform.report(A)],
      ]),
    );
    expect(run?.report?.instances).toHaveLength(2400);
  });
});

describe("runs side by side", () => {
  const a = stream("one", [
    [0, platform.start(A)],
    [2, reportLine(A)],
    [2.1, platform.report(A)],
  ]);
  const b = stream("two", [
    [1, platform.start(B)],
    [60, platform.report(B, { status: "timeout", durationMs: 59_000 })],
  ]);

  it("are told apart, in whatever order their events come", () => {
    const expected = [
      { requestId: A, ending: "reported", startedAt: at(0) },
      { requestId: B, ending: "timed-out", startedAt: at(1) },
    ];
    expect(runsOf([...a, ...b])).toMatchObject(expected);
    expect(runsOf([...b, ...a].reverse())).toMatchObject(expected);
  });

  it("are told apart one after the other in one environment, at the same millisecond", () => {
    const events = stream("s", [
      [0, platform.start(A)],
      [2, platform.start(B)],
      [2, platform.report(A, { durationMs: 2000 })],
      [3, nodeError(B, "Error", "no")],
      [3, platform.report(B, { status: "error" })],
    ]);
    expect(runsOf(events)).toMatchObject([
      { requestId: A, ending: "unreported" },
      { requestId: B, ending: "crashed", error: "Error: no" },
    ]);
  });
});

describe("an invocation that Lambda tried again", () => {
  const failed = { status: "failed" } as const;

  it("is several runs with one id, in one environment", () => {
    const events = stream("s", [
      [0, platform.start(A)],
      [60, platform.report(A, { status: "timeout", durationMs: 60_000 })],
      [120, platform.start(A)],
      [121, reportLine(A, failed)],
      [121, platform.report(A, { status: "error" })],
      [240, platform.start(A)],
      [241, reportLine(A)],
      [241, platform.report(A)],
    ]);
    expect(runsOf(events).map(({ attempt, ending, report }) => [attempt, ending, report?.status])).toEqual([
      [1, "timed-out", undefined],
      [2, "reported", "failed"],
      [3, "reported", "ok"],
    ]);
  });

  it("is several runs with one id, in several environments", () => {
    const first = stream("one", [
      [0, platform.start(A)],
      [1, platform.report(A, { status: "error", errorType: "Runtime.OutOfMemory" })],
    ]);
    const second = stream("two", [
      [60, platform.start(A)],
      [61, reportLine(A)],
      [61, platform.report(A)],
    ]);
    expect(runsOf([...second, ...first])).toMatchObject([
      { attempt: 1, ending: "crashed", startedAt: at(0) },
      { attempt: 2, ending: "reported", startedAt: at(60) },
    ]);
  });

  it("is several runs where Lambda's own lines are turned off", () => {
    const events = stream("s", [
      [1.39, reportLine(A, failed)],
      [61.39, reportLine(A)],
    ]);
    expect(runsOf(events)).toMatchObject([
      { attempt: 1, startedAt: at(0), report: { status: "failed" } },
      { attempt: 2, startedAt: at(60), report: { status: "ok" } },
    ]);
  });
});

describe("runs in the plain-text log format", () => {
  it("have their report and Lambda's duration, not the billed one", () => {
    const events = stream("s", [
      [-1, "INIT_START Runtime Version: nodejs:22.v58\tRuntime Version ARN: arn:aws:lambda:::runtime:x\n"],
      [0, text.start(A)],
      [1, reportLine(A)],
      [1.2, text.end(A)],
      [1.2, text.report(A, 1201.5)],
    ]);
    expect(runsOf(events)).toEqual([
      { ...RUN_A, durationMs: 1201.5, ending: "reported", report: reportOf(A) },
    ]);
  });

  it.each([
    ["as Lambda tells it today", [[60, text.report(A, 60_000, "Status: timeout")]]],
    [
      "as Lambda told it for years",
      [
        [60, text.end(A)],
        [60, text.report(A, 60_000)],
        [60, `2026-11-23T11:01:04.000Z ${A} Task timed out after 60.00 seconds\n\n`],
      ],
    ],
  ] as [string, [number, string][]][])("timed out, %s", (_, lines) => {
    expect(runsOf(stream("s", [[0, text.start(A)], ...lines]))).toEqual([
      { ...RUN_A, durationMs: 60_000, ending: "timed-out", error: "timed out after 60 s" },
    ]);
  });

  it("crashed by what Node.js did not catch", () => {
    const details = JSON.stringify({ errorType: "AccessDenied", errorMessage: "You may not", stack: [] });
    const events = stream("s", [
      [0, text.start(A)],
      [1, `2026-11-23T11:00:05.000Z\t${A}\tERROR\tInvoke Error \t${details}\n`],
      [1, text.end(A)],
      [1, text.report(A, 1000)],
    ]);
    expect(runsOf(events)).toMatchObject([{ ending: "crashed", error: "AccessDenied: You may not" }]);
  });

  it("crashed by an exception of Python, whose line has no request id", () => {
    const events = stream("s", [
      [0, text.start(A)],
      [
        1,
        "[ERROR] ClientError: An error occurred (UnauthorizedOperation)\nTraceback (most recent call last):\n  File\n",
      ],
      [1.1, text.end(A)],
      [1.1, text.report(A, 1100)],
      [5, text.start(B)],
      [6, "stopped your instances: ['i-0123456789abcdef0']\n"],
      [6, text.end(B)],
      [6, text.report(B, 1000)],
    ]);
    expect(runsOf(events)).toMatchObject([
      { requestId: A, ending: "crashed", error: "ClientError: An error occurred (UnauthorizedOperation)" },
      { requestId: B, ending: "unreported" },
    ]);
  });

  it("crashed by an exception that Python's JSON format tells", () => {
    const line = JSON.stringify({
      timestamp: "2026-11-23T11:00:05Z",
      log_level: "ERROR",
      errorMessage: "invalid start byte",
      errorType: "UnicodeDecodeError",
      requestId: A,
      stackTrace: ["  File"],
    });
    const events = stream("s", [
      [0, platform.start(A)],
      [1, line],
      [1, platform.report(A, { status: "error", errorType: "UnicodeDecodeError" })],
    ]);
    expect(runsOf(events)).toMatchObject([{ error: "UnicodeDecodeError: invalid start byte" }]);
  });

  it("ended well where an error was logged, and not thrown", () => {
    const events = stream("s", [
      [0, text.start(A)],
      [1, `[ERROR]\t2026-11-23T11:00:05.000Z\t${A}\tcould not read a tag\n`],
      [1, `2026-11-23T11:00:05.000Z\t${A}\tERROR\tcould not read a tag\n`],
      [1.1, text.end(A)],
      [1.1, text.report(A, 1100)],
    ]);
    expect(runsOf(events)).toMatchObject([{ ending: "unreported" }]);
  });

  it("crashed when the runtime ended", () => {
    const events = stream("s", [
      [0, text.start(A)],
      [1, text.end(A)],
      [1, text.report(A, 1000)],
      [1, `RequestId: ${A} Error: Runtime exited with error: exit status 137\nRuntime.ExitError\n`],
    ]);
    expect(runsOf(events)).toMatchObject([
      { ending: "crashed", error: "Runtime.ExitError: Runtime exited with error: exit status 137" },
    ]);
  });
});

it("reads the report of another version: missing counts are none, unknown outcomes are kept", () => {
  const counts = { done: 1, delayed: 2 };
  const services = { passed: 1, asleep: 1 };
  const instances = [{ instanceId: "i-1", region: "us-east-1", outcome: "delayed" }, null];
  const line = JSON.stringify({ ...reportOf(A), counts, services, instances, queued: [1] });
  const [run] = runsOf(stream("s", [[0, line]]));
  expect(run?.report).toMatchObject({
    counts: { done: 1, delayed: 2, failed: 0, unconfirmed: 0, deferred: 0, already: 0, skipped: 0 },
    services: { passed: 1, asleep: 1, failed: 0, pending: 0, unchecked: 0 },
    instances: [{ instanceId: "i-1", outcome: "delayed" }],
  });
  expect(run?.report).not.toHaveProperty("queued");
});

describe("lines of other code", () => {
  it.each([
    ["no JSON after all", "{ not json"],
    ["another object", JSON.stringify({ requestId: A, status: "ok", schedule: 7 })],
    ["a report without its lists", JSON.stringify({ ...reportOf(A), instances: undefined })],
    ["a report without its counts", JSON.stringify({ ...reportOf(A), counts: undefined })],
    ["a report with counts that are no numbers", JSON.stringify({ ...reportOf(A), counts: { done: "1" } })],
    ["a list", "[1, 2]"],
    ["nothing", "\n"],
  ])("are left out: %s", (_, line) => {
    expect(runsOf(stream("s", [[0, line]]))).toEqual([]);
  });
});

it("reads 10,000 events in well under a second", () => {
  const events = Array.from({ length: 2500 }, (_, index) => {
    const id = `${index.toString(16).padStart(8, "0")}${A.slice(8)}`;
    return stream(`s${index % 7}`, [
      [index * 10, platform.start(id)],
      [index * 10 + 1, reportLine(id)],
      [index * 10 + 2, platform.runtimeDone(id)],
      [index * 10 + 2, platform.report(id)],
    ]);
  }).flat();
  const begun = performance.now();
  expect(runsOf(events)).toHaveLength(2500);
  // It takes some 50 ms on an idle machine, and this one may be busy.
  expect(performance.now() - begun).toBeLessThan(2000);
});
