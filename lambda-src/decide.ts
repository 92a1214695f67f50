import { LATEST_MINUTES, TIMEZONE } from "../contract/limits";
import type { StartStopRequest } from "../contract/request";
import { MINUTE_MS } from "../schedule/units";
import { RequestError } from "./request";

/** Whether a request is carried out, and if not, why. */
export type Decision =
  | { readonly proceed: true }
  | { readonly proceed: false; readonly late: boolean; readonly reason: string };

/** How far the clocks of the trigger and the function may disagree. */
const FUTURE_MINUTES = 5;

/**
 * A request that comes too late or belongs to a holiday changes nothing, and is no error: trying again would only
 * be later still.
 * @throws {RequestError} when the firing lies in the future
 */
export function decide(request: StartStopRequest, now: number): Decision {
  const due = request.scheduledTime === undefined ? now : Date.parse(request.scheduledTime);
  const ageMinutes = (now - due) / MINUTE_MS;
  if (-ageMinutes > FUTURE_MINUTES) {
    throw new RequestError([
      `Expected \`scheduledTime\` to be at most ${FUTURE_MINUTES} minutes in the future, got ${request.scheduledTime}`,
    ]);
  }
  // Looking is never too late, and no holiday forbids it.
  if (request.checkOnly) return { proceed: true };
  const latestMinutes = request.latestMinutes ?? LATEST_MINUTES.default;
  if (ageMinutes > latestMinutes) {
    const reason = `too late: due at ${request.scheduledTime}, ${Math.floor(ageMinutes)} minutes ago, latest ${latestMinutes}`;
    return { proceed: false, late: true, reason };
  }
  const { holidays = [], timezone = TIMEZONE.default } = request;
  const date = holidays.length > 0 ? localDate(due, timezone) : "";
  if (!holidays.includes(date)) return { proceed: true };
  return { proceed: false, late: false, reason: `holiday: ${date} in ${timezone}` };
}

/** The calendar date, `yyyy-mm-dd`, of an instant in a zone. */
function localDate(instant: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}
