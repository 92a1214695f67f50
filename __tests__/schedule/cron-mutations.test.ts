import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Schedule, ScheduleError } from "../../schedule";
import { cronFields } from "../support/cron-arbitrary";
import { printedSeed, propertyRuns } from "../support/property";

// AWS's grammar written down a second time, as patterns; forms that AWS leaves unclear are not in it.
const grammar = (() => {
  const field = (value: string, step: string, names?: string) => {
    const plain =
      names === undefined ? `${value}(-${value})?` : `(${value}(-${value})?|${names}(-${names})?)`;
    const stepped = step === "" ? "" : `|(\\*|${value}(-${value})?)/${step}`;
    const token = `(${plain}${stepped})`;
    return `(\\*|${token}(,${token})*)`;
  };
  const to59 = "[0-5]?\\d";
  const to23 = "([01]?\\d|2[0-3])";
  const day = "(0?[1-9]|[12]\\d|3[01])";
  const month = "(0?[1-9]|1[0-2])";
  const months = "(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)";
  const weekday = "0?[1-7]";
  const weekdays = "(SUN|MON|TUE|WED|THU|FRI|SAT)";
  const year = "(19[7-9]\\d|20\\d\\d|21\\d\\d)";
  const dates = `(${field(day, `0*${day}`)}|L|${day}W)`;
  const week = `(${field(weekday, "", weekdays)}|L|(${weekday}|${weekdays})(L|#[1-5]))`;
  const times = `${field(to59, "0*(?!0)[0-5]?\\d")} ${field(to23, "0*(?!0+\\b)([01]?\\d|2[0-3])")}`;
  const anyMonth = field(month, `0*${month}`, months);
  const anyYear = field(year, "0*(?!0)([1-9]?\\d|1\\d\\d|2[0-2]\\d)");
  return [`${times} ${dates} ${anyMonth} \\? ${anyYear}`, `${times} \\? ${anyMonth} ${week} ${anyYear}`].map(
    (text) =>
      new RegExp(
        `^cron\\(${text}\\)$`.replace(/(?<!\\)[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`),
      ),
  );
})();

function inGrammar(expression: string): boolean {
  return grammar.some((pattern) => pattern.test(expression));
}

// Not in the patterns above: the order of ranges, and dates that never come.
const beyondGrammar = /must not wrap|first year is after|at least one firing/;

const alphabet = [
  ..."0123456789 ,-*/?LW#().:ABJMNFRISUTVxlwjanfri\t\n\u0000\u0660\u202e\ud83d",
  "cron",
  "at",
  "rate",
  "JAN",
];

const mutation = fc.tuple(
  cronFields.map((fields) => `cron(${fields})`),
  fc.nat(),
  fc.constantFrom("replace", "insert", "delete", "swap"),
  fc.constantFrom(...alphabet),
);

function mutate([expression, where, how, character]: [string, number, string, string]): string {
  const at = where % expression.length;
  const [before, after] = [expression.slice(0, at), expression.slice(at)];
  if (how === "insert") return before + character + after;
  if (how === "delete") return before + after.slice(1);
  if (how === "swap") return before + (after[1] ?? "") + after[0] + after.slice(2);
  return before + character + after.slice(1);
}

function parse(expression: string): Schedule | ScheduleError {
  try {
    return Schedule.parse(expression);
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
}

const RUNS = propertyRuns(10_000);

describe("random expressions", () => {
  it("within the grammar are accepted, put into words, and print as they were written", () => {
    fc.assert(
      fc.property(cronFields, (fields) => {
        const schedule = parse(`cron(${fields})`);
        expect(inGrammar(`cron(${fields})`)).toBe(true);
        if (schedule instanceof ScheduleError) {
          expect(schedule.message).toMatch(/at least one firing/);
        } else {
          expect(String(schedule)).toBe(`cron(${fields})`);
          expect(schedule.describe()).not.toMatch(/undefined|null|NaN|^$/);
        }
      }),
      { numRuns: RUNS, seed: printedSeed("valid expressions") },
    );
  });

  it("with one character changed are accepted only if still within the grammar, and else refused with a message", () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutation, (parts) => {
        const expression = mutate(parts);
        const schedule = parse(expression);
        if (schedule instanceof ScheduleError) {
          expect(schedule.message).toMatch(/^[\w-]+( and [\w-]+)?: expected .+, got .+/);
          if (inGrammar(expression)) expect(schedule.message).toMatch(beyondGrammar);
        } else {
          accepted++;
          expect(inGrammar(expression)).toBe(true);
          expect(schedule.next({ from: new Date("2026-11-22T00:00:00Z") }).length).toBeLessThan(2);
        }
      }),
      { numRuns: RUNS, seed: printedSeed("changed expressions") },
    );
    // Enough of both for the test to say something.
    expect(accepted).toBeGreaterThan(RUNS / 20);
    expect(accepted).toBeLessThan(RUNS - RUNS / 20);
  });

  it("of any text at all are refused with a message, or are a schedule", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom("__proto__", "constructor"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("", "cron(", "rate(", "at("),
        text,
        fc.constantFrom("", ")"),
        (open, inner, close) => {
          const schedule = parse(open + inner + close);
          expect(String(schedule instanceof ScheduleError ? schedule.message : schedule)).not.toBe("");
        },
      ),
      { numRuns: RUNS, seed: printedSeed("any text") },
    );
  });
});
