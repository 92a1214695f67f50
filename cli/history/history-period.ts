import { quote } from "../../schedule/error";
import { InputError } from "../input-error";
import { parseSince } from "../since";
import type { TrailPeriod } from "./trail";

export const DEFAULT_SINCE = "7d";

const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
/** CloudTrail is asked a moment later than it is now, when the 90 days have moved on. */
const MARGIN_MS = 60_000;

/**
 * From when on to look, until now.
 * @throws {InputError} for what is no time, or longer ago than CloudTrail keeps events
 */
export function historyPeriod(since: string | undefined, now: Date, timezone: string): TrailPeriod {
  const from = parseSince(since ?? DEFAULT_SINCE, now, timezone);
  const earliest = +now - KEPT_DAYS * DAY_MS;
  if (+from < earliest) {
    throw new InputError(
      `--since: expected at most ${KEPT_DAYS} days ago, as CloudTrail's event history keeps no more, got ${quote(since ?? "")}`,
    );
  }
  return { from: new Date(Math.max(+from, earliest + MARGIN_MS)), to: now };
}
