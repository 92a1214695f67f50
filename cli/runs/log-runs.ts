import type { AwsSettings } from "../aws/settings";
import type { Clock } from "../command-environment";
import { AwsLogEvents } from "./aws-log-events";
import type { FunctionRun, RunPeriod, RunReader } from "./function-run";
import { groupRuns } from "./group-runs";
import { type LogEventReader, logGroupOf } from "./log-event";

/** Events of a run may be as much later than its start. */
const LONGEST_MS = 16 * 60_000;
/** Lambda's clock and that of whoever invokes may differ. */
const CLOCKS_APART_MS = 60_000;

/** Reads runs from the log groups of Lambda functions. */
export class LogRuns implements RunReader {
  readonly #events: LogEventReader;
  readonly #clock: Pick<Clock, "now">;

  constructor(events: LogEventReader, clock: Pick<Clock, "now">) {
    this.#events = events;
    this.#clock = clock;
  }

  async runs(functionName: string, { from, to }: RunPeriod): Promise<FunctionRun[] | undefined> {
    const events = await this.#events.events(logGroupOf(functionName), {
      from,
      ...(to === undefined ? {} : { to: new Date(+to + LONGEST_MS) }),
    });
    if (events === undefined) return undefined;
    return groupRuns(functionName, events, this.#clock.now())
      .map(({ run }) => run)
      .filter(({ startedAt }) => startedAt >= from && (to === undefined || startedAt < to));
  }

  async runOf(functionName: string, requestId: string, since: Date): Promise<FunctionRun | undefined> {
    const events = await this.#events.events(logGroupOf(functionName), {
      from: new Date(+since - CLOCKS_APART_MS),
      containing: requestId,
    });
    return groupRuns(functionName, events ?? [], this.#clock.now())
      .map(({ run }) => run)
      .findLast((run) => run.requestId === requestId);
  }
}

export function openRunReader(settings: AwsSettings, clock: Pick<Clock, "now">): RunReader {
  return new LogRuns(new AwsLogEvents(settings), clock);
}
