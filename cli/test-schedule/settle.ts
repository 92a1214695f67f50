import { STATE_AFTER } from "../../schedule/action";
import type { RunReport } from "../../schedule/report";
import type { Clock } from "../command-environment";
import type { FleetReader, InstancePlace, InstanceState } from "../fleet/fleet";
import type { Tell } from "../progress";
import { countsText, tally } from "../tally";

/** What the instances came to after a run. */
export interface Settlement {
  /** Whether none is on its way any more. */
  readonly complete: boolean;
  readonly seconds: number;
  readonly instances: readonly SettledInstance[];
}

export interface SettledInstance extends InstanceState {
  /** Whether it is as the run wanted it: stopped after a stop, running after a start. */
  readonly asWanted: boolean;
}

export interface SettleOptions {
  readonly fleet: Pick<FleetReader, "states">;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Ends the wait with what is known. */
  readonly interrupted?: AbortSignal;
}

/** Some instances take minutes to shut down; hibernating ones longest. */
const LONGEST_WAIT_MINUTES = 10;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10_000;
const PAUSE_FACTOR = 1.3;
const ON_THE_WAY = new Set(["pending", "stopping", "shutting-down"]);

/** Instances that the run was to change; those it left alone stay out, as do those that EC2 does not know. */
export function changedBy({ instances }: RunReport): InstancePlace[] {
  return instances
    .filter(({ outcome, stateBefore }) => outcome !== "skipped" && stateBefore !== undefined)
    .map(({ instanceId, region }) => ({ instanceId, region }));
}

/** Looks at instances until all are in a state that lasts, or the wait is too long. */
export async function settle(
  places: readonly InstancePlace[],
  action: RunReport["action"],
  { fleet, clock, tell, interrupted }: SettleOptions,
): Promise<Settlement> {
  const begun = +clock.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * PAUSE_FACTOR)) {
    const states = await fleet.states(places);
    const complete = !states.some(({ state }) => ON_THE_WAY.has(state));
    const elapsed = +clock.now() - begun;
    if (complete || elapsed + pause > LONGEST_WAIT_MINUTES * 60_000 || interrupted?.aborted) {
      const instances = states.map((each) => ({ ...each, asWanted: each.state === STATE_AFTER[action] }));
      return { complete, seconds: Math.round(elapsed / 1000), instances };
    }
    const what = places.length === 1 ? "1 instance" : `${places.length} instances`;
    tell(`Waiting for ${what}: ${countsText(tally(states.map(({ state }) => state)))}`);
    await clock.sleep(pause, interrupted);
  }
}
