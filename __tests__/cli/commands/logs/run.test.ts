import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type LogsOptions, runLogs } from "../../../../cli/commands/logs/run";
import type { InstanceReport, RunReport } from "../../../../contract/report";
import { FakeClock, fakeContext } from "../../../support/fake-context";
import { FakeLogs } from "../../../support/fake-logs";
import { at, nodeError, platform, reportLine, stream } from "../../../support/recorded-runs";

const CONFIG = `name: dev
region: ap-northeast-2
timezone: Asia/Seoul
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  office: { running: "MON-FRI 08:00-21:00", targets: dev }
`;
const STOP = "dev-StopEC2Instances";
const START = "dev-StartEC2Instances";
/** Monday 2026-11-23, 20:00:04 in Seoul, is `at(0)`; it is now two hours later. */
const NOW = at(7200);

let folder: string;
let config: string;
let logs: FakeLogs;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "run-logs-"));
  config = join(folder, "c.yaml");
  writeFileSync(config, CONFIG);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  logs = new FakeLogs();
  logs.add(STOP);
  logs.add(START);
});

interface Shown {
  readonly text: string;
  readonly bad: boolean;
}

async function show(schedule?: string, options: Partial<LogsOptions> = {}, columns = 80): Promise<Shown> {
  const context = fakeContext(new FakeClock(NOW), { columns });
  await runLogs(schedule, { config, since: "24h", ...options }, context, () => logs);
  return { text: context.written.join(""), bad: context.isUnhealthy() };
}

const instance = (last: string, changes: Partial<InstanceReport>): InstanceReport => ({
  instanceId: `i-0123456789abcde${last}`,
  region: "ap-northeast-2",
  stateBefore: "running",
  stateAfter: "stopping",
  outcome: "done",
  ...changes,
});
const counts = (changes: Partial<RunReport["counts"]>) => ({
  done: 0,
  already: 0,
  skipped: 0,
  failed: 0,
  unconfirmed: 0,
  deferred: 0,
  ...changes,
});

/** A run of each kind: by the second at which it began. */
function allKinds(): void {
  const stop = (seconds: number, id: string, report: Partial<RunReport>, end = {}) =>
    logs.add(
      STOP,
      ...stream(`stop${seconds}`, [
        [seconds, platform.start(id)],
        [seconds + 1.4, reportLine(id, report)],
        [seconds + 1.4, platform.report(id, end)],
      ]),
    );
  const start = (seconds: number, lines: readonly (readonly [number, string])[]) =>
    logs.add(START, ...stream(`start${seconds}`, lines));
  stop(0, "ok", {});
  stop(-43_204, "late", {
    status: "skipped",
    counts: counts({}),
    reason: "too late: due at 2026-11-22T11:00:00Z, 720 minutes ago, latest 60",
  });
  stop(60, "dry", {
    dryRun: true,
    schedule: "office-stop",
    counts: counts({ done: 3 }),
  });
  stop(
    120,
    "failed",
    {
      schedule: "office-stop",
      status: "failed",
      counts: counts({ done: 1, failed: 2, skipped: 1 }),
      warnings: ["ap-northeast-2: no instance matches staging"],
      instances: [
        instance("f0", {
          stateAfter: "running",
          outcome: "failed",
          reason: "OperationNotPermitted: stop protection is on",
        }),
        instance("f1", {
          stateAfter: "running",
          outcome: "failed",
          reason: "UnsupportedOperation: no \u001b[31mway",
        }),
        instance("f2", {}),
        instance("f3", {
          outcome: "skipped",
          stateAfter: "running",
          reason: "member of an Auto Scaling group",
        }),
      ],
    },
    { status: "error", errorType: "StartStopError" },
  );
  start(180, [
    [180, platform.start("slow")],
    [240, platform.report("slow", { status: "timeout", durationMs: 60_000 })],
  ]);
  start(300, [
    [300, platform.start("slow")],
    [301, nodeError("slow", "TypeError", "Cannot read properties of undefined (reading 'Reservations')")],
    [301, platform.report("slow", { status: "error", durationMs: 812 })],
  ]);
  start(400, [
    [400, platform.start("services")],
    [
      452,
      reportLine("services", {
        schedule: "office-start",
        action: "start",
        status: "failed",
        counts: counts({ done: 2 }),
        services: { passed: 1, failed: 0, unchecked: 0, pending: 1 },
        instances: [
          instance("f0", {
            stateBefore: "stopped",
            stateAfter: "running",
            services: {
              status: "pending",
              failing: [{ check: "systemd nginx", found: "activating" }],
            },
          }),
        ],
      }),
    ],
    [452, platform.report("services", { status: "error", durationMs: 52_100 })],
  ]);
  start(500, [
    [500, "START RequestId: foreign Version: $LATEST\n"],
    [501, "END RequestId: foreign\n"],
    [501, "REPORT RequestId: foreign\tDuration: 371.20 ms\tBilled Duration: 372 ms\tMemory Size: 128 MB\n"],
  ]);
  start(7190, [[7190, platform.start("now")]]);
}

