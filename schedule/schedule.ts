import { offsetText } from "../contract/date-time";
import { TIMEZONE } from "../contract/limits";
import { DAY_MS, MINUTE_MS, MINUTES_PER_HOUR } from "../contract/units";
import { parseAt } from "./at";
import {
  type CronFields,
  type CronPattern,
  cronDays,
  cronText,
  describeCron,
  MAX_EXPRESSION_LENGTH,
  parseCron,
} from "./cron";
import { quote, ScheduleError } from "./error";
import { describeRate, parseRate, type RateUnit } from "./rate";
import { parseTimezone } from "./timezone";
import { cronToUtc, type UtcConversion } from "./utc-conversion";
import { type LocalInstant, localText, Zone } from "./zone";

/** Kind of a time expression. */
export type ScheduleKind = "cron" | "rate" | "at";

/** Options of the factories of {@link Schedule}. */
export interface ScheduleOptions {
  /**
   * IANA zone of the local times, such as `Asia/Seoul`. A rate has the same instants in every zone.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * The first instant at which it may fire, and from which a rate counts. Not for `at(...)`, which has one time.
   * @default no beginning: a rate counts from its deployment
   * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
   */
  readonly startDate?: Date;
  /**
   * The instant from which on it fires no more. Not for `at(...)`.
   * @default no end
   */
  readonly endDate?: Date;
}

/** Selects firings. */
export interface FiringOptions {
  /**
   * Firings at or after this instant.
   * @default now
   */
  readonly from?: Date;
  /**
   * Number of firings at most.
   * @default 1, or no limit where `until` is given
   */
  readonly count?: number;
  /**
   * Firings before this instant.
   * @default no end
   */
  readonly until?: Date;
}

/** One firing, in the schedule's own zone. */
export interface Firing {
  /** The instant. */
  readonly at: Date;
  /** ISO 8601 local time with its offset, such as `2026-11-23T20:00:00+09:00`. */
  readonly local: string;
  /**
   * Set where the clocks show this time twice: the schedule runs once, at the first of them.
   * @default not set, as for all other times
   */
  readonly repeated?: true;
}

/** A firing that a clock change touches. */
export interface ClockChangeEffect {
  /** `skipped`: the clocks jump over this local time, nothing runs. `repeated`: they show it twice, it runs once. */
  readonly kind: "skipped" | "repeated";
  /** Local time without offset, such as `2026-03-08T02:30:00`. */
  readonly local: string;
  /** `skipped`: the instant of the clock change. `repeated`: the one firing. */
  readonly at: Date;
}

const LAST_INSTANT_MS = 8_640_000_000_000_000;

type Content =
  | { readonly kind: "cron"; readonly pattern: CronPattern }
  | { readonly kind: "rate"; readonly text: string; readonly periodMs: number }
  | { readonly kind: "at"; readonly local: number };

