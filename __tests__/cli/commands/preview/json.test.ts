import { describe, expect, it } from "@jest/globals";
import { previewJson } from "../../../../cli/commands/preview/json";
import { formatJson } from "../../../../cli/json";
import { preview } from "./preview-of";

describe("the preview as JSON", () => {
  it("holds schedules, firings, clock changes, targets and warnings", () => {
    const warning = {
      kind: "tag-overlap",
      severity: "note",
      path: "schedules.a",
      message: "m",
      schedules: ["a"],
      targets: ["b"],
    } as const;
    const json = previewJson(preview({}, "2026-12-31T15:00:00Z", { days: 1 }), [warning]);
    expect(JSON.parse(formatJson(json))).toMatchInlineSnapshot(`
      {
        "clockChanges": [],
        "firings": [
          {
            "action": "start",
            "at": "2026-12-31T23:00:00Z",
            "local": "2027-01-01T08:00:00+09:00",
            "repeated": false,
            "schedule": "dev-hours-start",
            "skipped": null,
            "targets": [
              "dev",
            ],
            "timezone": "Asia/Seoul",
          },
          {
            "action": "start",
            "at": "2026-12-31T23:00:00Z",
            "local": "2027-01-01T08:00:00+09:00",
            "repeated": false,
            "schedule": "staging-hours-start",
            "skipped": "holiday",
            "targets": [
              "staging",
            ],
            "timezone": "Asia/Seoul",
          },
          {
            "action": "stop",
            "at": "2027-01-01T11:00:00Z",
            "local": "2027-01-01T20:00:00+09:00",
            "repeated": false,
            "schedule": "dev-hours-stop",
            "skipped": null,
            "targets": [
              "dev",
            ],
            "timezone": "Asia/Seoul",
          },
          {
            "action": "stop",
            "at": "2027-01-01T11:00:00Z",
            "local": "2027-01-01T20:00:00+09:00",
            "repeated": false,
            "schedule": "staging-hours-stop",
            "skipped": null,
            "targets": [
              "staging",
            ],
            "timezone": "Asia/Seoul",
          },
        ],
        "from": "2026-12-31T15:00:00Z",
        "name": "team",
        "schedules": [
          {
            "action": "start",
            "description": "At 08:00, Monday through Friday",
            "enabled": true,
            "expression": "cron(0 8 ? * MON-FRI *)",
            "name": "dev-hours-start",
            "targets": [
              "dev",
            ],
            "timezone": "Asia/Seoul",
            "utc": [
              "cron(0 23 ? * SUN-THU *)",
            ],
          },
          {
            "action": "stop",
            "description": "At 20:00, Monday through Friday",
            "enabled": true,
            "expression": "cron(0 20 ? * MON-FRI *)",
            "name": "dev-hours-stop",
            "targets": [
              "dev",
            ],
            "timezone": "Asia/Seoul",
            "utc": [
              "cron(0 11 ? * MON-FRI *)",
            ],
          },
          {
            "action": "start",
            "description": "At 08:00, Monday through Friday",
            "enabled": true,
            "expression": "cron(0 8 ? * MON-FRI *)",
            "name": "staging-hours-start",
            "targets": [
              "staging",
            ],
            "timezone": "Asia/Seoul",
            "utc": [
              "cron(0 23 ? * SUN-THU *)",
            ],
          },
          {
            "action": "stop",
            "description": "At 20:00, Monday through Friday",
            "enabled": true,
            "expression": "cron(0 20 ? * MON-FRI *)",
            "name": "staging-hours-stop",
            "targets": [
              "staging",
            ],
            "timezone": "Asia/Seoul",
            "utc": [
              "cron(0 11 ? * MON-FRI *)",
            ],
          },
        ],
        "shortened": null,
        "stopWarnings": [],
        "targets": [
          {
            "inPeriod": {
              "runningSeconds": 43200,
              "savedShare": 0.5,
            },
            "name": "dev",
            "running": [
              {
                "from": "2026-12-31T23:00:00Z",
                "until": "2027-01-01T11:00:00Z",
              },
            ],
            "week": {
              "basis": "every",
              "runningSeconds": 216000,
              "savedShare": 0.6429,
            },
          },
          {
            "inPeriod": {
              "runningSeconds": 0,
              "savedShare": 1,
            },
            "name": "staging",
            "running": [],
            "week": {
              "basis": "every",
              "runningSeconds": 216000,
              "savedShare": 0.6429,
            },
          },
        ],
        "timezone": "Asia/Seoul",
        "trigger": "event-rule",
        "until": "2027-01-01T15:00:00Z",
        "warnings": [
          {
            "at": null,
            "kind": "tag-overlap",
            "message": "m",
            "path": "schedules.a",
            "schedules": [
              "a",
            ],
            "severity": "note",
            "targets": [
              "b",
            ],
          },
        ],
      }
    `);
  });

  it("names the warnings before a stop", () => {
    const { stopWarnings } = previewJson(
      preview(
        {
          alerts: { email: "ops@example.com" },
          schedules: {
            "dev-stop": {
              action: "stop",
              targets: "dev",
              expression: "cron(0 20 ? * MON-FRI *)",
              warnMinutes: 30,
            },
          },
        },
        "2026-12-30T15:00:00Z",
        { days: 1 },
      ),
      [],
    );
    expect(stopWarnings).toEqual([
      {
        at: "2026-12-31T10:30:00Z",
        local: "2026-12-31T19:30:00+09:00",
        timezone: "Asia/Seoul",
        schedule: "dev-stop-warn",
        warnsOf: "dev-stop",
        stopAt: "2026-12-31T11:00:00Z",
        targets: ["dev"],
      },
    ]);
  });

  it("tells of a clock change and of the firings it touches", () => {
    const json = previewJson(
      preview(
        {
          timezone: "America/New_York",
          trigger: "scheduler",
          schedules: {
            late: {
              action: "stop",
              expression: "cron(30 2 * * ? *)",
              targets: "dev",
            },
          },
        },
        "2027-03-14T05:00:00Z",
        { days: 1 },
      ),
      [],
    );
    const answer = JSON.parse(formatJson(json));
    expect(answer.clockChanges).toEqual([
      {
        at: "2027-03-14T07:00:00Z",
        timezone: "America/New_York",
        seconds: 3600,
        offsetBefore: "-05:00",
        offsetAfter: "-04:00",
        effects: [
          {
            schedule: "late",
            kind: "skipped",
            local: "2027-03-14T02:30:00",
            at: "2027-03-14T07:00:00Z",
          },
        ],
      },
    ]);
    expect(answer.firings).toMatchObject([{ local: "2027-03-14T02:30:00", skipped: "clock-change" }]);
    expect(answer.targets[0]).toEqual({
      name: "dev",
      running: [],
      inPeriod: null,
      week: null,
    });
    expect(answer.schedules[0].utc).toBeNull();
  });
});
