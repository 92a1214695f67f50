import type { Config } from "../../config";
import type { Names } from "../../constructs/names";
import type { PlannedSchedule } from "../../constructs/plan";
import type { ServiceReport } from "../../schedule/report";
import type { TimelineFiring } from "../../schedule/timeline";
import type { FleetInstance, FleetTarget, InstanceState } from "../fleet/fleet";
import type { Obstacle } from "../fleet/obstacle";
import type { FunctionRun } from "../runs/function-run";
import type { InstanceRun } from "./last-runs";
import type { RunsRead } from "./runs-read";
import type { ShouldBe } from "./should-be";
import type { Verdict } from "./verdict";

/** What the status of a deployment is worked out from. */
export interface StatusInput {
  readonly config: Config;
  readonly names: Names;
  readonly plan: readonly PlannedSchedule[];
  /** All targets of the config: an instance may be in several. */
  readonly fleet: readonly FleetTarget[];
  readonly runs: RunsRead;
  readonly now: Date;
  /** @default all */
  readonly targetNames?: readonly string[];
}

export interface Status {
  readonly name: string;
  readonly region: string;
  /** The config's own zone. */
  readonly timezone: string;
  readonly now: Date;
  /** Why nothing is known of the runs. */
  readonly runsProblem?: string;
  /** Functions that have no log group. */
  readonly withoutLog: readonly string[];
  readonly targets: readonly TargetStatus[];
}

export interface TargetStatus {
  readonly name: string;
  readonly regions: readonly string[];
  /** By the schedules of the target alone; an instance of two targets has those of both. */
  readonly shouldBe: ShouldBe;
  readonly schedules: readonly ScheduleStatus[];
  readonly instances: readonly InstanceStatus[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Regions in which no instance carries the target's tags. */
  readonly emptyRegions: readonly string[];
}

export interface ScheduleStatus {
  readonly planned: PlannedSchedule;
  readonly lastFiring?: TimelineFiring;
  readonly lastRun?: FunctionRun;
  /** Whether the last firing should have left a run, and left none. */
  readonly missed: boolean;
  /** The next that does something. */
  readonly next?: TimelineFiring;
}

export interface InstanceStatus extends InstanceState {
  readonly name?: string;
  readonly spot?: NonNullable<FleetInstance["spot"]>;
  readonly shouldBe: ShouldBe;
  readonly obstacle?: Obstacle;
  readonly verdict: Verdict;
  readonly lastRun?: InstanceRun;
  /** What the last look inside it found, while it runs. */
  readonly services?: ServiceReport;
}

/** Each instance once, as its worst verdict has it. */
export function countInstances({ targets }: Status): { readonly all: number; readonly off: number } {
  const all = new Set<string>();
  const off = new Set<string>();
  for (const { instanceId, verdict } of targets.flatMap(({ instances }) => instances)) {
    all.add(instanceId);
    if (verdict === "off") off.add(instanceId);
  }
  return { all: all.size, off: off.size };
}
