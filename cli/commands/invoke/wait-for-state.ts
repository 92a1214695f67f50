import { STATE_AFTER } from "../../../contract/actions";
import type { RunReport } from "../../../contract/report";
import { MINUTE_MS } from "../../../contract/units";
import type { Clock, ProgressReporter } from "../../context";
import type { InstancePlace, InstanceReader, InstanceState } from "../../instances/instance";
import { countWords, formatCounts } from "../../terminal/text";

/** The states of instances after a run. */
export interface WaitResult {
  /** Whether none is in a transitional state any more. */
  readonly complete: boolean;
  readonly seconds: number;
  readonly instances: readonly FinalState[];
}

export interface FinalState extends InstanceState {
  /** Whether it is as the run wanted it: stopped after a stop, running after a start. */
  readonly asExpected: boolean;
}

export interface WaitOptions {
  readonly instances: Pick<InstanceReader, "states">;
  readonly clock: Clock;
  readonly reporter: ProgressReporter;
  /** Ends the wait with what is known. */
  readonly interrupted?: AbortSignal;
}

/** Some instances take minutes to shut down; hibernating ones longest. */
const MAX_WAIT_MINUTES = 10;
const MIN_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 10_000;
const PAUSE_FACTOR = 1.3;
const TRANSITIONAL = new Set(["pending", "stopping", "shutting-down"]);

/** Instances that the run was to change, without those it left alone and those that EC2 does not know. */
export function listChanged({ instances }: RunReport): InstancePlace[] {
  return instances
    .filter(({ outcome, stateBefore }) => outcome !== "skipped" && stateBefore !== undefined)
    .map(({ instanceId, region }) => ({ instanceId, region }));
}

/** Reads the states of instances until all are in one that lasts, or the wait is too long. */
export async function waitForState(
  places: readonly InstancePlace[],
  action: RunReport["action"],
  { instances, clock, reporter, interrupted }: WaitOptions,
): Promise<WaitResult> {
  const begun = +clock.now();
  for (let pause = MIN_PAUSE_MS; ; pause = Math.min(MAX_PAUSE_MS, pause * PAUSE_FACTOR)) {
    const states = await instances.states(places);
    const complete = !states.some(({ state }) => TRANSITIONAL.has(state));
    const elapsed = +clock.now() - begun;
    if (complete || elapsed + pause > MAX_WAIT_MINUTES * MINUTE_MS || interrupted?.aborted) {
      const instances = states.map((each) => ({ ...each, asExpected: each.state === STATE_AFTER[action] }));
      return { complete, seconds: Math.round(elapsed / 1000), instances };
    }
    const what = places.length === 1 ? "1 instance" : `${places.length} instances`;
    reporter.update(`Waiting for ${what}: ${formatCounts(countWords(states.map(({ state }) => state)))}`);
    await clock.sleep(pause, interrupted);
  }
}

export function isAsExpected({ complete, instances }: WaitResult): boolean {
  return complete && instances.every(({ asExpected }) => asExpected);
}
