import { it } from "@jest/globals";
import { CronosExpression } from "cronosjs";
import fc from "fast-check";
import { cronFields } from "../support/cron-arbitrary";
import { printedSeed, propertyRuns } from "../support/property";
import { agree, from, translated, zones } from "./oracle-cases";

// cronosjs reckons with clocks that change at a full hour, by a full hour.
const fullHourZones = zones.filter((zone) => !/Chatham|Lord_Howe/.test(zone));
const names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

it("random expressions fire as in cronosjs, set to skip missing and repeated hours", () => {
  fc.assert(
    fc.property(fc.tuple(cronFields, fc.constantFrom(...fullHourZones), from), (instance) => {
      const [fields, timezone, start] = instance;
      const text = translated(fields, (day) => names[Number(day) - 1] ?? day);
      const options = { timezone, missingHour: "skip", skipRepeatedHour: true } as const;
      const oracle = (count: number) => CronosExpression.parse(text, options).nextNDates(start, count);
      // It never ends its search for a date that does not exist: croner is asked about those.
      agree(instance, oracle, () => true);
    }),
    { numRuns: propertyRuns(10_000), seed: printedSeed("cronosjs") },
  );
});
