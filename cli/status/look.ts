import type { Clock } from "../command-environment";
import type { Deployment } from "../deployment/deployment";
import type { FleetReader } from "../fleet/fleet";
import type { RunReader } from "../runs/function-run";
import { RunHistory } from "./run-history";
import type { Status } from "./status";
import { statusOf } from "./status-of";

export interface LookOptions {
  readonly deployment: Pick<Deployment, "config" | "names" | "plan" | "actions">;
  readonly fleet: FleetReader;
  readonly runs: RunReader;
  readonly clock: Pick<Clock, "now">;
  readonly targetNames?: readonly string[];
}

/** Looks at a deployment; may be called again and again. */
export function lookAt({ deployment, fleet, runs, clock, targetNames }: LookOptions): () => Promise<Status> {
  const { config, names, plan, actions } = deployment;
  const history = new RunHistory({
    reader: runs,
    functionNames: actions.map((action) => names.functions[action]),
    plan,
    logRetentionDays: config.functions?.logRetentionDays,
  });
  return async () => {
    const reading = history.read(clock.now());
    // Where both fail, it is for the same reason mostly: then the instances' is told.
    reading.catch(() => undefined);
    const targets = await fleet.targets(config);
    const read = await reading;
    return statusOf({
      config,
      names,
      plan,
      fleet: targets,
      runs: read,
      now: clock.now(),
      ...(targetNames === undefined ? {} : { targetNames }),
    });
  };
}