describe("the runs of a deployment", () => {
  it("are a line each, with why they failed below, in 80 columns", async () => {
    allKinds();
    const { text, bad } = await show();
    expect(text).toMatchInlineSnapshot(`
      "Runs since Sun 2026-11-22 22:00 +09:00 (Asia/Seoul)

      Mon 2026-11-23
        08:00:00  dev-stop      stop    1.4 s  skipped
                  too late: due at 2026-11-22T11:00:00Z, 720 minutes ago, latest 60
        20:00:04  dev-stop      stop    1.4 s  ok         2 done, 1 already
        20:01:04  office-stop   stop    1.4 s  ok         dry run: 3 done
        20:02:04  office-stop   stop    1.4 s  failed
                  2 failed, 1 done, 1 skipped; 1 warning
                  i-0123456789abcdef0: OperationNotPermitted: stop protection is on
                  (and 1 more: --verbose)
        20:03:04  ?             start  60.0 s  timed out  after 60 s, no report
        20:05:04  ?             start   0.8 s  crashed
                  attempt 2; TypeError: Cannot read properties of undefined (reading
                  'Reservations'), no report
        20:06:44  office-start  start  52.1 s  pending    2 done; services 1 pending
                  i-0123456789abcdef0: services pending: systemd nginx: activating
        20:08:24  ?             start   0.4 s  no report
                  no error either: older code, or other code
        21:59:54  ?             start          running    no end is logged yet

      9 runs: 1 skipped, 2 ok, 1 failed, 1 timed out, 1 crashed, 1 pending, 1 no
      report, 1 running.
      "
    `);
    expect(bad).toBe(true);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("have UTC next to local time where there is room", async () => {
    allKinds();
    const { text } = await show(undefined, {}, 160);
    expect(text).toMatchInlineSnapshot(`
      "Runs since Sun 2026-11-22 22:00 +09:00 (Asia/Seoul)

      Mon 2026-11-23
        08:00:00  23:00:00Z  dev-stop      stop    1.4 s  skipped    too late: due at 2026-11-22T11:00:00Z, 720 minutes ago, latest 60
        20:00:04  11:00:04Z  dev-stop      stop    1.4 s  ok         2 done, 1 already
        20:01:04  11:01:04Z  office-stop   stop    1.4 s  ok         dry run: 3 done
        20:02:04  11:02:04Z  office-stop   stop    1.4 s  failed     2 failed, 1 done, 1 skipped; 1 warning
                  i-0123456789abcdef0: OperationNotPermitted: stop protection is on (and 1 more: --verbose)
        20:03:04  11:03:04Z  ?             start  60.0 s  timed out  after 60 s, no report
        20:05:04  11:05:04Z  ?             start   0.8 s  crashed    attempt 2; TypeError: Cannot read properties of undefined (reading 'Reservations'), no report
        20:06:44  11:06:44Z  office-start  start  52.1 s  pending    2 done; services 1 pending
                  i-0123456789abcdef0: services pending: systemd nginx: activating
        20:08:24  11:08:24Z  ?             start   0.4 s  no report  no error either: older code, or other code
        21:59:54  12:59:54Z  ?             start          running    no end is logged yet

      9 runs: 1 skipped, 2 ok, 1 failed, 1 timed out, 1 crashed, 1 pending, 1 no report, 1 running.
      "
    `);
  });

  it("list their instances with --verbose", async () => {
    allKinds();
    const { text } = await show("office", { verbose: true, failed: true });
    expect(text).toMatchInlineSnapshot(`
      "Failed runs since Sun 2026-11-22 22:00 +09:00 (Asia/Seoul)

      Mon 2026-11-23
        20:02:04  office-stop   stop    1.4 s  failed
                  2 failed, 1 done, 1 skipped; 1 warning
                  request failed, due at 2026-11-23T11:00:00Z
                  warning: ap-northeast-2: no instance matches staging
                  failed   i-0123456789abcdef0  running
                      OperationNotPermitted: stop protection is on
                  failed   i-0123456789abcdef1  running
                      UnsupportedOperation: no \\u001b[31mway
                  done     i-0123456789abcdef2  running -> stopping
                  skipped  i-0123456789abcdef3  running
                      member of an Auto Scaling group
        20:03:04  ?             start  60.0 s  timed out  after 60 s, no report
                  request slow; what it asked of EC2 is in CloudTrail: ec2-start-stop
                    history
        20:05:04  ?             start   0.8 s  crashed
                  attempt 2; TypeError: Cannot read properties of undefined (reading
                  'Reservations'), no report
                  request slow; what it asked of EC2 is in CloudTrail: ec2-start-stop
                    history

      3 runs: 1 failed, 1 timed out, 1 crashed.
      "
    `);
  });

  it("are only those that failed with --failed", async () => {
    allKinds();
    const { text, bad } = await show(undefined, {
      failed: true,
      since: "1h",
    });
    expect(text).toContain("No failed run of");
    expect(bad).toBe(false);
    const { text: all } = await show(undefined, { failed: true, json: true });
    expect(JSON.parse(all).runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "failed",
      "timed-out",
      "crashed",
    ]);
  });

  it("are those of a schedule, and those of its functions that do not tell theirs", async () => {
    allKinds();
    const ids = async (schedule: string) =>
      JSON.parse((await show(schedule, { json: true })).text).runs.map(
        ({ requestId }: { requestId: string }) => requestId,
      );
    expect(await ids("dev-stop")).toEqual(["late", "ok"]);
    expect(await ids("office-start")).toEqual(["slow", "slow", "services", "foreign", "now"]);
    expect(await ids("office")).toEqual(["dry", "failed", "slow", "slow", "services", "foreign", "now"]);
  });

  it("are good where a run only waits for services that are not up yet", async () => {
    allKinds();
    const { text, bad } = await show("office-start", {
      since: "114m",
    });
    expect(text).toContain("pending");
    expect(bad).toBe(false);
  });
});

describe("no runs", () => {
  it("are told with the firing that was due, and what to look at next", async () => {
    expect((await show()).text).toMatchInlineSnapshot(`
      "No runs of dev-StopEC2Instances and dev-StartEC2Instances since Sun 2026-11-22
      22:00 +09:00.
      By the config, office-stop was due on Mon 2026-11-23 21:00 +09:00, and did not
      run, or its lines are not there yet.

      What to check next:
        - Further back: ec2-start-stop logs --since 7d
        - When each schedule fires next: ec2-start-stop status
        - Whether the triggers are there, enabled, and may call the functions:
          ec2-start-stop doctor
        - What a run would do, without waiting for one: ec2-start-stop invoke SCHEDULE
      "
    `);
  });

  it("are told where none was due", async () => {
    const { text, bad } = await show("office-start", { since: "2h" });
    expect(text).toContain("No runs of dev-StartEC2Instances since Mon 2026-11-23 20:00 +09:00.");
    expect(text).toContain("By the config, no schedule was due in that time.");
    expect(bad).toBe(false);
  });

  it("are told where only rates could have been due", async () => {
    const rate = join(folder, "rate.yaml");
    writeFileSync(
      rate,
      CONFIG.replace(
        /schedules:.*/s,
        'schedules: { often: { action: stop, targets: dev, expression: "rate(1 hour)" } }',
      ),
    );
    const { text } = await show(undefined, { config: rate });
    expect(text).toContain("When often was due, the config does not say: a rate counts from its deployment.");
  });

  it("are an empty list in JSON", async () => {
    expect(JSON.parse((await show("dev-stop", { json: true, since: "2026-11-23T20:00" })).text)).toEqual({
      since: "2026-11-23T11:00:00Z",
      until: "2026-11-23T13:00:04Z",
      timezone: "Asia/Seoul",
      functions: [
        {
          name: STOP,
          action: "stop",
          region: "ap-northeast-2",
          logGroup: `/aws/lambda/${STOP}`,
          hasLogGroup: true,
        },
      ],
      runs: [],
    });
  });
});

describe("runs as they end", () => {
  it("come a line each under their day, those so far first, and whose log group is missing is told once", async () => {
    logs.groups.delete(`/aws/lambda/${START}`);
    logs.add(
      STOP,
      ...stream("a", [
        [0, platform.start("one")],
        [1, reportLine("one")],
        [1.4, platform.report("one")],
      ]),
    );
    const interruption = new AbortController();
    const clock = new FakeClock(NOW, (sleep) => {
      if (sleep === 2) {
        logs.add(
          STOP,
          ...stream("b", [
            [14_400, platform.start("two")],
            [14_401, reportLine("two")],
          ]),
        );
      }
      if (sleep === 3) interruption.abort();
    });
    const context = fakeContext(clock, { interrupted: interruption.signal });
    await runLogs(undefined, { config, since: "24h", follow: true }, context, () => logs);
    expect(context.written.join("")).toMatchInlineSnapshot(`
      "Runs since Sun 2026-11-22 22:00 +09:00 (Asia/Seoul), and as they end, until
      Ctrl-C

      Mon 2026-11-23
        20:00:04  dev-stop      stop    1.4 s  ok         2 done, 1 already
      Waiting: dev-StartEC2Instances has no log group
        /aws/lambda/dev-StartEC2Instances in ap-northeast-2: it is not deployed there,
        or was made by hand and never ran (check with: ec2-start-stop doctor)

      Tue 2026-11-24
        00:00:04  dev-stop      stop    1.4 s  ok         2 done, 1 already
      "
    `);
    expect(context.isUnhealthy()).toBe(false);
  });
});
