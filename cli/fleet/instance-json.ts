import { isoText } from "../instant";
import type { FleetInstance, InstanceState } from "./fleet";

/** An instance and its state, as `--json` prints it. */
export interface InstanceStateJson {
  readonly instanceId: string;
  readonly region: string;
  /** Its tag `Name`. */
  readonly name?: string;
  /** EC2's name of it, or `missing`. */
  readonly state: string;
  /** Since when it is so: ISO 8601, in UTC. */
  readonly since?: string;
  readonly stateReason?: { readonly code: string; readonly message: string };
}

export function instanceStateJson({
  instanceId,
  region,
  name,
  state,
  since,
  stateReason,
}: InstanceState & Pick<FleetInstance, "name">): InstanceStateJson {
  return {
    instanceId,
    region,
    ...(name === undefined ? {} : { name }),
    state,
    ...(since === undefined ? {} : { since: isoText(since) }),
    ...(stateReason === undefined ? {} : { stateReason }),
  };
}
