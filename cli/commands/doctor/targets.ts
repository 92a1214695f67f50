import { HOLD_VALUE } from "../../../contract/holds";
import { HOLD_TAG } from "../../../contract/limits";
import { DAY_MS } from "../../../contract/units";
import type { ResolvedTarget, TargetInstance } from "../../instances/instance";
import { describeObstacle, findObstacle, type Obstacle, timezonesOf } from "../../instances/obstacle";
import { type CheckGroup, type CheckResult, none, note, ok, wrong } from "./check";
import type { CheckContext } from "./check-context";
import { checkVolumeKeys } from "./keys";

const MAX_IDS = 5;
/** EC2 dates no tag, so a hold whose value has no begin is judged by how long it still lasts. */
const LONG_HOLD_DAYS = 14;
const GONE = /^(terminated|shutting-down)$/;

/** Checks the instances of a target, and whether they can be stopped and started. */
export function createTargetChecks(
  name: string,
  targets: () => Promise<readonly ResolvedTarget[]>,
  context: CheckContext,
): CheckGroup {
  const found = async () => {
    const target = (await targets()).find((each) => each.name === name);
    if (target === undefined) throw new Error(`Expected the target ${name}, found none`);
    return target;
  };
  return {
    subject: `Target ${name}`,
    checks: [
      { name: "instances", run: async () => checkInstances(await found(), context) },
      { name: "reachable", run: async () => checkReachable(await found(), context) },
      { name: "holds", run: async () => checkHolds(await found(), context) },
      {
        name: "volume keys",
        run: async () => await checkVolumeKeys(name, includedInstances(await found()), context),
      },
    ],
  };
}

function checkInstances(target: ResolvedTarget, { fixes, deployment }: CheckContext): CheckResult {
  const { name, missing, emptyRegions, regions } = target;
  const { instanceIds = [], all } = deployment.config.targets[name] ?? {};
  const gone = target.instances.filter(
    ({ instanceId, state }) => GONE.test(state) && instanceIds.includes(instanceId),
  );
  const lost = [...missing, ...gone];
  if (lost.length > 0) {
    const ids = formatList(lost.map(({ instanceId }) => instanceId));
    const [first] = lost;
    return wrong(
      `${ids}: ${gone.length === lost.length ? "terminated" : `EC2 has no such instance in ${first?.region ?? ""}`}`,
      fixes.changeConfig(`take ${ids} out of targets.${name}.instanceIds, or write the right one`),
    );
  }
  const living = includedInstances(target);
  if (living.length === 0) {
    const excluded = target.instances.filter(({ excludedBy }) => excludedBy !== undefined).length;
    const none = all
      ? `there is no instance in ${regions.join(", ")}`
      : `no instance in ${regions.join(", ")} bears its tags`;
    const why = excluded > 0 ? `all ${excluded} are excluded` : none;
    return wrong(why, fixes.changeConfig(`correct targets.${name}, or tag the instances`));
  }
  const text = `${living.length} ${living.length === 1 ? "instance" : "instances"}, ${formatStates(living)}`;
  return emptyRegions.length > 0
    ? note(`${text}; none ${all ? "is" : "bears its tags"} in ${emptyRegions.join(", ")}`)
    : ok(text);
}

/** Counts the instances that EC2 or the functions would not stop. */
function checkReachable(target: ResolvedTarget, context: CheckContext): CheckResult {
  const living = includedInstances(target);
  if (living.length === 0) return none("there are no instances");
  const texts = living.flatMap((instance) => {
    const obstacle = findOwnObstacle(target, instance, context);
    return obstacle === undefined || obstacle.kind === "held"
      ? []
      : [`${instance.instanceId}: ${describeObstacle(obstacle, "UTC")}`];
  });
  if (texts.length === 0) return ok("all can be stopped and started");
  const rest = texts.length - MAX_IDS;
  const listed = texts.slice(0, MAX_IDS).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
  return note(`${texts.length} of ${living.length} left alone: ${listed}`);
}

