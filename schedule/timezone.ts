import { quote, ScheduleError } from "./error";
import { nearestName } from "./nearest-name";
import { zoneOfAbbreviation, zoneOfOffsetMinutes } from "./timezone-hints";
import { citiesByArea, otherNames } from "./timezone-names";

const MAX_NAME_LENGTH = 64;

/**
 * Checks the name of a zone: `UTC`, or `Area/City` as IANA spells it, such as `Asia/Seoul`. The list in Node.js does not
 * decide (it lacks `Asia/Kolkata`), nor what Node.js accepts (`asia/seoul`, `EST`, `+09:00`).
 *
 * @returns the same name
 * @throws ScheduleError for any other name, with the nearest one as a hint
 * @example
 * parseTimezone("Asia/Seoul"); // "Asia/Seoul"
 * parseTimezone("KST"); // throws: ... got "KST" (did you mean Asia/Seoul?)
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#time-zones
 */
export function parseTimezone(name: string): string {
  if (isTimezone(name)) return name;
  throw new ScheduleError({
    field: "timezone",
    expected: "UTC or an IANA zone (Area/City), such as Asia/Seoul",
    got: quote(name),
    hint: typeof name === "string" && name.length <= MAX_NAME_LENGTH ? hint(name.trim()) : undefined,
  });
}

/** Returns the names of all zones: `UTC` and each `Area/City` of the IANA database, links included. */
export function timezoneNames(): readonly string[] {
  const names = ["UTC"];
  for (const [area, cities] of Object.entries(citiesByArea)) {
    for (const city of cities.split(" ")) names.push(`${area}/${city}`);
  }
  return names;
}

function isTimezone(name: unknown): boolean {
  if (name === "UTC") return true;
  if (typeof name !== "string" || name.length > MAX_NAME_LENGTH || !/^[\w+/-]+$/.test(name)) return false;
  const slash = name.indexOf("/");
  const area = name.slice(0, slash);
  if (slash < 1 || !Object.hasOwn(citiesByArea, area)) return false;
  return ` ${citiesByArea[area]} `.includes(` ${name.slice(slash + 1)} `);
}

function hint(name: string): string | undefined {
  const offset = name.match(/^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    const zone = zoneOfOffsetMinutes.get(offset[1] === "-" ? -minutes : minutes);
    return zone === undefined ? undefined : `a zone with this offset is ${zone}`;
  }
  // Etc/GMT+9 is nine hours behind UTC: the intended zone cannot be guessed.
  if (/^etc\/gmt[+-]/i.test(name)) return "Etc/GMT names have their sign turned round";
  const zone = zoneOfAbbreviation.get(name.toUpperCase()) ?? nearestZone(name.replaceAll(" ", "_"));
  return zone === undefined ? undefined : `did you mean ${zone}?`;
}

function nearestZone(name: string): string | undefined {
  if (Object.hasOwn(otherNames, name)) return otherNames[name];
  const names = timezoneNames();
  const lowerCase = name.toLowerCase();
  const sameCity = names.find((zone) => zone.toLowerCase().endsWith(`/${lowerCase}`));
  if (sameCity !== undefined) return sameCity;
  const nearest = nearestName(name, [...names, ...Object.keys(otherNames)]);
  return nearest === undefined || !Object.hasOwn(otherNames, nearest) ? nearest : otherNames[nearest];
}
