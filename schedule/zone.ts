import { create, getTimeZoneTransition, offsetNanoseconds } from "temporal-polyfill/fns/ZonedDateTime";
import { DAY_MS } from "../contract/units";
import { quote, ScheduleError } from "./error";

/**
 * A stretch of time in which a zone keeps one offset from UTC, up to the next change (exclusive). It may have begun
 * before `start`; its true beginning is never needed. All in milliseconds.
 */
interface OffsetSpan {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** When a local time happens: once, twice (`at` is the first), or never (`at` is the change that jumps over it). */
export interface LocalInstant {
  readonly at: number;
  readonly kind: "once" | "repeated" | "skipped";
}

/**
 * Local time in one IANA zone. Local times are milliseconds too: those of the instant at which a clock in UTC would
 * show the same.
 */
export class Zone {
  readonly name: string;
  readonly #spans: OffsetSpan[] = [];
  #last: OffsetSpan | undefined;

  private constructor(name: string) {
    this.name = name;
    if (name === "UTC") {
      this.#spans.push({ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, offset: 0 });
    }
  }

  /** `name` as parseTimezone returned it. Zones are kept: finding clock changes is the slow part. */
  static of(name: string): Zone {
    let zone = zones.get(name);
    if (zone === undefined) {
      zone = new Zone(name);
      zones.set(name, zone);
    }
    return zone;
  }

  /** Local time minus UTC at an instant. */
  offsetAt(instant: number): number {
    return this.#spanAt(instant).offset;
  }

  /** The next instant after `instant` at which the offset changes, or undefined where it never does. */
  nextChange(instant: number): number | undefined {
    const { end } = this.#spanAt(instant);
    return end === Number.POSITIVE_INFINITY ? undefined : end;
  }

  /** When clocks in the zone show `local`. */
  resolve(local: number): LocalInstant {
    // No zone is as far as a day from UTC: the local time comes after the start of this span. Those that follow are
    // asked for at the change with which they start.
    let span = this.#spanAt(local - DAY_MS);
    while (local - span.offset >= span.end) span = this.#spanAt(span.end);
    if (local - span.offset < span.start) return { at: span.start, kind: "skipped" };
    const next = span.end === Number.POSITIVE_INFINITY ? undefined : this.#spanAt(span.end);
    const repeated = next !== undefined && local - next.offset >= next.start;
    return { at: local - span.offset, kind: repeated ? "repeated" : "once" };
  }

  #spanAt(instant: number): OffsetSpan {
    if (this.#last !== undefined && instant >= this.#last.start && instant < this.#last.end)
      return this.#last;
    let span = this.#spans.find(({ start, end }) => instant >= start && instant < end);
    if (span === undefined) {
      span = this.#readSpan(instant);
      const { end } = span;
      const known = this.#spans.findIndex((other) => other.end === end);
      if (known < 0) this.#spans.push(span);
      else this.#spans[known] = span;
    }
    this.#last = span;
    return span;
  }

  #readSpan(instant: number): OffsetSpan {
    try {
      const moment = create(BigInt(instant) * 1_000_000n, this.name);
      const next = getTimeZoneTransition(moment, "next");
      return {
        start: instant,
        end: next === null ? Number.POSITIVE_INFINITY : Number(next.epochNanoseconds / 1_000_000n),
        offset: offsetNanoseconds(moment) / 1_000_000,
      };
    } catch (cause) {
      throw new ScheduleError(
        {
          field: "timezone",
          expected: "a zone that this Node.js knows",
          got: quote(this.name),
          hint: `Node.js ${process.versions.node} has IANA data ${process.versions["tz"] ?? "of an unknown release"}`,
        },
        { cause },
      );
    }
  }
}

const zones = new Map<string, Zone>();

/** `yyyy-mm-ddThh:mm:ss` of a local time (as milliseconds of the instant at which UTC shows the same). */
export function localText(local: number): string {
  return new Date(local).toISOString().slice(0, 19);
}
