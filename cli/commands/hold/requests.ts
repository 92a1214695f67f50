import type { Action } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import type { RequestTarget, StartStopRequest } from "../../../contract/request";
import { matchesAllTags } from "../../../contract/tags";
import { requestTargets } from "../../../model/requests";
import type { Deployment } from "../../deployment/deployment";
import { toTagMap } from "../../instances/instance";
import type { Holdable } from "./select";

/** The commands that change holds, as a request names its cause. */
export type HoldCommand = "hold" | "extend" | "release" | "skip" | "start";

/**
 * Asks the function of an action about some of its instances: undefined where it has none of them. Ids narrow the deployed
 * targets, since the function refuses what it does not know.
 *
 * @param decides whether the function is to look at their holds and schedules, and not to act at once
 */
export function holdRequest(
  { config, plan }: Pick<Deployment, "config" | "plan">,
  action: Action,
  chosen: readonly Holdable[],
  command: HoldCommand,
  decides: boolean,
): StartStopRequest | undefined {
  const names = new Set(plan.flatMap((each) => (each.action === action ? each.targetNames : [])));
  const targets = requestTargets(config, [...names], action).flatMap((part) => narrow(part, chosen));
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

function narrow(part: RequestTarget, chosen: readonly Holdable[]): RequestTarget[] {
  const own = chosen.filter(({ instance }) => instance.region === part.region);
  const ids = own.map(({ instance }) => instance.instanceId);
  const listed = part.instanceIds?.filter((id) => ids.includes(id)) ?? [];
  const { tags } = part;
  const only =
    tags === undefined
      ? []
      : own
          .filter(({ instance }) => matchesAllTags(toTagMap(instance.tags), tags))
          .map(({ instance }) => instance.instanceId);
  if (listed.length === 0 && only.length === 0) return [];
  return [
    {
      region: part.region,
      ...(listed.length === 0 ? {} : { instanceIds: listed }),
      ...(only.length === 0 ? {} : { ...defined({ tags }), only }),
      ...defined({ exclude: part.exclude, checks: part.checks }),
    },
  ];
}
