import { readEnd } from "../../../contract/date-time";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../contract/units";
import { quote } from "../../../schedule/error";
import { NearFirings } from "../../../schedule/near-firings";
import type { TimelineFiring, TimelineSchedule } from "../../../schedule/timeline";
import { InputError } from "../../context";
import { formatMinute, toLocalMs } from "../../terminal/time";

/** A longer hold is a change of the config. */
const MAX_DAYS = 366;
const TIME = /^(?:(?:[01]?\d|2[0-3]):[0-5]\d|24:00)$/;
const DURATION = /^(?=\d)(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?$/;

/** The options that say when a hold ends, as commander reads them. */
export interface EndOptions {
  readonly until?: string;
  readonly for?: string;
  readonly untilNextStart?: boolean;
}

/**
 * @param names the command's options for an end, for the message
 * @param example a call that has an end
 * @throws {InputError} unless the options have one end
 */
export function checkOneEnd(
  { until, for: duration, untilNextStart }: EndOptions,
  names: readonly string[],
  example: string,
): void {
  const given = [until, duration, untilNextStart || undefined].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new InputError(
      `Expected one end, by ${names.slice(0, -1).join(", ")} or ${names.at(-1)}, got ${given.length === 0 ? "none" : "several"}: ${example}`,
    );
  }
  if (duration !== undefined) parseDuration(duration, "--for");
}

/**
 * Reads when a hold is to end, rounded up to a minute.
 *
 * @param options one end, as `checkOneEnd` has found
 * @param timezone IANA zone of a time that names none
 * @param schedules those of the instances, for `--until-next-start`
 * @throws {InputError} for a past one and one more than a year away
 */
export function chooseEnd(
  options: EndOptions,
  { now, timezone }: { readonly now: Date; readonly timezone: string },
  schedules: readonly TimelineSchedule[],
): Date {
  const { until, for: duration, untilNextStart } = options;
  if (untilNextStart) return nextStart(now, schedules).at;
  const end =
    until === undefined
      ? addDuration(now, parseDuration(duration ?? "", "--for"))
      : parseUntil(until, now, timezone);
  return checkEnd(end, now, timezone, until === undefined ? "--for" : "--until");
}

/** Moves an end by a duration. */
export function addDuration(from: Date, milliseconds: number): Date {
  return new Date(Math.ceil((+from + milliseconds) / MINUTE_MS) * MINUTE_MS);
}

/** @throws {InputError} for an end that has passed, and for one more than a year away */
export function checkEnd(end: Date, now: Date, timezone: string, option: string): Date {
  if (+end <= +now) {
    throw new InputError(`${option}: expected an end after now, got ${formatMinute(end, timezone)}`);
  }
  if (+end - +now > MAX_DAYS * DAY_MS) {
    throw new InputError(
      `${option}: expected an end within a year, got ${formatMinute(end, timezone)}: what lasts longer belongs in the config`,
    );
  }
  return end;
}

/**
 * Reads `90m`, `2h`, `1h30m` or `2d`, in milliseconds.
 * @throws {InputError} for any other text, and for zero
 */
export function parseDuration(text: string, option: string): number {
  const [, days, hours, minutes] = DURATION.exec(text) ?? [];
  const sum = Number(days ?? 0) * DAY_MS + Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS;
  if (sum > 0) return sum;
  throw new InputError(`${option}: expected a duration such as 90m, 2h, 1h30m or 2d, got ${quote(text)}`);
}

/** A time of day is the next one; a time that clocks jump over comes as long after midnight as without the jump. */
function parseUntil(text: string, now: Date, timezone: string): Date {
  const today = Math.floor(toLocalMs(now, timezone) / DAY_MS) * DAY_MS;
  const candidates = TIME.test(text)
    ? [today, today + DAY_MS].map((day) => {
        const date = new Date(day).toISOString().slice(0, 10);
        return text === "24:00" ? date : `${date}T${text.padStart(5, "0")}`;
      })
    : [text];
  const ends = candidates.flatMap((each) => readEnd(each, timezone) ?? []);
  const end = ends.find((each) => each > +now) ?? ends.at(-1);
  if (end !== undefined) return addDuration(new Date(end), 0);
  throw new InputError(
    `--until: expected a time such as 22:00, 2026-11-23T22:00 or 2026-11-23, got ${quote(text)}`,
  );
}

function nextStart(now: Date, schedules: readonly TimelineSchedule[]): TimelineFiring {
  const next = new NearFirings(now).nextEffective(schedules.filter(({ action }) => action === "start"));
  if (next !== undefined) return next;
  throw new InputError(
    "--until-next-start: expected a schedule that starts these instances within 400 days, got none: use --until or --for",
  );
}
