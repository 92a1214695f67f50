import { type RunReport, throws } from "../../contract/report";
import type { LogEvent } from "../aws/logs";
import { type LogLine, parseLogLine, type RunEnd } from "./parse";
import { type FunctionRun, MAX_LOGGED_MS } from "./run";

/** A run and its log events. */
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
  for (const { event, line } of sortEvents(events)) {
    const stream = streams.get(event.streamName) ?? new Stream();
    streams.set(event.streamName, stream);
    stream.take(event, line);
  }
  const attempts = [...streams.values()]
    .flatMap((stream) => stream.attempts)
    // A run of the watch is of interest only if it fails.
    .filter((attempt) => !attempt.isWatch || failureOf(attempt) !== undefined)
    .map((attempt) => ({ attempt, startedAt: startOf(attempt) }))
    .sort((a, b) => a.startedAt - b.startedAt);
  const counts = new Map<string, number>();
  return attempts.map(({ attempt, startedAt }) => {
    const { requestId, events: own } = attempt;
    const number = (counts.get(requestId) ?? 0) + 1;
    counts.set(requestId, number);
    const run = {
      functionName,
      requestId,
      attempt: number,
      startedAt: new Date(startedAt),
      ...durationOf(attempt),
      ...endingOf(attempt, +now - startedAt),
    };
    return { run, events: own };
  });
}

/** The parsed log lines of one attempt. */
interface Attempt {
  readonly requestId: string;
  readonly events: LogEvent[];
  /** When Lambda started it; unknown where that line is older than what was read. */
  started?: number;
  end?: RunEnd & { readonly at: number };
  report?: { readonly report: RunReport; readonly at: number };
  error?: { readonly text: string; readonly fatal: boolean };
  isWatch?: true;
}

interface ReadEvent {
  readonly event: LogEvent;
  readonly line: LogLine;
}

/** Order of events in the same millisecond: a start is first, an end last. */
const RANK: Readonly<Record<LogLine["kind"], number>> = { start: 0, error: 1, report: 1, watch: 1, end: 2 };

function sortEvents(events: readonly LogEvent[]): ReadEvent[] {
  return events
    .flatMap((event) => {
      const line = parseLogLine(event.message);
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
      line.requestId === undefined ? this.#current : this.#attemptOf(line.requestId, opensAttempt(line));
    if (attempt === undefined) return;
    attempt.events.push(event);
    if (line.kind === "start") {
      attempt.started = event.timestamp;
      this.#current = attempt;
    } else if (line.kind === "watch") attempt.isWatch = true;
    else if (line.kind === "report") attempt.report = { report: line.report, at: event.timestamp };
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
function opensAttempt({ kind }: LogLine): (last: Attempt) => boolean {
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

type Ending = Pick<FunctionRun, "ending" | "report" | "error">;

/** Derives how an attempt ended. */
function endingOf(attempt: Attempt, ageMs: number): Ending {
  const report = attempt.report?.report;
  const failure = failureOf(attempt);
  // A run that failed throws after its report, on purpose.
  if (report && (failure === undefined || throws(report))) {
    return { ending: "reported", report };
  }
  if (failure) return report ? { ...failure, report } : failure;
  if (attempt.end) return { ending: "unreported" };
  if (ageMs < MAX_LOGGED_MS) return { ending: "running" };
  return { ending: "crashed", error: "its end is not in the log" };
}

function failureOf({ end, error }: Attempt): Ending | undefined {
  if (end?.failure === "timeout") return { ending: "timed-out", error: describeTimeout(end) };
  if (end?.failure === undefined && !error?.fatal) return undefined;
  return { ending: "crashed", error: describeCrash(end, error?.text) };
}

function describeTimeout(end: RunEnd): string {
  const after = end.durationMs === undefined ? "" : ` after ${Number((end.durationMs / 1000).toFixed(1))} s`;
  const full = isMemoryFull(end) ? `, with its ${end.memorySizeMb} MB of memory full` : "";
  return `timed out${after}${full}`;
}

function describeCrash(end: RunEnd | undefined, error: string | undefined): string {
  const killed = end?.errorType === "Runtime.OutOfMemory" || /signal: killed/.test(error ?? "");
  if (killed || (end !== undefined && error === undefined && isMemoryFull(end))) {
    return end?.memorySizeMb === undefined ? "out of memory" : `out of memory (${end.memorySizeMb} MB)`;
  }
  return error ?? `ended with ${end?.errorType ?? "an error"} (no reason logged)`;
}

function isMemoryFull({ memorySizeMb, maxMemoryUsedMb }: RunEnd): boolean {
  return memorySizeMb !== undefined && maxMemoryUsedMb !== undefined && maxMemoryUsedMb >= memorySizeMb;
}
