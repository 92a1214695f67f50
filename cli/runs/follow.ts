import { MINUTE_MS } from "../../contract/units";
import { logGroupName } from "../../model/names";
import type { AwsSettings } from "../aws/call";
import { AwsLogEvents, type LogEvent, type LogEventReader } from "../aws/logs";
import type { Clock } from "../context";
import { groupRuns, type LoggedRun } from "./group";
import { CLOCK_SKEW_MS, type FunctionRun, MAX_LOGGED_MS, type RunPeriod, type RunReader } from "./run";

/** Reads runs from the log groups of Lambda functions. */
export class LogRuns implements RunReader {
  readonly #events: LogEventReader;
  readonly #clock: Pick<Clock, "now">;

  constructor(events: LogEventReader, clock: Pick<Clock, "now">) {
    this.#events = events;
    this.#clock = clock;
  }

  async runs(functionName: string, { from, to }: RunPeriod): Promise<FunctionRun[] | undefined> {
    const events = await this.#events.events(logGroupName(functionName), {
      from,
      ...(to === undefined ? {} : { to: new Date(+to + MAX_LOGGED_MS) }),
    });
    if (events === undefined) return undefined;
    return groupRuns(functionName, events, this.#clock.now())
      .map(({ run }) => run)
      .filter(({ startedAt }) => startedAt >= from && (to === undefined || startedAt < to));
  }

  async runOf(functionName: string, requestId: string, since: Date): Promise<FunctionRun | undefined> {
    const events = await this.#events.events(logGroupName(functionName), {
      from: new Date(+since - CLOCK_SKEW_MS),
      containing: requestId,
    });
    return groupRuns(functionName, events ?? [], this.#clock.now())
      .map(({ run }) => run)
      .findLast((run) => run.requestId === requestId);
  }
}

export function createRunReader(settings: AwsSettings, clock: Pick<Clock, "now">): RunReader {
  return new LogRuns(new AwsLogEvents(settings), clock);
}

/** Lambda usually delivers lines within seconds; later ones than this may be missed. */
const LATEST_MS = 5 * MINUTE_MS;

/** Follows the log of a function and returns each run once, when it has ended. */
export class RunFollower {
  readonly functionName: string;
  readonly #reader: LogEventReader;
  readonly #from: number;
  /** Time of the newest event that was read, by CloudWatch's clock: this machine's may differ. */
  #newest: number;
  /** Events whose run is not complete yet. */
  #events = new Map<string, LogEvent>();
  /** Ids of the events of runs that were returned. */
  #given = new Set<string>();

  constructor(functionName: string, reader: LogEventReader, from: Date) {
    this.functionName = functionName;
    this.#reader = reader;
    this.#from = +from;
    this.#newest = +from;
  }

  /**
   * Reads the runs that ended since the last poll, oldest first; undefined if there is no log group (yet).
   * @throws {AwsError}
   */
  async poll(now: Date): Promise<FunctionRun[] | undefined> {
    const read = await this.#reader.events(logGroupName(this.functionName), { from: this.#readFrom() });
    if (read === undefined) return undefined;
    for (const event of read) {
      this.#events.set(event.id, event);
      this.#newest = Math.max(this.#newest, event.timestamp);
    }
    const runs = groupRuns(this.functionName, [...this.#events.values()], now);
    const over = runs.filter(({ run }) => run.ending !== "running");
    const fresh = over.filter(
      ({ run, events }) => +run.startedAt >= this.#from && !events.some(({ id }) => this.#given.has(id)),
    );
    this.#forget(runs);
    for (const { events } of over) {
      for (const { id } of events) if (this.#events.has(id)) this.#given.add(id);
    }
    return fresh.map(({ run }) => run);
  }

  /** Re-reads the last minutes for late events; known events are recognized by their ids. */
  #readFrom(): Date {
    return new Date(Math.max(this.#from, this.#newest - LATEST_MS));
  }

  /** Keeps the events that will be read again, and those of unfinished runs. */
  #forget(runs: readonly LoggedRun[]): void {
    const from = +this.#readFrom();
    const needed = new Set(
      runs.filter(({ run }) => run.ending === "running").flatMap(({ events }) => events.map(({ id }) => id)),
    );
    this.#events = new Map(
      [...this.#events].filter(([id, { timestamp }]) => timestamp >= from || needed.has(id)),
    );
    this.#given = new Set([...this.#given].filter((id) => this.#events.has(id)));
  }
}
