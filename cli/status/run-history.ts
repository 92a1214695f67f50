import type { PlannedSchedule } from "../../constructs/plan";
import { AwsError } from "../aws/aws-error";
import { PastFirings } from "../deployment/past-firings";
import type { FunctionRun, RunReader } from "../runs/function-run";
import type { RunsRead } from "./runs-read";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** Older runs say little about today, and logs are read all through. */
const LONGEST_DAYS = 30;
const SHORTEST_DAYS = 1;
/** A function runs for 15 minutes at most: what began before that has ended, and will not change. */
const SETTLED_AFTER_MS = 20 * MINUTE_MS;
/** A run may be logged as a moment before its firing. */
const CLOCKS_APART_MS = 2 * MINUTE_MS;

export interface RunHistoryOptions {
  readonly reader: RunReader;
  readonly functionNames: readonly string[];
  readonly plan: readonly PlannedSchedule[];
  readonly logRetentionDays?: number | undefined;
}

/** The runs since the last firing of each schedule; a second look reads only what may have changed since the first. */
export class RunHistory {
  readonly #options: RunHistoryOptions;
  readonly #known = new Map<string, readonly FunctionRun[]>();
  #from: Date | undefined;
  #lookedAt: Date | undefined;

  constructor(options: RunHistoryOptions) {
    this.#options = options;
  }

  /** Without the permission to read logs there are no runs, and a word on why. */
  async read(now: Date): Promise<RunsRead> {
    const { functionNames } = this.#options;
    this.#from ??= this.#beginning(now);
    const from = this.#from;
    const since = new Date(Math.max(+from, +(this.#lookedAt ?? from) - SETTLED_AFTER_MS));
    try {
      const read = await Promise.all(functionNames.map((name) => this.#readFunction(name, since)));
      this.#lookedAt = now;
      return {
        from,
        runs: read.flatMap((runs = []) => runs).sort((a, b) => +a.startedAt - +b.startedAt),
        withoutLog: functionNames.filter((_, index) => read[index] === undefined),
      };
    } catch (error) {
      if (!(error instanceof AwsError) || error.missingPermission === undefined) throw error;
      return { from, runs: [], withoutLog: [], problem: error.message };
    }
  }

  async #readFunction(name: string, since: Date): Promise<readonly FunctionRun[] | undefined> {
    const latest = await this.#options.reader.runs(name, { from: since });
    if (latest === undefined) return undefined;
    const settled = (this.#known.get(name) ?? []).filter(({ startedAt }) => startedAt < since);
    const runs = [...settled, ...latest];
    this.#known.set(name, runs);
    return runs;
  }

  #beginning(now: Date): Date {
    const { plan, logRetentionDays = LONGEST_DAYS } = this.#options;
    const past = new PastFirings(now);
    const lasts = plan.flatMap((planned) => past.lastOf(planned)?.at ?? []);
    const first = Math.min(...lasts.map((at) => +at - CLOCKS_APART_MS), +now - SHORTEST_DAYS * DAY_MS);
    const days = Math.min(LONGEST_DAYS, logRetentionDays);
    return new Date(Math.max(first, +now - days * DAY_MS));
  }
}
