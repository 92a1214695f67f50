import type { Action } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import { type Hold, holdValue } from "../../../contract/holds";
import { INSTANCE_ID } from "../../../contract/patterns";
import { throws } from "../../../contract/report";
import type { FunctionVariable } from "../../../contract/request";
import { MINUTE_MS } from "../../../contract/units";
import { NearFirings } from "../../../schedule/near-firings";
import { AwsError } from "../../aws/call";
import { createTagWriter, type TagWriter } from "../../aws/ec2";
import { createIamReader, type IamReader } from "../../aws/iam";
import { type CommandContext, InputError } from "../../context";
import { checkTargetName, type Deployment, findSchedules, readDeployment } from "../../deployment/deployment";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { describeAfterHold } from "../../instances/after-hold";
import { formatJson, printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import {
  createInvokeDependencies,
  type InvokeDependencies,
  type InvokedRun,
  runFunction,
} from "../../runs/invoke";
import type { HoldChange } from "./change";
import { addDuration, checkEnd, checkOneEnd, chooseEnd, type EndOptions, parseDuration } from "./end";
import { changeJson, holdsJson } from "./json";
import { developerPolicy } from "./policy";
import { type HoldCommand, holdRequest } from "./requests";
import {
  type Holdable,
  holdTagOf,
  readHoldable,
  type Selection,
  schedulesOf,
  selectHoldable,
  timezoneOf,
} from "./select";
import { renderChange, renderHolds } from "./text";

export interface HoldOptions extends OperatingOptions, EndOptions {
  readonly off?: boolean;
  readonly permissions?: boolean;
}

/** What these commands ask of AWS. */
export interface HoldDependencies extends InvokeDependencies {
  readonly tags: TagWriter;
  readonly caller: Pick<IamReader, "identity">;
}

export type OpenHoldDependencies = (deployment: Deployment, context: CommandContext) => HoldDependencies;

const openAws: OpenHoldDependencies = ({ aws }, context) => ({
  ...createInvokeDependencies(aws, context),
  tags: createTagWriter(aws),
  caller: createIamReader(aws),
});

/** Holds instances until an end, off if asked. */
export async function runHold(
  names: readonly string[],
  options: HoldOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  if (options.permissions) {
    const { accountId, arn } = await session.aws.caller.identity();
    const partition = arn.split(":")[1] ?? "aws";
    context.out(formatJson(developerPolicy(session.deployment, { id: accountId, partition })));
    return;
  }
  checkOneEnd(options, `ec2-start-stop hold ${names[0] ?? "TARGET"} --until 22:00`);
  const selection = await session.select(names, "hold TARGET|ID");
  const until = session.chooseEnd(options, selection);
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
  const selection = await session.select(names, "extend TARGET|ID");
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
  const selection = await session.select(names, "release TARGET|ID");
  const chosen = selection.chosen.filter(({ hold }) => hold !== undefined);
  if (chosen.length === 0) throw new InputError(`Expected held instances in ${names.join(", ")}, got none`);
  const until = session.passed();
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
  const selection = await session.select(planned?.targetNames ?? [], "skip SCHEDULE --next");
  const held = selection.chosen.find((each) => each.held);
  if (held !== undefined) {
    throw new InputError(
      `Expected instances that are not held, got ${held.instance.instanceId}, whose hold would be lost: release it first, or \`extend\` it`,
    );
  }
  const from = new Date(Math.max(+next.at - MINUTE_MS, +context.now()));
  const holds = selection.chosen.map((holdable): [Holdable, Hold] => {
    const opposite = holdable.schedules.filter(({ action }) => action !== next.of.action);
    const end = new NearFirings(next.at).nextEffective(opposite.map(toTimelineSchedule));
    if (end !== undefined) return [holdable, { from, until: end.at }];
    throw new InputError(
      `Expected a schedule that ${next.of.action === "stop" ? "starts" : "stops"} ${holdable.instance.instanceId} after ${next.of.name}, got none within 400 days: hold it with an end, as in \`hold ${holdable.instance.instanceId} --for 12h\``,
    );
  });
  await session.write("skip", selection, holds, { skips: { schedule: next.of.name, at: next.at } });
}

/** Starts instances now, and has them stopped after a time unless the schedules want them on. */
export async function runStart(
  names: readonly string[],
  options: HoldOptions,
  context: CommandContext,
  open = openAws,
): Promise<void> {
  const session = await openSession(options, context, open);
  checkOneEnd(options, `ec2-start-stop start ${names[0] ?? "TARGET"} --for 3h`);
  const selection = await session.select(names, "start TARGET|ID");
  const until = session.chooseEnd(options, selection);
  if (!(await session.hasFollowUps())) {
    throw new InputError(
      "Expected a deployment with follow-ups, got one without: nothing would stop what was started. Add `followUps: true` to the config and deploy it",
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
  const followUps = held.length > 0 && (await session.hasFollowUps());
  const listed = held.map((holdable) => {
    const hold = holdable.hold ?? {};
    const timezone = timezoneOf(deployment, [holdable]);
    const afterwards = holdable.obstacle ?? describeAfterHold(holdable, hold, { followUps, timezone });
    return { holdable, hold, afterwards, timezone };
  });
  if (options.json) printJson(context, holdsJson(deployment, listed, followUps));
  else context.out(renderHolds(deployment, listed, context));
}

async function openSession(
  options: OperatingOptions,
  context: CommandContext,
  open: OpenHoldDependencies,
): Promise<HoldSession> {
  const deployment = await readDeployment(options, context, context.now());
  return new HoldSession(deployment, open(deployment, context), context, options.json === true);
}

/** How far Lambda's clock may be behind this one. */
const MAX_CLOCK_LEAD_MS = 5 * MINUTE_MS;

/** The steps that the commands share. */
class HoldSession {
  readonly deployment: Deployment;
  readonly aws: HoldDependencies;
  readonly #context: CommandContext;
  readonly #json: boolean;

  constructor(deployment: Deployment, aws: HoldDependencies, context: CommandContext, json: boolean) {
    this.deployment = deployment;
    this.aws = aws;
    this.#context = context;
    this.#json = json;
  }

  /** @throws {InputError} */
  async select(names: readonly string[], usage: string): Promise<Selection> {
    if (names.length === 0)
      throw new InputError(`Expected targets or instance ids, got none: ec2-start-stop ${usage}`);
    // Said before AWS is asked.
    for (const name of names) if (!INSTANCE_ID.test(name)) checkTargetName(this.deployment, name);
    const all = await this.#context.progress("Reading instances", () =>
      readHoldable(this.deployment, this.aws.instances, this.#context.now()),
    );
    return selectHoldable(this.deployment, all, names);
  }

  chooseEnd(options: EndOptions, { chosen }: Selection): Date {
    const timezone = timezoneOf(this.deployment, chosen);
    const place = { now: this.#context.now(), timezone };
    return chooseEnd(options, place, schedulesOf(chosen).map(toTimelineSchedule));
  }

  /** An end that has passed. */
  passed(): Date {
    return new Date(Math.floor(+this.#context.now() / 1000) * 1000);
  }

  /** The begin of a hold of now: a function whose clock is behind this one must meet it, or it would act at once. */
  #begun(): Date {
    return new Date(Math.floor((+this.#context.now() - MAX_CLOCK_LEAD_MS) / MINUTE_MS) * MINUTE_MS);
  }

  /** Whether the deployed functions write follow-ups, by their environment. */
  async hasFollowUps(): Promise<boolean> {
    const variable: FunctionVariable = "FOLLOW_UPS";
    const { actions, names } = this.deployment;
    const deployed = await Promise.all(
      actions.map((action) => this.aws.functions.describe(names.functions[action])),
    );
    return deployed.every((each) => Boolean(each?.variables[variable]));
  }

  /** Asks EC2 whether the tags may be written, so that nothing is half done. */
  async checkTags(chosen: readonly Holdable[]): Promise<void> {
    await this.#writeTags(
      chosen.map((each) => [each, { until: this.passed() }]),
      true,
    );
  }

  /**
   * Stops or starts instances now: what is held is released first, since a function leaves it alone.
   * @returns the instances that are as asked
   * @throws {AwsError} where none is
   */
  async act(
    action: Action,
    command: HoldCommand,
    chosen: readonly Holdable[],
  ): Promise<{ readonly chosen: readonly Holdable[]; readonly runs: readonly InvokedRun[] }> {
    const request = holdRequest(this.deployment, action, chosen, command, false);
    if (request === undefined) {
      throw new InputError(
        `Expected instances of a ${action} schedule, got ${listIds(chosen)}: no deployed function may ${action} them`,
      );
    }
    const held = chosen.filter((each) => each.held);
    await this.#writeTags(held.map((each) => [each, { until: this.passed() }]));
    const run = await this.#context.progress("Asking Lambda", (reporter) =>
      runFunction(this.deployment, action, request, this.aws, reporter),
    );
    const { report, failure } = run;
    if (report === undefined || report.status === "refused" || report.status === "skipped") {
      throw new AwsError(
        `${run.function.name} did not ${action} ${listIds(chosen)}: ${failure ?? report?.reason}. Nothing is held${held.length === 0 ? "" : `, and ${listIds(held)} no longer`}`,
      );
    }
    const results = new Map(report.instances.map((each) => [each.instanceId, each.outcome]));
    const reached = chosen.filter(({ instance }) => {
      const outcome = results.get(instance.instanceId);
      // A report that is too long lists its failures first. What is deferred is not to meet a hold later.
      return outcome === undefined
        ? (report.instancesOmitted ?? 0) > 0
        : outcome === "done" || outcome === "already";
    });
    if (reached.length === 0) {
      const why =
        report.instances.find(({ reason }) => reason !== undefined)?.reason ?? report.errors[0]?.reason;
      throw new AwsError(
        `${run.function.name} could ${action} none of ${listIds(chosen)}: ${why}. Nothing is held`,
      );
    }
    return { chosen: reached, runs: [run] };
  }

  async hold(
    command: HoldCommand,
    selection: Selection,
    until: Date,
    runs: readonly InvokedRun[] = [],
  ): Promise<void> {
    await this.write(
      command,
      selection,
      selection.chosen.map((each) => [each, { from: this.#begun(), until }]),
      { runs },
    );
  }

  /** Writes holds, has the functions look at them, and prints what was done. */
  async write(
    command: HoldCommand,
    { chosen, left }: Selection,
    holds: readonly (readonly [Holdable, Hold])[],
    more: Partial<Pick<HoldChange, "runs" | "skips">> = {},
  ): Promise<void> {
    const { runs = [], skips } = more;
    const before =
      runs.length === 0 ? "" : `${runs[0]?.function.name} has run for ${listIds(chosen)} already. `;
    const followUps = await this.#explain(before, () => this.hasFollowUps());
    await this.#explain(before, () => this.#writeTags(holds));
    // A hold that has not begun is met by the firing, which leaves the follow-up itself.
    const looked = holds.flatMap(([each, hold]) => (this.#hasBegun(hold) ? [each] : []));
    const asked =
      followUps && looked.length > 0
        ? await this.#explain(
            `${before}The holds of ${listIds(chosen)} are written, but no follow-up: run the same command again. `,
            () =>
              this.#look(
                command,
                looked.filter((each) => command !== "release" || each.held),
              ),
          )
        : [];
    const timezone = timezoneOf(this.deployment, chosen);
    const change: HoldChange = {
      command,
      written: holds.map(([holdable, hold]) => ({
        holdable,
        hold,
        held: command !== "release" && this.#hasBegun(hold),
        ...(command === "release"
          ? {}
          : { afterwards: describeAfterHold(this.#after(holdable, runs), hold, { followUps, timezone }) }),
      })),
      left,
      timezone,
      followUps,
      runs: [...runs, ...asked],
      ...defined({ skips }),
    };
    if (this.#json) printJson(this.#context, changeJson(change));
    else this.#context.out(renderChange(change, this.deployment.aws.region, this.#context));
    if (change.runs.some(({ report }) => report === undefined || throws(report)))
      this.#context.reportUnhealthy();
  }

  #hasBegun({ from }: Hold): boolean {
    return from === undefined || +from <= +this.#context.now();
  }

  /** The instance as the runs have left it. */
  #after(holdable: Holdable, runs: readonly InvokedRun[]): Holdable {
    const action = runs[0]?.report?.action;
    if (action === undefined) return holdable;
    return {
      ...holdable,
      instance: { ...holdable.instance, state: action === "stop" ? "stopped" : "running" },
    };
  }

  async #look(command: HoldCommand, chosen: readonly Holdable[]): Promise<InvokedRun[]> {
    const runs: InvokedRun[] = [];
    for (const action of this.deployment.actions) {
      const request = holdRequest(this.deployment, action, chosen, command, true);
      if (request === undefined) continue;
      runs.push(
        await this.#context.progress("Asking Lambda", (reporter) =>
          runFunction(this.deployment, action, request, this.aws, reporter),
        ),
      );
    }
    return runs;
  }

  /** @throws {AwsError} which names what was written, and what not */
  async #writeTags(holds: readonly (readonly [Holdable, Hold])[], dryRun = false): Promise<void> {
    if (holds.length === 0) return;
    const { arn } = await this.aws.caller.identity();
    const groups = new Map<string, { region: string; value: string; instanceIds: string[] }>();
    for (const [{ instance }, hold] of holds) {
      const { region, instanceId } = instance;
      const value = holdValue({ ...hold, by: authorOf(arn) });
      const group = groups.get(`${region} ${value}`) ?? { region, value, instanceIds: [] };
      group.instanceIds.push(instanceId);
      groups.set(`${region} ${value}`, group);
    }
    const done: string[] = [];
    for (const { region, value, instanceIds } of groups.values()) {
      const step =
        done.length === 0
          ? ""
          : `The holds of ${done.join(", ")} are written, those of ${instanceIds.join(", ")} not. `;
      await this.#explain(step, () =>
        this.aws.tags.writeTag(
          { region, instanceIds },
          { key: holdTagOf(this.deployment), value },
          { dryRun },
        ),
      );
      if (!dryRun) done.push(...instanceIds);
    }
  }

  /** Says what was done before a failure. */
  async #explain<T>(before: string, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (before === "" || !(error instanceof AwsError)) throw error;
      throw new AwsError(before + error.message, { cause: error });
    }
  }
}

function listIds(chosen: readonly Holdable[]): string {
  return chosen.map(({ instance }) => instance.instanceId).join(", ");
}

const MAX_AUTHOR_LENGTH = 64;

/** The last part of a caller's ARN, in the characters that tags of EC2 may have. */
export function authorOf(arn: string): string {
  const last = arn.split(/[/:]/).at(-1) ?? "";
  return last.replace(/[^\p{L}\p{N}+\-=._@]/gu, "-").slice(0, MAX_AUTHOR_LENGTH) || "unknown";
}