/**
 * A time expression as EventBridge evaluates it, with its zone. Clock changes follow EventBridge Scheduler: a time in the
 * gap is skipped, a repeated time fires once, and `rate(1 day)` is 24 elapsed hours.
 *
 * @example
 * const stop = Schedule.cron("0 20 ? * MON-FRI *", { timezone: "Asia/Seoul" });
 * stop.next({ from: new Date("2026-11-22T00:00:00Z") }); // [2026-11-23T11:00:00.000Z]
 * stop.toUtc(); // { expressions: ["cron(0 11 ? * MON-FRI *)"] }
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export class Schedule {
  /** The AWS string as it was given, such as `cron(0 20 ? * MON-FRI *)`. */
  readonly expression: string;
  /** IANA zone, as IANA spells it. */
  readonly timezone: string;
  /**
   * The first instant at which it may fire.
   * @default not set: it has no beginning
   */
  readonly startDate?: Date;
  /**
   * The instant from which on it fires no more.
   * @default not set: it has no end
   */
  readonly endDate?: Date;
  readonly #content: Content;

  private constructor(
    expression: string,
    timezone: string,
    content: Content,
    { startDate, endDate }: Pick<ScheduleOptions, "startDate" | "endDate"> = {},
  ) {
    this.expression = expression;
    this.timezone = timezone;
    this.#content = content;
    if (startDate) this.startDate = startDate;
    if (endDate) this.endDate = endDate;
  }

  /**
   * Makes a schedule from the six fields of an AWS cron expression, as one text or one by one.
   *
   * @throws ScheduleError that names the field, the part of it that is wrong and what is allowed
   * @example
   * Schedule.cron({ minutes: 0, hours: 20, dayOfWeek: "MON-FRI" }, { timezone: "Asia/Seoul" });
   */
  static cron(fields: string | CronFields, options: ScheduleOptions = {}): Schedule {
    return Schedule.parse(`cron(${typeof fields === "string" ? fields : cronText(fields)})`, options);
  }

  /**
   * Makes a schedule that fires at a fixed interval. The unit is singular for exactly 1.
   *
   * @param value a whole number from 1 to 99999999
   * @throws ScheduleError for a value or unit that AWS refuses
   * @example
   * Schedule.rate(5, "minutes");
   */
  static rate(value: number, unit: RateUnit, options: ScheduleOptions = {}): Schedule {
    return Schedule.parse(`rate(${value} ${unit})`, options);
  }

  /**
   * Makes a schedule that fires once. Only EventBridge Scheduler has such expressions, rules do not.
   *
   * @param local local time as `yyyy-mm-ddThh:mm:ss`, without an offset
   * @throws ScheduleError for a text that is no such time, and for a time that the zone's clocks jump over
   * @example
   * Schedule.at("2027-01-04T08:00:00", { timezone: "Asia/Seoul" });
   */
  static at(local: string, options: ScheduleOptions = {}): Schedule {
    return Schedule.parse(`at(${local})`, options);
  }

  /**
   * Parses an AWS expression: `cron(...)`, `rate(...)` or `at(...)`, at most 256 characters.
   *
   * @throws ScheduleError that says what is wrong, what is allowed, and the nearest valid spelling if there is one
   * @example
   * Schedule.parse("cron(0 20 ? * MON-FRI *)", { timezone: "Asia/Seoul" });
   */
  static parse(expression: string, options: ScheduleOptions = {}): Schedule {
    const timezone = parseTimezone(options.timezone ?? TIMEZONE.default);
    const { kind, text } = split(expression);
    const { startDate, endDate } = checkDates(kind, options);
    const make = (content: Content) =>
      new Schedule(expression, timezone, content, {
        ...(startDate && { startDate }),
        ...(endDate && { endDate }),
      });
    if (kind === "cron") return make({ kind, pattern: parseCron(text) });
    if (kind === "rate") return make({ kind, text, periodMs: parseRate(text) });
    return make({ kind, local: parseAt(text, Zone.of(timezone)) });
  }

  /** The same times without beginning and end. */
  withoutDates(): Schedule {
    return this.#isLimited ? new Schedule(this.expression, this.timezone, this.#content) : this;
  }

  /** Which of the three expressions it is. */
  get kind(): ScheduleKind {
    return this.#content.kind;
  }

  /** The parsed cron expression; undefined for `rate` and `at`. */
  get pattern(): CronPattern | undefined {
    return this.#content.kind === "cron" ? this.#content.pattern : undefined;
  }

  /** Whether every week is alike: a cron expression without dates, in which only days of the week select the days. */
  get isWeekly(): boolean {
    if (this.pattern === undefined || this.#isLimited) return false;
    const { dayOfMonth, month, dayOfWeek, year } = this.pattern.text;
    return ["?", "*"].includes(dayOfMonth) && month === "*" && !/[#L]/i.test(dayOfWeek) && year === "*";
  }

  /** The minute of the local day, where a cron expression has one minute and one hour. */
  get minuteOfDay(): number | undefined {
    const [hour, ...hours] = this.pattern?.hours ?? [];
    const [minute, ...minutes] = this.pattern?.minutes ?? [];
    if (hour === undefined || minute === undefined || hours.length + minutes.length > 0) return undefined;
    return hour * MINUTES_PER_HOUR + minute;
  }

  /**
   * Returns firings at or after `from`, soonest first. A rate without a `startDate` counts from `from`: its first firing is
   * one period later.
   *
   * @throws ScheduleError for an invalid Date or count
   * @example
   * schedule.next({ from: new Date("2026-11-22T00:00:00Z"), count: 3 });
   */
  next(options: FiringOptions = {}): Date[] {
    return this.#firingInstants(options).map(({ at }) => new Date(at));
  }

  /**
   * Returns the firings of {@link next} with their local times.
   *
   * @throws ScheduleError for an invalid Date or count
   */
  firings(options: FiringOptions = {}): Firing[] {
    const zone = Zone.of(this.timezone);
    return this.#firingInstants(options).map(({ at, kind }) => {
      const offset = zone.offsetAt(at);
      const local = localText(at + offset) + offsetText(offset);
      return { at: new Date(at), local, ...(kind === "repeated" && { repeated: true as const }) };
    });
  }

  /**
   * Returns the firings from `from` to before `until` that a clock change skips, or would repeat; none for a rate.
   *
   * @throws ScheduleError for an invalid Date
   */
  clockChangeEffects({ from, until }: { readonly from: Date; readonly until: Date }): ClockChangeEffect[] {
    const first = Math.max(instantOf(from, "from"), this.#start);
    const last = Math.min(instantOf(until, "until"), this.#end);
    const zone = Zone.of(this.timezone);
    const effects: ClockChangeEffect[] = [];
    if (this.kind === "rate") return effects;
    for (let change = zone.nextChange(first - 1); change !== undefined; change = zone.nextChange(change)) {
      if (change - DAY_MS >= last) break;
      for (const { at, kind, local } of this.#instants(change - DAY_MS)) {
        if (at > change) break;
        if (kind === "once" || at < first || at >= last || (kind === "skipped" && at !== change)) continue;
        effects.push({ kind, local: localText(local), at: new Date(at) });
      }
    }
    return effects;
  }

  /** Describes the schedule in words, such as "At 20:00, Monday through Friday". */
  describe(): string {
    const content = this.#content;
    const dates = this.#describeDates();
    if (content.kind === "cron") return describeCron(content.pattern) + dates;
    if (content.kind === "rate") return describeRate(content.text) + dates;
    return `Once, on ${localText(content.local).replace("T", " at ")}`;
  }

  /**
   * Converts to expressions for EventBridge rules, which are in UTC: together they fire at exactly the instants of this
   * schedule, in all years. Gives `expressions: null` with the reason where there are none.
   *
   * @param options clock changes count from `from` on (default: now)
   * @example
   * Schedule.cron("0 8 ? * MON-FRI *", { timezone: "Asia/Seoul" }).toUtc(); // { expressions: ["cron(0 23 ? * SUN-THU *)"] }
   */
  toUtc({ from = new Date() }: { readonly from?: Date } = {}): UtcConversion {
    const content = this.#content;
    if (this.#isLimited) {
      return { expressions: null, reason: "EventBridge rules have neither a start nor an end date" };
    }
    if (content.kind === "rate") return { expressions: [this.expression] };
    if (content.kind === "at") {
      return { expressions: null, reason: "EventBridge rules have no one-time at(...) expressions" };
    }
    return cronToUtc(this.expression, content.pattern, Zone.of(this.timezone), instantOf(from, "from"));
  }

  /** Returns the AWS string. */
  toString(): string {
    return this.expression;
  }

  #describeDates(): string {
    const zone = Zone.of(this.timezone);
    const textOf = (date: Date) =>
      localText(date.getTime() + zone.offsetAt(date.getTime()))
        .slice(0, 16)
        .replace("T", " ");
    const from = this.startDate ? `, from ${textOf(this.startDate)}` : "";
    return this.endDate ? `${from}${from ? "" : ","} until ${textOf(this.endDate)}` : from;
  }

  get #isLimited(): boolean {
    return this.startDate !== undefined || this.endDate !== undefined;
  }

  get #start(): number {
    return this.startDate?.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  get #end(): number {
    return this.endDate?.getTime() ?? LAST_INSTANT_MS + 1;
  }

  #firingInstants(options: FiringOptions): LocalInstant[] {
    const from = Math.max(instantOf(options.from ?? new Date(), "from"), this.#start);
    const limit = options.until === undefined ? LAST_INSTANT_MS + 1 : instantOf(options.until, "until");
    const until = Math.min(limit, this.#end);
    const count = options.count ?? (options.until === undefined ? 1 : Number.POSITIVE_INFINITY);
    if (!(count === Number.POSITIVE_INFINITY || Number.isInteger(count)) || count < 0) {
      throw new ScheduleError({ field: "count", expected: "a whole number from 0 on", got: String(count) });
    }
    const found: LocalInstant[] = [];
    if (count === 0) return found;
    for (const instant of this.#instants(from)) {
      if (instant.at >= until) break;
      if (instant.kind === "skipped" || instant.at < from) continue;
      found.push(instant);
      if (found.length === count) break;
    }
    return found;
  }

  *#instants(from: number): Generator<LocalInstant & { readonly local: number }, void> {
    const content = this.#content;
    const zone = Zone.of(this.timezone);
    if (content.kind === "rate") {
      const { periodMs } = content;
      const elapsed = this.startDate ? Math.ceil((from - this.#start) / periodMs) : 0;
      const first = this.startDate ? this.#start + elapsed * periodMs : from + periodMs;
      for (let at = first; at <= LAST_INSTANT_MS; at += content.periodMs) {
        yield { at, kind: "once", local: at };
      }
    } else if (content.kind === "at") {
      yield { ...zone.resolve(content.local), local: content.local };
    } else {
      const firstDay = Math.floor((from + zone.offsetAt(from)) / DAY_MS);
      for (const local of cronLocalTimes(content.pattern, firstDay)) yield { ...zone.resolve(local), local };
    }
  }
}

/** @throws ScheduleError for dates that do not exist, that end before they begin, or that a one-time schedule has */
function checkDates(kind: ScheduleKind, { startDate, endDate }: ScheduleOptions) {
  for (const [field, date] of Object.entries({ startDate, endDate })) {
    if (date === undefined) continue;
    const at = instantOf(date, field);
    if (kind === "at") {
      const expected = "none, since at(...) fires once: EventBridge Scheduler ignores its dates";
      throw new ScheduleError({ field, expected, got: new Date(at).toISOString() });
    }
  }
  if (startDate && endDate && endDate <= startDate) {
    const expected = `a time after the startDate, ${startDate.toISOString()}`;
    throw new ScheduleError({ field: "endDate", expected, got: endDate.toISOString() });
  }
  return { startDate, endDate };
}

function* cronLocalTimes(pattern: CronPattern, firstDay: number): Generator<number, void> {
  for (const day of cronDays(pattern, firstDay)) {
    for (const hour of pattern.hours) {
      for (const minute of pattern.minutes) yield day * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
    }
  }
}

function split(expression: string): { kind: ScheduleKind; text: string } {
  const field = "expression";
  const expected = "cron(...), rate(...) or at(...)";
  if (typeof expression !== "string") throw new ScheduleError({ field, expected, got: quote(expression) });
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    throw new ScheduleError({
      field,
      expected: `at most ${MAX_EXPRESSION_LENGTH} characters`,
      got: `${expression.length} characters`,
    });
  }
  const match = /^(cron|rate|at)\(([^()]*)\)$/.exec(expression);
  if (match === null)
    throw new ScheduleError({ field, expected, got: quote(expression), hint: formHint(expression) });
  return { kind: match[1] as ScheduleKind, text: match[2] ?? "" };
}

function formHint(expression: string): string | undefined {
  const text = expression.trim();
  if (/^(\S+ ){5}\S+$/.test(text) && !text.includes("(")) return `did you mean cron(${text})?`;
  if (/^(\S+ ){4}\S+$/.test(text) && !text.includes("("))
    return "AWS wants cron(...) with six fields, the year last";
  if (/^(cron|rate|at)\(.*\)$/i.test(text))
    return `did you mean ${text.toLowerCase().replace(/\(.*/, "")}(...)?`;
  return undefined;
}

function instantOf(date: Date, field: string): number {
  const instant = date.getTime();
  if (Number.isNaN(instant))
    throw new ScheduleError({ field, expected: "a valid date", got: "an invalid Date" });
  return instant;
}
