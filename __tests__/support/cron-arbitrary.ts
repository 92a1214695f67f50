import fc from "fast-check";

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

interface Numbers {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly longestStep?: number;
  readonly padded?: boolean;
}

/** A name in capitals, small letters or both. */
function cased(name: string, style: number): string {
  if (style === 0) return name;
  return style === 2 ? name.toLowerCase() : name.charAt(0) + name.slice(1).toLowerCase();
}

/** A list of values, ranges and steps, or *, as AWS's grammar has them. */
function field({ min, max, names, longestStep, padded }: Numbers): fc.Arbitrary<string> {
  const number = fc.integer({ min, max });
  const text = (value: number, style: number) => {
    if (names !== undefined && style % 2 === 0) return cased(names[value - min] ?? "", style);
    return padded && style === 1 ? String(value).padStart(2, "0") : String(value);
  };
  const style = fc.integer({ min: 0, max: 5 });
  const value = fc.tuple(number, style).map(([a, how]) => text(a, how));
  const range = fc.tuple(number, number, style).map(([a, b, how]) => {
    return `${text(Math.min(a, b), how)}-${text(Math.max(a, b), how)}`;
  });
  const plain = fc.oneof(value, range);
  const token =
    longestStep === undefined
      ? plain
      : fc.oneof(
          { weight: 4, arbitrary: plain },
          {
            weight: 2,
            arbitrary: fc
              .tuple(fc.oneof(fc.constant("*"), number.map(String)), fc.integer({ min: 1, max: longestStep }))
              .map(([base, step]) => `${base}/${step}`),
          },
          {
            weight: 1,
            arbitrary: fc
              .tuple(number, number, fc.integer({ min: 1, max: longestStep }))
              .map(([a, b, step]) => `${Math.min(a, b)}-${Math.max(a, b)}/${step}`),
          },
        );
  const list = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join(","));
  return fc.oneof({ weight: 1, arbitrary: fc.constant("*") }, { weight: 2, arbitrary: token }, list);
}

const dayOfMonth = fc.oneof(
  { weight: 6, arbitrary: field({ min: 1, max: 31, longestStep: 31, padded: true }) },
  { weight: 1, arbitrary: fc.constant("L") },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 28 }).map((day) => `${day}W`) },
);

const weekday = fc.oneof(fc.integer({ min: 1, max: 7 }).map(String), fc.constantFrom(...weekdays));

const dayOfWeek = fc.oneof(
  { weight: 6, arbitrary: field({ min: 1, max: 7, names: weekdays }) },
  { weight: 1, arbitrary: fc.constant("L") },
  { weight: 1, arbitrary: weekday.map((day) => `${day}L`) },
  {
    weight: 2,
    arbitrary: fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
  },
);

const days = fc.oneof(
  dayOfMonth.map((text) => [text, "?"] as const),
  dayOfWeek.map((text) => ["?", text] as const),
);

const year = fc.oneof(
  { weight: 6, arbitrary: fc.constant("*") },
  { weight: 1, arbitrary: field({ min: 2024, max: 2040, longestStep: 8 }) },
);

const month = fc.oneof(
  { weight: 3, arbitrary: fc.constant("*") },
  { weight: 2, arbitrary: field({ min: 1, max: 12, names: months, longestStep: 12 }) },
);

/** The six fields of a cron expression within AWS's grammar; now and then one that has no date. */
export const cronFields: fc.Arbitrary<string> = fc
  .tuple(
    field({ min: 0, max: 59, longestStep: 59, padded: true }),
    field({ min: 0, max: 23, longestStep: 23, padded: true }),
    days,
    month,
    year,
  )
  .map(([minutes, hours, [date, week], ofYear, ofYears]) =>
    [minutes, hours, date, ofYear, week, ofYears].join(" "),
  );
