import { describe, expect, it } from "@jest/globals";
import { Cron } from "croner";
import { CronosExpression } from "cronosjs";
import fc from "fast-check";
import { Schedule, ScheduleError } from "../../schedule";
import { cronFields } from "./cron-arbitrary";
import { printedSeed } from "./seed";

const zones = [
  "UTC",
  "Asia/Seoul",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "Pacific/Chatham",
  "Australia/Lord_Howe",
  "America/New_York",
  "Europe/Dublin",
  "Africa/Casablanca",
  "America/Sao_Paulo",
];

// Instants just before clocks change in one of the zones, and some that are not.
const starts = [
  "2027-03-14T04",
  "2027-11-07T03",
  "2027-03-27T22",
  "2027-10-30T22",
  "2027-04-03T12",
  "2027-10-02T12",
  "2027-09-25T12",
  "2027-02-06T22",
  "2027-03-13T22",
  "2028-02-27T00",
];

const from = fc.oneof(
  fc.constantFrom(...starts).map((hour) => new Date(`${hour}:00:30Z`)),
  fc
    .integer({ min: 0, max: 4_200_000 })
    .map((minutes) => new Date(Date.UTC(2024, 0, 1) + minutes * 60_000 + 30_000)),
);

// cronosjs reckons with clocks that change at a full hour, by a full hour.
const fullHourZones = zones.filter((zone) => !/Chatham|Lord_Howe/.test(zone));

// In Sweden's language, times are written as in ISO 8601.
const clocks = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }),
  ]),
);

/** What clocks in the zone show, as the instant at which they show it in UTC. */
function shown(instant: number, timezone: string): number {
  return Date.parse(`${clocks.get(timezone)?.format(instant).replace(" ", "T")}Z`);
}

/** croner's firings as AWS would have them, which runs a repeated time once and skips what clocks jump over. */
function cronerFirings(text: string, timezone: string, start: Date, count: number): Date[] {
  const options = { alternativeWeekdays: true, mode: "7-part" } as const;
  const cron = new Cron(text, { ...options, timezone });
  const inUtc = new Cron(text, { ...options, timezone: "UTC" });
  const steady = /UTC|Asia|Kiritimati/.test(timezone);
  const firings: Date[] = [];
  for (let run = cron.nextRun(start); run !== null && firings.length < count; run = cron.nextRun(run)) {
    const local = shown(+run, timezone);
    const again = [30, 60].some((minutes) => shown(+run - minutes * 60_000, timezone) === local);
    if (steady || (!again && inUtc.match(new Date(local)))) firings.push(run);
  }
  return firings;
}

/**
 * The same expression in another dialect: seconds first, * for ?, L for the last day of the week, and steps with both
 * ends (cronosjs misreads a step through all values within a list, and both begin years at another one than 1970).
 */
function translated(fields: string, weekday: (text: string) => string): string {
  const ranges = ["0-59", "0-23", "1-31", "1-12", "1-7", "1970-2199"];
  const texts = fields.split(" ").map((field, index) => {
    if (field === "?") return "*";
    if (index === 4 && field === "L") return weekday("7");
    const range = ranges[index] ?? "";
    const last = range.split("-")[1];
    const spelled = field.replace(/\*\//g, `${range}/`).replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${last}/$3`);
    return index === 4 ? spelled.replace(/(?<![\d#])[1-7]/g, weekday) : spelled;
  });
  return ["0", ...texts].join(" ");
}

function agree(fields: string, timezone: string, start: Date, oracle: (count: number) => Date[]): void {
  let schedule: Schedule;
  try {
    schedule = Schedule.cron(fields, { timezone });
  } catch (error) {
    if (!(error instanceof ScheduleError) || error.expected !== "at least one firing") throw error;
    return;
  }
  const found = schedule.next({ from: start, count: 3 });
  expect(found.map((date) => date.toISOString())).toEqual(
    oracle(found.length).map((date) => date.toISOString()),
  );
}

describe("10,000 random expressions fire as independent libraries have them", () => {
  it("cronosjs, told to skip the missing hour and the repeated one", () => {
    const names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    fc.assert(
      fc.property(cronFields, fc.constantFrom(...fullHourZones), from, (fields, timezone, start) => {
        const options = { timezone, missingHour: "skip", skipRepeatedHour: true } as const;
        agree(fields, timezone, start, (count) => {
          const text = translated(fields, (day) => names[Number(day) - 1] ?? day);
          return CronosExpression.parse(text, options).nextNDates(start, count);
        });
      }),
      { numRuns: 10_000, seed: printedSeed("cronosjs") },
    );
  });

  it("croner, with days of the week from 1", () => {
    fc.assert(
      fc.property(cronFields, fc.constantFrom(...zones), from, (fields, timezone, start) => {
        agree(fields, timezone, start, (count) => {
          const text = translated(fields, (day) => day);
          return cronerFirings(text, timezone, start, count);
        });
      }),
      { numRuns: 10_000, seed: printedSeed("croner") },
    );
  });
});
