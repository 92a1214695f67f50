import { type LogEvent, type LogLine, readLogLine } from "./parse";
import { type Attempt, type FunctionRun, howItEnded } from "./run";

/** A run and the events that tell of it. */
export interface LoggedRun {
  readonly run: FunctionRun;
  readonly events: readonly LogEvent[];
}

/**
 * Runs, of all events of a function's log in a period, oldest first. The events of several invocations come mixed, and
 * those of one in any order; each of Lambda's environments, with a stream of its own, does one after the other.
 */
export function groupRuns(functionName: string, events: readonly LogEvent[], now: Date): LoggedRun[] {
  const streams = new Map<string, Stream>();
  for (const { event, line } of inOrder(events)) {
    const stream = streams.get(event.streamName) ?? new Stream();
    streams.set(event.streamName, stream);
    stream.take(event, line);
  }
  const attempts = [...streams.values()].flatMap((stream) => stream.attempts);
  return numbered(
    attempts.map((attempt) => ({ attempt, startedAt: startOf(attempt) })),
    (each, number) => ({
      run: {
        functionName,
        requestId: each.attempt.requestId,
        attempt: number,
        startedAt: new Date(each.startedAt),
        ...durationOf(each.attempt),
        ...howItEnded(each.attempt, +now - each.startedAt),
      },
      events: each.attempt.events,
    }),
  );
}

interface ReadEvent {
  readonly event: LogEvent;
  readonly line: LogLine;
}

/** Of events at the same millisecond, a start comes first and an end last. */
const RANK: Readonly<Record<LogLine["kind"], number>> = { start: 0, error: 1, report: 1, end: 2 };

function inOrder(events: readonly LogEvent[]): ReadEvent[] {
  return events
    .flatMap((event) => {
      const line = readLogLine(event.message);
      return line === undefined ? [] : [{ event, line }];
    })
    .sort((a, b) => a.event.timestamp - b.event.timestamp || RANK[a.line.kind] - RANK[b.line.kind]);
}

/** The attempts of one of Lambda's environments, in their order. */
class Stream {
  readonly attempts: Attempt[] = [];
  readonly #lastOf = new Map<string, Attempt>();
  #current: Attempt | undefined;

  take(event: LogEvent, line: LogLine): void {
    const attempt =
      line.requestId === undefined ? this.#current : this.#attemptOf(line.requestId, opens(line));
    if (attempt === undefined) return;
    attempt.events.push(event);
    if (line.kind === "start") {
      attempt.started = event.timestamp;
      this.#current = attempt;
    } else if (line.kind === "report") attempt.report = { report: line.report, at: event.timestamp };
    else if (line.kind === "end") {
      const { kind: _, requestId: __, ...end } = line;
      attempt.end = { ...attempt.end, ...end, at: event.timestamp };
    } else if (line.fatal || !attempt.error?.fatal) attempt.error = { text: line.text, fatal: line.fatal };
  }

  #attemptOf(requestId: string, opensAnother: (last: Attempt) => boolean): Attempt {
    const last = this.#lastOf.get(requestId);
    if (last !== undefined && !opensAnother(last)) return last;
    const attempt: Attempt = { requestId, events: [] };
    this.#lastOf.set(requestId, attempt);
    this.attempts.push(attempt);
    return attempt;
  }
}

/** Lambda's retry has the id of the first attempt: a second start or report is another attempt's. */
function opens({ kind }: LogLine): (last: Attempt) => boolean {
  if (kind === "start") return ({ events }) => events.length > 0;
  if (kind === "report") return ({ report }) => report !== undefined;
  return () => false;
}

function startOf({ started, end, report, events }: Attempt): number {
  if (started !== undefined) return started;
  if (end?.durationMs !== undefined) return Math.round(end.at - end.durationMs);
  if (report !== undefined) return Math.round(report.at - report.report.durationSeconds * 1000);
  return events[0]?.timestamp ?? 0;
}

function durationOf({ end, report }: Attempt): Pick<FunctionRun, "durationMs"> {
  const durationMs = end?.durationMs ?? (report && report.report.durationSeconds * 1000);
  return durationMs === undefined ? {} : { durationMs };
}

interface Started {
  readonly attempt: Attempt;
  readonly startedAt: number;
}

/** Oldest first, each with its number among the attempts of its invocation. */
function numbered<Result>(
  attempts: readonly Started[],
  toResult: (attempt: Started, number: number) => Result,
): Result[] {
  const counts = new Map<string, number>();
  return [...attempts]
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((each) => {
      const number = (counts.get(each.attempt.requestId) ?? 0) + 1;
      counts.set(each.attempt.requestId, number);
      return toResult(each, number);
    });
}
