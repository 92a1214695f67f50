import { ScheduleError } from "./error";

export type ScheduleKind = "cron" | "rate" | "at";
export type RateUnit = "minute" | "minutes" | "hour" | "hours" | "day" | "days";

/** The six fields of an AWS cron expression, each as AWS writes it. */
export interface CronFields {
  readonly minutes: string | number;
  readonly hours: string | number;
  /** @default "?" where dayOfWeek is given, else "*" */
  readonly dayOfMonth?: string | number;
  /** @default "*" */
  readonly month?: string | number;
  /** @default "?" */
  readonly dayOfWeek?: string | number;
  /** @default "*" */
  readonly year?: string | number;
}

export interface ScheduleOptions {
  /**
   * IANA zone in which the times are read.
   * @default "UTC"
   */
  readonly timezone?: string;
}

export interface FiringOptions {
  /** @default now */
  readonly from?: Date;
  /** @default 1, or no limit where `until` is given */
  readonly count?: number;
  /**
   * Firings before this instant only.
   * @default none
   */
  readonly until?: Date;
}

/** One firing, in the schedule's own zone. */
export interface Firing {
  readonly at: Date;
  /** ISO 8601 local time with its offset, such as `2026-11-23T20:00:00+09:00`. */
  readonly local: string;
  /** Set where the clocks show this time twice: the schedule runs once, at the first of them. */
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

/** Expressions that fire at the same instants in UTC, or why there are none. */
export type UtcConversion =
  | { readonly expressions: readonly string[] }
  | { readonly expressions: null; readonly reason: string };

/** When something runs: a time expression as AWS reads it, with its zone. */
export class Schedule {
  readonly kind: ScheduleKind;
  /** The AWS string, such as `cron(0 20 ? * MON-FRI *)`. */
  readonly expression: string;
  /** IANA zone, as IANA spells it. */
  readonly timezone: string;

  private constructor(kind: ScheduleKind, expression: string, timezone: string) {
    this.kind = kind;
    this.expression = expression;
    this.timezone = timezone;
  }

  static cron(_fields: string | CronFields, _options: ScheduleOptions = {}): Schedule {
    throw new ScheduleError("not built yet");
  }

  static rate(_value: number, _unit: RateUnit): Schedule {
    throw new ScheduleError("not built yet");
  }

  static at(_local: string, _options: ScheduleOptions = {}): Schedule {
    throw new ScheduleError("not built yet");
  }

  static parse(expression: string, options: ScheduleOptions = {}): Schedule {
    return new Schedule("cron", expression, options.timezone ?? "UTC");
  }

  /** Firings at or after `from`; a rate counts from `from`, its first firing one period later. */
  next(options: FiringOptions = {}): Date[] {
    return this.firings(options).map((firing) => firing.at);
  }

  firings(_options: FiringOptions = {}): Firing[] {
    return [];
  }

  /** Firings between `from` and `until` that a clock change skips or would repeat. */
  clockChangeEffects(_options: { readonly from: Date; readonly until: Date }): ClockChangeEffect[] {
    return [];
  }

  /** In words. */
  describe(): string {
    return this.expression;
  }

  /** Expressions for EventBridge rules, which read UTC: exact for all years, or refused with the reason. */
  toUtc(_options: { readonly from?: Date } = {}): UtcConversion {
    return { expressions: [this.expression] };
  }

  toString(): string {
    return this.expression;
  }
}
