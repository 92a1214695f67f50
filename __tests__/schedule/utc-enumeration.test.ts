import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Schedule, ScheduleError } from "../../schedule";
import { timezoneNames } from "../../schedule/timezone";
import { Zone } from "../../schedule/zone";
import { cronFields } from "../support/cron-arbitrary";
import { printedSeed, propertyRuns } from "../support/property";

const now = new Date("2026-11-22T00:00:00Z");
const DAY_MS = 86_400_000;
const firstDay = Date.UTC(2024, 0, 1) / DAY_MS;
const lastDay = Date.UTC(2032, 0, 1) / DAY_MS;

// Zones whose clocks never change again, one for each offset: the conversion knows no more of a zone than that.
const zoneOfOffset = new Map<number, string>();
for (const name of timezoneNames()) {
  try {
    const zone = Zone.of(name);
    if (zone.nextChange(+now) === undefined) zoneOfOffset.set(zone.offsetAt(+now) / 60_000, name);
  } catch (error) {
    // A zone that this release of Node.js does not know yet.
    if (!(error instanceof ScheduleError)) throw error;
  }
}
const zones = [...zoneOfOffset];

/** Minutes of the day at which the expression fires, and which of the days from `firstDay` - 1 to `lastDay` it means. */
interface Grid {
  readonly times: readonly number[];
  readonly days: readonly boolean[];
}

function gridOf(fields: string): Grid {
  const [minutes, hours, ...dayFields] = fields.split(" ");
  const oneDay = { from: new Date(0), until: new Date(DAY_MS) };
  const times = Schedule.cron(`${minutes} ${hours} * * ? *`).next(oneDay);
  return { times: times.map((time) => +time / 60_000), days: daysOf(dayFields.join(" ")) };
}

const daysOfFields = new Map<string, readonly boolean[]>();

function daysOf(dayFields: string): readonly boolean[] {
  const known = daysOfFields.get(dayFields);
  if (known !== undefined) return known;
  const years = { from: new Date((firstDay - 1) * DAY_MS), until: new Date((lastDay + 1) * DAY_MS) };
  const days = Array.from({ length: lastDay - firstDay + 2 }, () => false);
  for (const day of Schedule.cron(`0 0 ${dayFields}`).next(years)) days[+day / DAY_MS - firstDay + 1] = true;
  daysOfFields.set(dayFields, days);
  return days;
}

/** For every minute of the UTC day: a number that stands for the days on which it fires, 0 for none. */
function enumerated(grids: readonly Grid[], offset: number): number[] {
  const moved = new Map<string, readonly boolean[]>();
  const keysAt = Array.from({ length: 1440 }, (): string[] => []);
  for (const [index, { times, days }] of grids.entries()) {
    for (const time of times) {
      const shift = Math.floor((time - offset) / 1440);
      const key = `${index} ${shift}`;
      if (!moved.has(key)) moved.set(key, days.slice(1 - shift, 1 - shift + lastDay - firstDay));
      keysAt[time - offset - shift * 1440]?.push(key);
    }
  }
  const numbers = new Map<string, number>();
  return keysAt.map((keys) => {
    const key = keys.join();
    const number = numbers.get(key) ?? numberOf(keys.map((one) => moved.get(one) ?? []));
    numbers.set(key, number);
    return number;
  });
}

const numberOfDays = new Map<string, number>();

function numberOf(sets: readonly (readonly boolean[])[]): number {
  const days: number[] = [];
  for (let day = 0; day < lastDay - firstDay; day++) if (sets.some((set) => set[day])) days.push(day);
  const text = days.join();
  if (text === "") return 0;
  const number = numberOfDays.get(text) ?? numberOfDays.size + 1;
  numberOfDays.set(text, number);
  return number;
}

const RUNS = propertyRuns(2_000);

describe("the conversion of random expressions", () => {
  it("finds a zone with steady clocks for every offset that has one", () => {
    expect(zones.length).toBeGreaterThan(30);
    expect(zoneOfOffset.get(540)).toBeDefined();
    expect(zoneOfOffset.get(345)).toBeDefined();
    expect(zoneOfOffset.get(840)).toBeDefined();
  });

  it("is refused, or fires at the same minutes on every day of 2024 to 2031", () => {
    let converted = 0;
    let refused = 0;
    fc.assert(
      fc.property(cronFields, fc.constantFrom(...zones), (fields, [offset, timezone]) => {
        if (parse(fields) === undefined) return;
        const { expressions } = Schedule.cron(fields, { timezone }).toUtc({ from: now });
        if (expressions === null) {
          refused++;
          return;
        }
        converted++;
        const utc = expressions.map((expression) => gridOf(expression.slice("cron(".length, -1)));
        expect(enumerated(utc, 0).join()).toBe(enumerated([gridOf(fields)], offset).join());
      }),
      { numRuns: RUNS, seed: printedSeed("conversions") },
    );
    // Enough of both for the test to say something.
    expect(converted).toBeGreaterThan(RUNS / 10);
    expect(refused).toBeGreaterThan(RUNS / 10);
  });

  it("is the same in every zone with the same steady offset", () => {
    const fields = [
      "0 8 ? * MON-FRI *",
      "30 0/3 1,31 * ? *",
      "0 20 * JUN-AUG ? *",
      "0 8 ? * 6L *",
      "0 20 15W * ? *",
    ];
    for (const timezone of timezoneNames()) {
      const zone = Zone.of(timezone);
      const steady = zoneOfOffset.get(zone.offsetAt(+now) / 60_000);
      if (zone.nextChange(+now) !== undefined || steady === undefined) continue;
      for (const text of fields) {
        const conversion = Schedule.cron(text, { timezone }).toUtc({ from: now });
        expect(conversion).toEqual(Schedule.cron(text, { timezone: steady }).toUtc({ from: now }));
      }
    }
  });
});

function parse(fields: string): Schedule | undefined {
  try {
    return Schedule.cron(fields);
  } catch {
    return undefined;
  }
}
