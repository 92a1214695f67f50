import { ACTIONS, type Action } from "../../../contract/actions";
import type { InstanceReport, ServiceReport } from "../../../contract/report";
import { DEFAULT_REQUEST_NAME, type PlannedSchedule } from "../../../model/plan";
import { AwsError } from "../../aws/call";
import { PastFirings } from "../../deployment/past-firings";
import type { FunctionRun, RunReader } from "../../runs/run";

/** A run, and what it did to one instance. */
export interface InstanceRun {
  readonly run: FunctionRun;
  /** Absent where the run tells nothing of the instance. */
  readonly entry?: InstanceReport;
}

const MINUTE_MS = 60_000;
/** Lambda's clock and ours may differ. */
const CLOCKS_APART_MS = MINUTE_MS;

/** Runs by what they were for. Dry runs count for nothing: they change nothing. */
export class LastRuns {
  /** Oldest first. */
  readonly #runs: readonly FunctionRun[];
  readonly #functions: Readonly<Record<Action, string>>;
  readonly #plan: readonly PlannedSchedule[];
  readonly #past: PastFirings;
  readonly #bySchedule = new Map<string, FunctionRun[]>();
  readonly #entries = new Map<FunctionRun, ReadonlyMap<string, InstanceReport>>();

  constructor(
    runs: readonly FunctionRun[],
    functions: Readonly<Record<Action, string>>,
    plan: readonly PlannedSchedule[],
    past: PastFirings,
  ) {
    this.#runs = runs.filter(({ report }) => !report?.dryRun);
    this.#functions = functions;
    this.#plan = plan;
    this.#past = past;
    for (const run of this.#runs) this.#file(run);
  }

  /** The last run of a schedule; one that ended without a report is that of the schedule which had just fired. */
  of(scheduleName: string): FunctionRun | undefined {
    return this.#bySchedule.get(scheduleName)?.at(-1);
  }

  /**
   * The last run that was for an instance.
   * @param schedules those that act on the instance; the functions' default request is for all of them
   */
  ofInstance(instanceId: string, schedules: readonly PlannedSchedule[]): InstanceRun | undefined {
    const actions = new Set(schedules.map(({ action }) => action));
    const byDefault = this.#bySchedule.get(DEFAULT_REQUEST_NAME)?.filter(({ report }) => {
      return report !== undefined && actions.has(report.action);
    });
    const candidates = [...schedules.map(({ name }) => this.of(name)), byDefault?.at(-1)];
    const run = candidates
      .filter((each) => each !== undefined)
      .reduce<FunctionRun | undefined>(
        (last, each) => (last === undefined || each.startedAt > last.startedAt ? each : last),
        undefined,
      );
    if (run === undefined) return undefined;
    const entry = this.#entriesOf(run).get(instanceId);
    return { run, ...(entry === undefined ? {} : { entry }) };
  }

  /**
   * What the last look inside an instance found, by a start or by a check.
   * @param launchedAt what was found before it was started last is history
   */
  servicesOf(instanceId: string, launchedAt: Date | undefined): ServiceReport | undefined {
    const run = this.#runs.findLast(
      (each) =>
        actionOf(each.functionName, this.#functions) === "start" &&
        this.#entriesOf(each).get(instanceId)?.services !== undefined,
    );
    if (run === undefined) return undefined;
    const endedAt = +run.startedAt + (run.durationMs ?? 0);
    if (launchedAt !== undefined && +launchedAt > endedAt) return undefined;
    return this.#entriesOf(run).get(instanceId)?.services;
  }

  #file(run: FunctionRun): void {
    for (const name of run.report ? [run.report.schedule] : this.#namesOfUnreported(run)) {
      const filed = this.#bySchedule.get(name) ?? [];
      filed.push(run);
      this.#bySchedule.set(name, filed);
    }
  }

  /** A run without a report says not what it was for: another attempt of the same invocation may, or the time. */
  #namesOfUnreported(run: FunctionRun): string[] {
    const attempt = this.#runs.find(({ requestId, report }) => report && requestId === run.requestId);
    if (attempt?.report) return [attempt.report.schedule];
    const action = actionOf(run.functionName, this.#functions);
    return this.#plan
      .filter((planned) => planned.action === action && this.#mayHaveStarted(planned, run))
      .map(({ name }) => name);
  }

  #mayHaveStarted(planned: PlannedSchedule, { startedAt }: FunctionRun): boolean {
    const last = this.#past.lastOf(planned);
    if (last === undefined) return false;
    const late = +startedAt - +last.at;
    if (late < -CLOCKS_APART_MS || late > planned.latestMinutes * MINUTE_MS) return false;
    return !this.#runs.some(
      ({ report, startedAt: other }) =>
        report?.schedule === planned.name && +other >= +last.at - CLOCKS_APART_MS,
    );
  }

  #entriesOf(run: FunctionRun): ReadonlyMap<string, InstanceReport> {
    const known =
      this.#entries.get(run) ??
      new Map((run.report?.instances ?? []).map((entry) => [entry.instanceId, entry]));
    this.#entries.set(run, known);
    return known;
  }
}

const DAY_MS = 1440 * MINUTE_MS;
/** Older runs say little about today, and logs are read all through. */
const LONGEST_DAYS = 30;
const SHORTEST_DAYS = 1;
/** A function runs for 15 minutes at most: what began before that has ended, and will not change. */
const SETTLED_AFTER_MS = 20 * MINUTE_MS;
/** A run may be logged as a moment before its firing. */
const RUNHISTORY_CLOCKS_APART_MS = 2 * MINUTE_MS;

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
    const first = Math.min(
      ...lasts.map((at) => +at - RUNHISTORY_CLOCKS_APART_MS),
      +now - SHORTEST_DAYS * DAY_MS,
    );
    const days = Math.min(LONGEST_DAYS, logRetentionDays);
    return new Date(Math.max(first, +now - days * DAY_MS));
  }
}

/** What the functions' logs tell of their runs. */
export interface RunsRead {
  /** Runs before this are not among them. */
  readonly from: Date;
  /** Of all functions, oldest first. */
  readonly runs: readonly FunctionRun[];
  /** Functions without a log group: they never ran, or are not deployed. */
  readonly withoutLog: readonly string[];
  /** Why nothing could be read, in a line; then there are no runs. */
  readonly problem?: string;
}

/** The action of a function of the deployment. */
export function actionOf(
  functionName: string,
  functions: Readonly<Record<Action, string>>,
): Action | undefined {
  return ACTIONS.find((action) => functions[action] === functionName);
}
