import { defined } from "../../../contract/collections";
import type { Hold } from "../../../contract/holds";
import { MINUTE_MS } from "../../../contract/units";
import { NearFirings } from "../../../schedule/near-firings";
import { accountOf } from "../../aws/iam";
import { type CommandContext, InputError } from "../../context";
import { findSchedules } from "../../deployment/deployment";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { describeAfterHold } from "../../instances/after-hold";
import { formatJson, printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import { addDuration, checkEnd, checkOneEnd, type EndOptions, parseDuration } from "./end";
import { holdsJson } from "./json";
import { developerPolicy } from "./policy";
import { type Holdable, readHoldable, timezoneOf } from "./select";
import { openAws, openSession } from "./session";
import { describeSpan, renderHolds } from "./text";

export interface HoldOptions extends OperatingOptions, EndOptions {
  readonly off?: boolean;
  readonly permissions?: boolean;
}

/** Holds instances until an end, and stops them first with `--off`. */
export async function runHold(
  names: readonly string[],
  options: HoldOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  if (options.permissions) {
    const account = accountOf(await session.aws.caller.identity());
    context.out(formatJson(developerPolicy(session.deployment, account)));
    return;
  }
  checkOneEnd(
    options,
    ["--until", "--for", "--until-next-start"],
    `ec2-start-stop hold ${names[0] ?? session.anyTarget} --until 22:00`,
  );
  const selection = await session.select(names);
  const until = session.chooseEnd(options, selection);
  await session.hasFollowUps();
  await session.checkTags(selection.chosen);
  const acted = options.off ? await session.act("stop", "hold", selection.chosen) : undefined;
  await session.hold("hold", { ...selection, chosen: acted?.chosen ?? selection.chosen }, until, acted?.runs);
}

/** Moves the end of holds. */
export async function runExtend(
  names: readonly string[],
  options: HoldOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  const { for: duration } = options;
  if (duration === undefined)
    throw new InputError(`--for: expected how much longer, as in \`extend ${names[0]} --for 1h\``);
  const milliseconds = parseDuration(duration, "--for");
  const selection = await session.select(names);
  const zone = timezoneOf(session.deployment, selection.chosen);
  const holds = selection.chosen.map((holdable): [Holdable, Hold] => {
    const { hold, instance } = holdable;
    if (hold?.until === undefined) {
      throw new InputError(
        `Expected a hold with an end on ${instance.instanceId}, got ${hold === undefined ? "none" : "one for ever"}: ec2-start-stop hold ${instance.instanceId} --for ${duration}`,
      );
    }
    const until = checkEnd(addDuration(hold.until, milliseconds), context.now(), zone, "--for");
    return [holdable, { ...defined({ from: hold.from }), until }];
  });
  await session.write("extend", selection, holds);
}

/** Ends holds now. */
export async function runRelease(
  names: readonly string[],
  options: HoldOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  const selection = await session.select(names);
  const chosen = selection.chosen.filter(({ hold }) => hold !== undefined);
  if (chosen.length === 0) throw new InputError(`Expected held instances in ${names.join(", ")}, got none`);
  const until = session.pastEnd();
  await session.write(
    "release",
    { ...selection, chosen },
    chosen.map((each) => [each, { until }]),
  );
}

/** Holds the instances of a schedule over its next firing, until the opposite one after it. */
export async function runSkip(
  name: string,
  options: HoldOptions & { readonly next?: boolean },
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  if (!options.next)
    throw new InputError(`Expected --next, which skips one firing: ec2-start-stop skip ${name} --next`);
  const { deployment } = session;
  const skipped = findSchedules(deployment, name);
  const next = new NearFirings(context.now()).nextEffective(skipped.map(toTimelineSchedule));
  if (next === undefined) {
    throw new InputError(
      `Expected a schedule that fires within 400 days, got "${name}", which is disabled, over or a rate`,
    );
  }
  const planned = skipped.find((each) => each.name === next.of.name);
  const selection = await session.select(planned?.targetNames ?? []);
  const from = new Date(Math.max(+next.at - MINUTE_MS, +context.now()));
  const holds = selection.chosen.map((holdable): [Holdable, Hold] => {
    const opposite = holdable.schedules.filter(({ action }) => action !== next.of.action);
    const end = new NearFirings(next.at).nextEffective(opposite.map(toTimelineSchedule));
    if (end !== undefined) return [holdable, { from, until: end.at }];
    throw new InputError(
      `Expected a schedule that ${next.of.action === "stop" ? "starts" : "stops"} ${holdable.instance.instanceId} after ${next.of.name}, got none within 400 days: hold it with an end, as in \`hold ${holdable.instance.instanceId} --for 12h\``,
    );
  });
  const overwritten = holds.find(
    ([{ hold, held }, skip]) => hold !== undefined && (held || !isSameSpan(hold, skip)),
  );
  if (overwritten !== undefined) {
    const [{ instance, hold = {}, held }] = overwritten;
    const zone = timezoneOf(deployment, selection.chosen);
    throw new InputError(
      `Expected instances that are not held, got ${instance.instanceId}, held ${describeSpan(hold, held, zone)}, which would be lost: end that first by \`ec2-start-stop release ${instance.instanceId}\``,
    );
  }
  await session.write("skip", selection, holds, { skips: { schedule: next.of.name, at: next.at } });
}

/** Starts instances now, and holds them. When the hold ends, a follow-up stops them unless the schedules want them on. */
export async function runStart(
  names: readonly string[],
  options: HoldOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  checkOneEnd(
    options,
    ["--for", "--until"],
    `ec2-start-stop start ${names[0] ?? session.anyTarget} --for 3h`,
  );
  const selection = await session.select(names);
  const until = session.chooseEnd(options, selection);
  if (!(await session.hasFollowUps())) {
    const mend = session.deployment.config.followUps
      ? "Deploy this config, which has `followUps: true`"
      : "Add `followUps: true` to the config and deploy it";
    throw new InputError(
      `Expected a deployment with follow-ups, got one without: nothing would stop what was started. ${mend}`,
    );
  }
  const unstopped = selection.chosen.find(
    ({ schedules }) => !schedules.some(({ action }) => action === "stop"),
  );
  if (unstopped !== undefined) {
    throw new InputError(
      `Expected instances with a stop schedule, got ${unstopped.instance.instanceId}: nothing would stop it`,
    );
  }
  await session.checkTags(selection.chosen);
  const { chosen, runs } = await session.act("start", "start", selection.chosen);
  await session.hold("start", { ...selection, chosen }, until, runs);
}

/** Lists the holds of the deployment. */
export async function runHolds(
  options: OperatingOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  const { deployment, aws } = session;
  const all = await context.progress("Reading instances", () =>
    readHoldable(deployment, aws.instances, context.now()),
  );
  const held = all.filter(({ hold }) => hold !== undefined);
  const followUps = held.length > 0 && (await session.deployedFollowUps()) === true;
  const listed = held.map((holdable) => {
    const hold = holdable.hold ?? {};
    const timezone = timezoneOf(deployment, [holdable]);
    const afterwards = holdable.obstacle ?? describeAfterHold(holdable, hold, { followUps, timezone });
    return { holdable, hold, afterwards, timezone };
  });
  if (options.json) printJson(context, holdsJson(deployment, listed, followUps));
  else context.out(renderHolds(deployment, listed, context));
}

function isSameSpan(one: Hold, other: Hold): boolean {
  return +(one.from ?? 0) === +(other.from ?? 0) && +(one.until ?? 0) === +(other.until ?? 0);
}
