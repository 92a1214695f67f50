import { it } from "@jest/globals";
import { Cron } from "croner";
import fc from "fast-check";
import { cronFields } from "../support/cron-arbitrary";
import { printedSeed, propertyRuns } from "../support/property";
import { agree, from, translated, zones } from "./oracle-cases";

const options = { alternativeWeekdays: true, mode: "7-part" } as const;

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

function isRun(run: Date, timezone: string, inUtc: Cron): boolean {
  const local = shown(+run, timezone);
  const shownBefore = [30, 60].some((minutes) => shown(+run - minutes * 60_000, timezone) === local);
  return !shownBefore && inUtc.match(new Date(local));
}

/** croner's firings as AWS would have them, which runs a repeated time once and skips what clocks jump over. */
function cronerFirings(text: string, timezone: string, start: Date, count: number): Date[] {
  const cron = new Cron(text, { ...options, timezone });
  const inUtc = new Cron(text, { ...options, timezone: "UTC" });
  const steady = /UTC|Asia|Kiritimati/.test(timezone);
  const firings: Date[] = [];
  for (let run = cron.nextRun(start); run !== null && firings.length < count; run = cron.nextRun(run)) {
    if (steady || isRun(run, timezone, inUtc)) firings.push(run);
  }
  return firings;
}

it("random expressions fire as in croner, except at clock changes, where AWS differs", () => {
  fc.assert(
    fc.property(fc.tuple(cronFields, fc.constantFrom(...zones), from), (instance) => {
      const [fields, timezone, start] = instance;
      const text = translated(fields, (day) => day);
      const never = () => new Cron(text, { ...options, timezone }).nextRun(new Date(0)) === null;
      agree(instance, (count) => cronerFirings(text, timezone, start, count), never);
    }),
    { numRuns: propertyRuns(10_000), seed: printedSeed("croner") },
  );
});
