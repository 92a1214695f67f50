import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../cli/aws/call";
import type { DeployedFunction, Invocation, InvocationEnding } from "../../../cli/aws/lambda";
import type { Clock } from "../../../cli/context";
import type { Deployment } from "../../../cli/deployment/deployment";
import { runFunction } from "../../../cli/runs/invoke";
import type { FunctionRun } from "../../../cli/runs/run";
import type { RunReport } from "../../../contract/report";

const NAME = "dev-StopEC2Instances";
const DEPLOYMENT = {
  names: { functions: { stop: NAME, start: "dev-StartEC2Instances" } },
  aws: { region: "eu-west-1" },
} as Deployment;
const FUNCTION = { name: NAME, timeoutSeconds: 60, logGroup: `/aws/lambda/${NAME}` } as DeployedFunction;
const REQUEST = { schedule: "s", action: "stop", targets: [] } as const;
const REPORT: RunReport = {
  schedule: "s",
  action: "stop",
  requestId: "1-2",
  dryRun: false,
  status: "failed",
  counts: { done: 0, already: 0, skipped: 0, failed: 1, unconfirmed: 0, deferred: 0 },
  errors: [],
  warnings: [],
  instances: [],
  durationSeconds: 1,
};
const THREW: InvocationEnding = { kind: "threw", errorType: "StartStopError", message: "1 failed: i-1" };
const RUN: FunctionRun = {
  functionName: NAME,
  requestId: "1-2",
  attempt: 1,
  startedAt: new Date("2026-11-23T11:00:00Z"),
  ending: "reported",
  report: REPORT,
};

interface World {
  readonly ending?: InvocationEnding;
  readonly logTail?: string;
  /** What each look at the log finds; the last again and again. */
  readonly looks?: readonly (FunctionRun | AwsError | undefined)[];
}

async function answerOf({ ending = THREW, logTail = "", looks = [] }: World) {
  let now = Date.parse("2026-11-23T11:00:00Z");
  let looked = 0;
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
  const invocation: Invocation = { requestId: "1-2", invokedAt: clock.now(), ending, logTail };
  const told: string[] = [];
  const answer = await runFunction(
    DEPLOYMENT,
    "stop",
    REQUEST,
    {
      clock,
      onInterrupt: () => new AbortController().signal,
      functions: { describe: async () => FUNCTION, invoke: async () => invocation },
      runs: {
        runs: async () => [],
        runOf: async (name, requestId) => {
          expect([name, requestId]).toEqual([NAME, "1-2"]);
          const found = looks[Math.min(looked++, looks.length - 1)];
          if (found instanceof Error) throw found;
          return found;
        },
      },
    },
    { update: (doing) => told.push(doing) },
  );
  return { ...answer, looked, told, waited: now - Date.parse("2026-11-23T11:00:00Z") };
}

describe("what a function that was run tells", () => {
  it("is what it returns, without what is there for CloudWatch", async () => {
    const ok: RunReport = { ...REPORT, status: "ok" };
    const ending = { kind: "returned", result: { ...ok, _aws: { Timestamp: 1 }, Failed: 0 } } as const;
    expect(await answerOf({ ending })).toMatchObject({ report: ok, looked: 0 });
    expect((await answerOf({ ending })).report).toEqual(ok);
  });

  it("is in the end of the log where it threw", async () => {
    const logTail = [
      '-0123456789abcdef0","outcome":"failed"}]}',
      JSON.stringify({ ...REPORT, requestId: "0-0", schedule: "another" }),
      JSON.stringify(REPORT),
      '{"type":"platform.report","record":{"requestId":"1-2"}}',
      "",
    ].join("\n");
    expect(await answerOf({ logTail })).toMatchObject({ report: REPORT, looked: 0 });
  });

  it("is looked for in CloudWatch Logs where that end is too short, until it is there", async () => {
    const answer = await answerOf({
      logTail: '-0123456789abcdef0","outcome":"failed"}]}\n',
      looks: [undefined, { ...RUN, ending: "running", report: undefined } as unknown as FunctionRun, RUN],
    });
    expect(answer).toMatchObject({ report: REPORT, looked: 3, waited: 4_000 });
    expect(answer.told).toEqual([
      `${NAME} runs (it may take 60 s)`,
      "Its report is longer than what Lambda gives back: reading its log",
    ]);
  });

  it("is what it threw where the log never has it", async () => {
    const answer = await answerOf({ looks: [undefined] });
    expect(answer.report).toBeUndefined();
    expect(answer.failure).toBe(`${NAME} threw StartStopError: 1 failed: i-1 (its log has no report of it)`);
    expect(answer.waited).toBe(30_000);
  });

  it("is not waited for where the run has ended without", async () => {
    const { report: _, ...crashed } = { ...RUN, ending: "crashed" as const };
    expect(await answerOf({ looks: [crashed] })).toMatchObject({ waited: 0, looked: 1 });
  });

  it("is what it threw where the log may not be read", async () => {
    const answer = await answerOf({ looks: [new AwsError("AWS refused: logs")] });
    expect(answer.failure).toBe(
      `${NAME} threw StartStopError: 1 failed: i-1 (its whole report is in its log, which could not be read: AWS refused: logs)`,
    );
  });

  it("is that Lambda ended it, in words", async () => {
    const timedOut = await answerOf({ ending: { kind: "timed-out", errorType: "", message: "x" } });
    expect(timedOut.failure).toMatch(
      /^dev-StopEC2Instances timed out: Lambda ended it after 60 s, and which/,
    );
    const crashed = await answerOf({
      ending: { kind: "crashed", errorType: "Runtime.ExitError", message: "killed" },
    });
    expect(crashed.failure).toMatch(
      /crashed, .*: Runtime\.ExitError: killed\. Its log is in \/aws\/lambda\//,
    );
  });

  it.each([null, "text", [REPORT], { stopped: ["i-1"] }])(
    "is not taken for a report where it is none (%j)",
    async (result) => {
      const answer = await answerOf({ ending: { kind: "returned", result } });
      expect(answer.report).toBeUndefined();
      expect(answer.failure).toMatch(/answered, but with no report: it does not run this project's code/);
    },
  );
});