function checkHolds(target: ResolvedTarget, context: CheckContext): CheckResult {
  const { deployment, fixes, now } = context;
  const living = includedInstances(target);
  if (living.length === 0) return none("there are no instances");
  const held = living.flatMap((instance) => {
    const obstacle = findOwnObstacle(target, instance, context);
    return obstacle?.kind === "held" ? [{ ...instance, hold: obstacle }] : [];
  });
  if (held.length === 0) return ok("none is held");
  const tag = deployment.config.holdTag ?? HOLD_TAG.default;
  const values = held.flatMap(({ instanceId, hold: { unreadable } }) =>
    unreadable === undefined ? [] : [`${JSON.stringify(unreadable)} of ${instanceId}`],
  );
  const forEver =
    values.length === 0 ? "" : `; for ever by values that are no ${HOLD_VALUE}: ${formatList(values)}`;
  const long = LONG_HOLDS.flatMap(({ text, applies }) => {
    const ids = held.flatMap(({ instanceId, hold }) => (applies(hold, now) ? [instanceId] : []));
    return ids.length === 0 ? [] : [`; ${text}: ${formatList(ids)}`];
  });
  const advice = "`ec2-start-stop hold ID --for 12h` gives a new end, and `release ID` ends it";
  const forLong = long.length === 0 ? "" : `${long.join("")}; ${advice}`;
  if (held.length < living.length) {
    return note(`${held.length} of ${living.length} held by the tag ${tag}${forEver}${forLong}`);
  }
  const ids = held.map(({ instanceId }) => instanceId);
  const few = ids.length <= MAX_IDS && new Set(held.map(({ region }) => region)).size === 1;
  const command = fixes.aws(
    ["ec2", "delete-tags", "--resources", ...ids, "--tags", `Key=${tag}`],
    held[0]?.region,
  );
  return wrong(
    `all ${held.length} are held by the tag ${tag}, so nothing is done to them${forEver}${forLong}`,
    few ? command : `remove the tag ${tag} from those that are to be stopped and started`,
  );
}

type HeldBy = Extract<Obstacle, { kind: "held" }>;

/** The holds that may have been forgotten. */
const LONG_HOLDS: readonly { readonly text: string; applies(hold: HeldBy, now: Date): boolean }[] = [
  {
    text: `for more than ${LONG_HOLD_DAYS} days already`,
    applies: ({ from }, now) => from !== undefined && +now - +from > LONG_HOLD_DAYS * DAY_MS,
  },
  {
    text: `without an end within ${LONG_HOLD_DAYS} days`,
    applies: ({ from, until, unreadable }, now) =>
      unreadable === undefined &&
      from === undefined &&
      (until === undefined || +until - +now > LONG_HOLD_DAYS * DAY_MS),
  },
];

function findOwnObstacle(
  { name }: ResolvedTarget,
  instance: TargetInstance,
  { deployment: { config, plan }, now }: CheckContext,
): Obstacle | undefined {
  const schedules = plan.filter(({ enabled, targetNames }) => enabled && targetNames.includes(name));
  return findObstacle(instance, config.holdTag ?? HOLD_TAG.default, now, timezonesOf(schedules, config));
}

/** The instances that a schedule may change. */
function includedInstances({ instances }: ResolvedTarget): TargetInstance[] {
  return instances.filter(({ excludedBy, state }) => excludedBy === undefined && !GONE.test(state));
}

function formatStates(instances: readonly TargetInstance[]): string {
  const states = [...new Set(instances.map(({ state }) => state))].sort();
  return states
    .map((state) => `${instances.filter((each) => each.state === state).length} ${state}`)
    .join(", ");
}

function formatList(texts: readonly string[]): string {
  const rest = texts.length - MAX_IDS;
  return texts.slice(0, MAX_IDS).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
