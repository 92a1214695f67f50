import type { Action } from "../../../contract/actions";
import { narrowTarget, type StartStopRequest } from "../../../contract/request";
import { requestTargets } from "../../../model/requests";
import type { Deployment } from "../../deployment/deployment";
import { toTagMap } from "../../instances/instance";
import type { Holdable } from "./select";

/** The commands that change holds, as a request names its cause. */
export type HoldCommand = "hold" | "extend" | "release" | "skip" | "start";

/**
 * Returns a request for some instances to the function of an action; undefined where it has none of them. Ids narrow the
 * deployed targets, since the function refuses ids that its deployment does not know.
 *
 * @param decides whether the function first reads the holds and schedules of the instances, as a follow-up does
 */
export function holdRequest(
  { config, plan }: Pick<Deployment, "config" | "plan">,
  action: Action,
  chosen: readonly Holdable[],
  command: HoldCommand,
  decides: boolean,
): StartStopRequest | undefined {
  const names = new Set(plan.flatMap((each) => (each.action === action ? each.targetNames : [])));
  const instances = chosen.map(({ instance: { instanceId, region, tags } }) => ({
    instanceId,
    region,
    tags: toTagMap(tags),
  }));
  const targets = requestTargets(config, [...names], action).flatMap(
    (part) => narrowTarget(part, instances) ?? [],
  );
  if (targets.length === 0) return undefined;
  const hibernates =
    action === "stop" &&
    chosen.some(({ schedules }) => schedules.some(({ request }) => request.hibernate === true));
  return {
    schedule: command,
    action,
    targets,
    ...(hibernates ? { hibernate: true } : {}),
    ...(decides ? { followUp: { kind: "hold", cause: command, attempt: 1 } } : {}),
  };
}
