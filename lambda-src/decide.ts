import { clockTime, readInstant } from "../contract/date-time";
import type { FollowUp } from "../contract/follow-ups";
import { LATEST_MINUTES, TIMEZONE } from "../contract/limits";
import type { StartStopRequest } from "../contract/request";
import { MINUTE_MS } from "../contract/units";
import { RequestError } from "./request";

/** Whether to run a request, and the reason if not. */
export type Decision =
  | { readonly proceed: true }
  | { readonly proceed: false; readonly late: boolean; readonly reason: string };

/** The tolerated difference between the clocks of the trigger and the function. */
const MAX_FUTURE_MINUTES = 5;

/**
 * Decides whether to run a request. One that is too late or falls on a holiday is skipped without an error, since a
 * retry would be even later.
 * @throws {RequestError} when its scheduled time is in the future
 */
export function decide(request: Omit<StartStopRequest, "targets">, now: number): Decision {
  const due = dueAt(request, now);
  const ageMinutes = (now - due) / MINUTE_MS;
  if (-ageMinutes > MAX_FUTURE_MINUTES) {
    throw new RequestError([
      `Expected \`scheduledTime\` to be at most ${MAX_FUTURE_MINUTES} minutes in the future, got ${request.scheduledTime}`,
    ]);
  }
  // Checks change nothing, so they run at any time.
  if (request.checkOnly) return { proceed: true };
  if (request.followUp) return decideFollowUp(request.followUp, now);
  const { latestMinutes: latest = LATEST_MINUTES.default, warnMinutes } = request;
  // Once the stop is due, its warning is of no use.
  const latestMinutes = Math.min(latest, warnMinutes ?? latest);
  if (ageMinutes > latestMinutes) {
    const reason = `too late: due at ${request.scheduledTime}, ${Math.floor(ageMinutes)} minutes ago, latest ${latestMinutes}`;
    return { proceed: false, late: true, reason };
  }
  const { holidays = [], timezone = TIMEZONE.default } = request;
  const date = holidays.length > 0 ? clockTime(actsAt(request, now), timezone).slice(0, 10) : "";
  if (!holidays.includes(date)) return { proceed: true };
  return { proceed: false, late: false, reason: `holiday: ${date} in ${timezone}` };
}

/**
 * Decides whether to run a follow-up. It is never too late or on a holiday: only the next opposite firing ends it, and the
 * deployed schedules, with their calendars, decide on each instance.
 */
function decideFollowUp({ notAfter }: FollowUp, now: number): Decision {
  const end = notAfter === undefined ? undefined : readInstant(notAfter);
  if (end === undefined || now < end) return { proceed: true };
  return { proceed: false, late: true, reason: `too late: the opposite firing of ${notAfter} has come` };
}

/**
 * Returns when a request becomes too late to change anything, in milliseconds since 1970. A run that waits for EC2 must not
 * act after the opposite firing.
 */
export function latestChange(request: Omit<StartStopRequest, "targets">, now: number): number {
  const { followUp, latestMinutes = LATEST_MINUTES.default } = request;
  if (followUp) return readInstant(followUp.notAfter ?? "") ?? Number.POSITIVE_INFINITY;
  return dueAt(request, now) + latestMinutes * MINUTE_MS;
}

/** When a request acts, in milliseconds since 1970: when it is due, or for a warning when its stop is. */
export function actsAt(request: Omit<StartStopRequest, "targets">, now: number): number {
  return dueAt(request, now) + (request.warnMinutes ?? 0) * MINUTE_MS;
}

function dueAt({ scheduledTime }: Pick<StartStopRequest, "scheduledTime">, now: number): number {
  return scheduledTime === undefined ? now : (readInstant(scheduledTime) ?? now);
}

/**
 * Returns when the stop or start of a request was due, in milliseconds since 1970; undefined for one that is due when it
 * arrives, as a follow-up of a hold is, whatever firing met the hold.
 */
export function firedAt({
  scheduledTime = "",
  followUp,
}: Pick<StartStopRequest, "scheduledTime" | "followUp">): number | undefined {
  return followUp?.kind === "hold" ? undefined : readInstant(scheduledTime);
}
