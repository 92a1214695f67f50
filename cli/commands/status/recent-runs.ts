import { DAY_MS, MINUTE_MS } from "../../../contract/units";
import type { PlannedSchedule } from "../../../model/plan";
import { NearFirings } from "../../../schedule/near-firings";
import { AwsError } from "../../aws/call";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { CLOCK_SKEW_MS, type FunctionRun, MAX_LOGGED_MS, type RunReader } from "../../runs/run";

/** The recent runs of the functions, from their logs. */
export interface RecentRuns {
  /** Runs before this are not among them. */
  readonly from: Date;
  /** Runs of all functions, oldest first. */
  readonly runs: readonly FunctionRun[];
  /** Functions without a log group: they never ran, or are not deployed. */
  readonly functionsWithoutLogGroup: readonly string[];
  /** Why the logs could not be read, in one line; then there are no runs. */
  readonly problem?: string;
}

/** Limits how much of the logs is read; older runs matter little today. */
const MAX_DAYS = 30;
const MIN_DAYS = 1;
/** A run that began before that has ended and will not change. */
const FINAL_AFTER_MS = MAX_LOGGED_MS + 4 * MINUTE_MS;

export interface RecentRunsOptions {
  readonly reader: RunReader;
  readonly functionNames: readonly string[];
  readonly plan: readonly PlannedSchedule[];
  readonly logRetentionDays?: number | undefined;
}

/** The runs since the last firing of each schedule; a second reading reads only what may have changed since the first. */
export class RecentRunsReader {
  readonly #options: RecentRunsOptions;
  readonly #known = new Map<string, readonly FunctionRun[]>();
  #from: Date | undefined;
  #readAt: Date | undefined;

  constructor(options: RecentRunsOptions) {
    this.#options = options;
  }

  /** Without the permission to read logs there are no runs, and the reason. */
  async read(now: Date): Promise<RecentRuns> {
    const { functionNames } = this.#options;
    this.#from ??= this.#beginning(now);
    const from = this.#from;
    const since = new Date(Math.max(+from, +(this.#readAt ?? from) - FINAL_AFTER_MS));
    try {
      const read = await Promise.all(functionNames.map((name) => this.#readFunction(name, since)));
      this.#readAt = now;
      return {
        from,
        runs: read.flatMap((runs = []) => runs).sort((a, b) => +a.startedAt - +b.startedAt),
        functionsWithoutLogGroup: functionNames.filter((_, index) => read[index] === undefined),
      };
    } catch (error) {
      if (!(error instanceof AwsError) || error.missingPermission === undefined) throw error;
      return { from, runs: [], functionsWithoutLogGroup: [], problem: error.message };
    }
  }

  async #readFunction(name: string, since: Date): Promise<readonly FunctionRun[] | undefined> {
    const latest = await this.#options.reader.runs(name, { from: since });
    if (latest === undefined) return undefined;
    const final = (this.#known.get(name) ?? []).filter(({ startedAt }) => startedAt < since);
    const runs = [...final, ...latest];
    this.#known.set(name, runs);
    return runs;
  }

  #beginning(now: Date): Date {
    const { plan, logRetentionDays = MAX_DAYS } = this.#options;
    const past = new NearFirings(now);
    const lasts = plan.flatMap((planned) => past.lastBefore(toTimelineSchedule(planned))?.at ?? []);
    const first = Math.min(...lasts.map((at) => +at - 2 * CLOCK_SKEW_MS), +now - MIN_DAYS * DAY_MS);
    const days = Math.min(MAX_DAYS, logRetentionDays);
    return new Date(Math.max(first, +now - days * DAY_MS));
  }
}
