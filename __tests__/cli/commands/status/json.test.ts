import { expect, it } from "@jest/globals";
import { type StatusJson, statusJson } from "../../../../cli/commands/status/json";
import { formatJson } from "../../../../cli/json";
import { instance, REGION, target } from "../../../support/builders";
import { configWith, OFFICE, run, runsRead, statusIn, unreported } from "./scene";

const read = (...scene: Parameters<typeof statusIn>): StatusJson =>
  JSON.parse(formatJson(statusJson(statusIn(...scene))));

it("has stable keys, and instants in UTC", () => {
  const stop = run("dev-stop", "2026-11-23T11:00:12Z", [{ outcome: "failed", reason: "no" }]);
  const json = read({
    targets: [target([instance({ name: "web", since: new Date("2026-11-22T23:00:31Z") })])],
    runs: runsRead([stop]),
  });
  expect(json).toEqual({
    name: "dev",
    region: REGION,
    timezone: "Asia/Seoul",
    at: "2026-11-23T11:12:05Z",
    healthy: false,
    instances: { total: 1, wrong: 1 },
    runsError: null,
    functionsWithoutLogGroup: [],
    followUps: null,
    followUpsError: null,
    targets: [
      {
        name: "dev",
        regions: [REGION],
        expectedState: {
          state: "stopped",
          since: "2026-11-23T11:00:00Z",
          schedule: "dev-stop",
          reason: null,
        },
        counts: { wrong: 1, changing: 0, skipped: 0, ok: 0 },
        emptyRegions: [],
        schedules: [
          {
            name: "dev-start",
            action: "start",
            enabled: true,
            expression: "cron(0 8 ? * MON-FRI *)",
            timezone: "Asia/Seoul",
            targets: ["dev"],
            lastFiring: { at: "2026-11-22T23:00:00Z", skipped: null },
            missed: true,
            lastRun: null,
            nextFiring: { at: "2026-11-23T23:00:00Z", local: "2026-11-24T08:00:00+09:00" },
            nextWarning: null,
          },
          {
            name: "dev-stop",
            action: "stop",
            enabled: true,
            expression: "cron(0 20 ? * MON-FRI *)",
            timezone: "Asia/Seoul",
            targets: ["dev"],
            lastFiring: { at: "2026-11-23T11:00:00Z", skipped: null },
            missed: false,
            lastRun: {
              function: "dev-StopEC2Instances",
              requestId: stop.requestId,
              attempt: 1,
              startedAt: "2026-11-23T11:00:12Z",
              durationSeconds: 2,
              schedule: "dev-stop",
              action: "stop",
              outcome: "failed",
              failed: true,
              reason: null,
              error: null,
              counts: { done: 0, already: 0, skipped: 0, failed: 1, unconfirmed: 0, deferred: 0 },
            },
            nextFiring: { at: "2026-11-24T11:00:00Z", local: "2026-11-24T20:00:00+09:00" },
            nextWarning: null,
          },
        ],
        instances: [
          {
            instanceId: "i-1",
            region: REGION,
            name: "web",
            state: "running",
            since: "2026-11-22T23:00:31Z",
            stateReason: null,
            expectedState: {
              state: "stopped",
              since: "2026-11-23T11:00:00Z",
              schedule: "dev-stop",
              reason: null,
            },
            verdict: "wrong",
            skipReason: null,
            afterHold: null,
            lastRun: {
              requestId: stop.requestId,
              startedAt: "2026-11-23T11:00:12Z",
              schedule: "dev-stop",
              outcome: "failed",
              instance: { outcome: "failed", reason: "no" },
            },
            services: null,
          },
        ],
      },
    ],
  });
});

it("says why an instance is left alone, why any state will do, and how a run ended without a report", () => {
  const schedules = { off: OFFICE["dev-stop"] } as const;
  const json = read({
    config: configWith(schedules as never),
    targets: [
      target([
        instance({ tags: { "ec2-start-stop:hold": "2026-11-25T09:00:00Z" } }),
        instance({ instanceId: "i-2", autoScalingGroup: "web" }),
        instance({
          instanceId: "i-5",
          manager: { name: "ecs.amazonaws.com", reason: "managed by ecs.amazonaws.com" },
        }),
        instance({ instanceId: "i-3", excludedBy: "Keep=1" }),
      ]),
    ],
    runs: runsRead([
      unreported("stop", "2026-11-23T11:00:12Z", "timed-out", { error: "timed out after 60 s" }),
    ]),
  });
  const [dev] = json.targets;
  expect(dev?.expectedState).toEqual({
    state: "any",
    since: null,
    schedule: null,
    reason: "stops only: nothing here starts it",
  });
  expect(dev?.schedules[0]?.lastRun).toMatchObject({ outcome: "timed-out", error: "timed out after 60 s" });
  expect(dev?.instances.map(({ skipReason }) => skipReason)).toEqual([
    { kind: "held", tag: "ec2-start-stop:hold", until: "2026-11-25T09:00:00Z", group: null, by: null },
    { kind: "auto-scaling", tag: null, until: null, group: "web", by: null },
    { kind: "managed", tag: null, until: null, group: "ecs.amazonaws.com", by: null },
    { kind: "excluded", tag: "Keep=1", until: null, group: null, by: null },
  ]);
  expect(json.healthy).toBe(true);
});

it("says why the last runs are not known", () => {
  expect(read({ targets: [target([])], runs: runsRead([], { problem: "AWS refused" }) })).toMatchObject({
    runsError: "AWS refused",
  });
});
