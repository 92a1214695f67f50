import { ACTIONS, type Action } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import type { InstanceReport, ServiceReport } from "../../../contract/report";
import { DEFAULT_REQUEST_NAME } from "../../../contract/request";
import { MINUTE_MS } from "../../../contract/units";
import type { PlannedSchedule } from "../../../model/plan";
import type { NearFirings } from "../../../schedule/near-firings";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { CLOCK_SKEW_MS, type FunctionRun } from "../../runs/run";

/** A run, and its result for one instance. */
export interface InstanceRun {
  readonly run: FunctionRun;
  /** Absent where the report does not list the instance. */
  readonly entry?: InstanceReport;
}

/** Finds the last runs by schedule and by instance. Dry runs are ignored, since they change nothing. */
export class LastRuns {
  /** Oldest first. */
  readonly #runs: readonly FunctionRun[];
  readonly #functions: Readonly<Record<Action, string>>;
  readonly #plan: readonly PlannedSchedule[];
  readonly #past: NearFirings;
  readonly #bySchedule = new Map<string, FunctionRun[]>();
  readonly #entries = new Map<FunctionRun, ReadonlyMap<string, InstanceReport>>();

  constructor(
    runs: readonly FunctionRun[],
    functions: Readonly<Record<Action, string>>,
    plan: readonly PlannedSchedule[],
    past: NearFirings,
  ) {
    this.#runs = runs.filter(({ report }) => !report?.dryRun);
    this.#functions = functions;
    this.#plan = plan;
    this.#past = past;
    for (const run of this.#runs) this.#file(run);
  }

  /** The last run of a schedule. A run without a report counts for the schedule that had just fired. */
  ofSchedule(scheduleName: string): FunctionRun | undefined {
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
    const candidates = [...schedules.map(({ name }) => this.ofSchedule(name)), byDefault?.at(-1)];
    const run = candidates
      .filter((each) => each !== undefined)
      .reduce<FunctionRun | undefined>(
        (last, each) => (last === undefined || each.startedAt > last.startedAt ? each : last),
        undefined,
      );
    if (run === undefined) return undefined;
    const entry = this.#entriesOf(run).get(instanceId);
    return { run, ...defined({ entry }) };
  }

  /**
   * The last result of the checks of an instance, by a start or by `services`.
   * @param launchedAt results from before its last start do not count
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

  /** A run without a report names no schedule: another attempt of the same invocation may, or the time decides. */
  #namesOfUnreported(run: FunctionRun): string[] {
    const attempt = this.#runs.find(({ requestId, report }) => report && requestId === run.requestId);
    if (attempt?.report) return [attempt.report.schedule];
    const action = actionOf(run.functionName, this.#functions);
    return this.#plan
      .filter((planned) => planned.action === action && this.#mayHaveStarted(planned, run))
      .map(({ name }) => name);
  }

  #mayHaveStarted(planned: PlannedSchedule, { startedAt }: FunctionRun): boolean {
    const last = this.#past.lastBefore(toTimelineSchedule(planned));
    if (last === undefined) return false;
    const late = +startedAt - +last.at;
    if (late < -CLOCK_SKEW_MS || late > planned.latestMinutes * MINUTE_MS) return false;
    return !this.#runs.some(
      ({ report, startedAt: other }) =>
        report?.schedule === planned.name && +other >= +last.at - CLOCK_SKEW_MS,
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

/** The action of a function of the deployment. */
function actionOf(functionName: string, functions: Readonly<Record<Action, string>>): Action | undefined {
  return ACTIONS.find((action) => functions[action] === functionName);
}
