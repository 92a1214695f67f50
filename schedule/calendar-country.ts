import { DAY_MS } from "../contract/units";
import { checkYears, dateText, parseDate } from "./calendar";
import { quote, ScheduleError } from "./error";
import { nearestName } from "./nearest-name";

/** Selects the public holidays of a country or a part of it. */
export interface CountryCalendar {
  /** ISO 3166-1 code, such as `KR`. */
  readonly country: string;
  /**
   * Code of the part of the country (ISO 3166-2 without the country, mostly), such as `BY`.
   * @default the whole country
   */
  readonly state?: string;
  /**
   * Code of the part of the state, where holidays differ again.
   * @default the whole state
   */
  readonly region?: string;
  /** Calendar years, 1 to 20 of them. Required, so that a synth gives the same result on every day. */
  readonly years: readonly number[];
}

/**
 * Returns the whole-day public holidays of a country, as the package `date-holidays` lists them. The package is loaded
 * only here, since it is large.
 *
 * @returns dates as `yyyy-mm-dd`, ascending
 * @throws ScheduleError for a place that the package does not know, for years outside 1970 to 2199, and where the package
 * is not installed
 * @example
 * await countryHolidays({ country: "KR", years: [2027] }); // ["2027-01-01", "2027-02-07", ...]
 * @see https://www.npmjs.com/package/date-holidays
 */
export async function countryHolidays(calendar: CountryCalendar): Promise<readonly string[]> {
  checkYears(calendar.years);
  const Holidays = await load();
  checkPlace(new Holidays(), calendar);
  const { country, state = "", region = "" } = calendar;
  const known = new Holidays(country, state, region);
  const days = new Set<string>();
  for (const year of calendar.years) {
    for (const { type, date, start, end } of known.getHolidays(year)) {
      // Half a day (`2027-03-08 12:00:00`) is no day off; what begins at sunset (`... -0600`) is named by its day.
      const wholeDays = Math.floor((end.getTime() - start.getTime()) / DAY_MS);
      if (type !== "public") continue;
      const first = parseDate(date.slice(0, 10), "holidays");
      for (let day = first; day < first + wholeDays; day++) days.add(dateText(day));
    }
  }
  return [...days].sort();
}

type HolidaysClass = typeof import("date-holidays").default;

async function load(): Promise<HolidaysClass> {
  try {
    return (await import("date-holidays")).default;
  } catch (cause) {
    const expected = "the package date-holidays to be installed (npm install date-holidays)";
    throw new ScheduleError({ field: "country", expected, got: "none" }, { cause });
  }
}

function checkPlace(all: InstanceType<HolidaysClass>, { country, state, region }: CountryCalendar): void {
  checkCode("country", country, all.getCountries("en"));
  if (state !== undefined) checkCode("state", state, all.getStates(country));
  if (region !== undefined) checkCode("region", region, all.getRegions(country, state ?? ""));
}

function checkCode(field: string, code: string, names: Readonly<Record<string, string>> | undefined): void {
  const codes = Object.keys(names ?? {});
  if (codes.includes(code)) return;
  const nearest = typeof code === "string" ? nearestCode(code, names ?? {}) : undefined;
  throw new ScheduleError({
    field,
    expected: codes.length === 0 ? `no ${field}, since none is known there` : expectedCode(field, codes),
    got: quote(code),
    hint: nearest === undefined ? undefined : `did you mean ${nearest}?`,
  });
}

function expectedCode(field: string, codes: readonly string[]): string {
  if (field === "country") return "a country code that date-holidays knows, such as KR";
  return `a code such as ${codes.length > 12 ? `${codes.slice(0, 12).join(", ")}, ...` : codes.join(", ")}`;
}

/** The intended code: of the place whose name was written, the start of a three-letter code (USA), or the nearest one. */
function nearestCode(written: string, names: Readonly<Record<string, string>>): string | undefined {
  const [text, codes] = [written.toLowerCase(), Object.keys(names)];
  const named = text.length > 3 ? codes.filter((code) => names[code]?.toLowerCase().includes(text)) : [];
  const [begun] = text.length === 3 ? codes.filter((code) => text.startsWith(code.toLowerCase())) : [];
  return named.length === 1 ? named[0] : (begun ?? nearestName(written, codes));
}
