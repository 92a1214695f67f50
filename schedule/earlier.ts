import { DAY_MS, MINUTE_MS } from "../contract/units";
import { ScheduleError } from "./error";
import { Schedule } from "./schedule";
import { shiftedCron, type UtcConversion } from "./utc-conversion";
import { localText, Zone } from "./zone";

/** Zones that change their clocks do so twice a year, so that two years show all changes. */
const TWO_YEARS_MS = 731 * DAY_MS;

/**
 * Returns expressions in the schedule's own zone that together fire exactly `minutes` before each of its firings, up to a
 * day, or null with the reason why there are none. Clock changes count from `from` on.
 */
export function earlierTimes(schedule: Schedule, minutes: number, from: Date = new Date()): UtcConversion {
  const { kind, pattern, expression, timezone } = schedule;
  if (kind === "rate") return { expressions: null, reason: "a rate counts from its deployment" };
  if (pattern === undefined) return earlierAt(expression, minutes, timezone);
  const shifted = shiftedCron(pattern, minutes);
  if (shifted.expressions === null)
    return { expressions: null, reason: "no cron expression fires exactly so much earlier" };
  const change = disturbingChange(schedule, shifted.expressions, minutes, from.getTime());
  return change === undefined ? shifted : disturbedBy(timezone, change);
}

function disturbedBy(timezone: string, change: number): UtcConversion {
  const date = new Date(change).toISOString().slice(0, 10);
  return { expressions: null, reason: `clocks in ${timezone} change in between (on ${date})` };
}

function earlierAt(expression: string, minutes: number, timezone: string): UtcConversion {
  const local = Date.parse(`${expression.slice("at(".length, -1)}Z`);
  const earlier = `at(${localText(local - minutes * MINUTE_MS)})`;
  const instantOf = (text: string) => Schedule.parse(text, { timezone }).next({ from: new Date(0) })[0];
  const at = +(instantOf(expression) ?? 0);
  try {
    if (+(instantOf(earlier) ?? 0) === at - minutes * MINUTE_MS) return { expressions: [earlier] };
  } catch (error) {
    // A local time that the clocks jump over.
    if (!(error instanceof ScheduleError)) throw error;
  }
  return disturbedBy(timezone, Zone.of(timezone).nextChange(at - minutes * MINUTE_MS - DAY_MS) ?? at);
}

/** Returns the first clock change near which the two do not fire at this distance. */
function disturbingChange(
  schedule: Schedule,
  expressions: readonly string[],
  minutes: number,
  from: number,
): number | undefined {
  const { timezone } = schedule;
  const zone = Zone.of(timezone);
  const distance = minutes * MINUTE_MS;
  const earlier = expressions.map((each) => Schedule.parse(each, { timezone }));
  const instantsOf = (some: readonly Schedule[], begin: number, moved: number) =>
    some
      .flatMap((each) => each.next({ from: new Date(begin), until: new Date(begin + 4 * DAY_MS) }))
      .map((at) => at.getTime() + moved)
      .sort((a, b) => a - b)
      .join();
  for (let change = zone.nextChange(from); change !== undefined; change = zone.nextChange(change)) {
    if (change > from + TWO_YEARS_MS) return undefined;
    const begin = change - 2 * DAY_MS;
    if (instantsOf([schedule], begin, 0) !== instantsOf(earlier, begin - distance, distance)) return change;
  }
  return undefined;
}
