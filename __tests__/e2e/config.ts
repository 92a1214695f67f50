import { OTHER_REGION, REGION } from "../support/moto/aws";
import type { Fleet } from "../support/moto/fleet";
import type { HoursTable } from "../support/moto/running-hours";

export interface ChainOptions {
  readonly trigger: "event-rule" | "scheduler";
  readonly code: "zip" | "archive";
  /**
   * Alarms, their topic and the dead-letter queue, too.
   * @default false
   */
  readonly alerts?: boolean;
  /**
   * Looks at what runs on the instances after a start, too.
   * @default false
   */
  readonly checks?: boolean;
}

/** Monday 2026-11-23 00:00 in Seoul, which has no daylight saving. */
export const MONDAY = new Date("2026-11-22T15:00:00Z");
export const WEEK = { from: MONDAY, until: new Date("2026-11-29T15:00:00Z") };
const THURSDAY = "2026-11-26";

/** What is to run after a start, by the group of instances. */
export const CHECKS = {
  byId: { systemd: ["nginx"], command: 'test "$(echo "it\'s up")" = "it\'s up"' },
  byTag: { systemd: ["postgresql@16-main"] },
};

export const configFor = ({ trigger, code, alerts, checks }: ChainOptions, fleet: Fleet) => ({
  name: "e2e",
  region: REGION,
  timezone: "Asia/Seoul",
  trigger,
  code,
  targets: {
    "by-id": { instanceIds: fleet.byId, ...(checks ? { checks: CHECKS.byId } : {}) },
    "by-tag": {
      tags: { Environment: ["staging", "qa"] },
      exclude: { KeepRunning: ["true"] },
      regions: [REGION, OTHER_REGION],
      ...(checks ? { checks: CHECKS.byTag } : {}),
    },
  },
  schedules: {
    "id-stop": { action: "stop", targets: "by-id", expression: "cron(0 20 ? * MON-FRI *)" },
    "id-start": { action: "start", targets: "by-id", expression: "cron(0 8 ? * MON-FRI *)" },
    "tag-hours": { running: "MON-FRI 09:00-18:00", targets: ["by-tag"], holidays: "kr" },
  },
  holidays: { kr: [THURSDAY] },
  ...(alerts ? { alerts: { email: "on-call@example.com" } } : {}),
});

const OFF = "........................";
const ON = "########################";
const LONG_DAY = "........############....";
const SHORT_DAY = ".........#########......";

/** What the config means, in Seoul's hours, written by hand. */
export const INTENDED_HOURS: Readonly<Record<keyof Fleet, HoursTable>> = {
  byId: { MON: LONG_DAY, TUE: LONG_DAY, WED: LONG_DAY, THU: LONG_DAY, FRI: LONG_DAY, SAT: OFF, SUN: OFF },
  byTag: { MON: SHORT_DAY, TUE: SHORT_DAY, WED: SHORT_DAY, THU: OFF, FRI: SHORT_DAY, SAT: OFF, SUN: OFF },
  unwanted: { MON: ON, TUE: ON, WED: ON, THU: ON, FRI: ON, SAT: ON, SUN: ON },
};
export const INTENDED_TOTALS: Readonly<Record<keyof Fleet, number>> = { byId: 60, byTag: 36, unwanted: 168 };
