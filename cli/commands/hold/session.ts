import type { Action } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import { type Hold, holdValue } from "../../../contract/holds";
import { INSTANCE_ID } from "../../../contract/patterns";
import { hasFailed, throws } from "../../../contract/report";
import type { FunctionVariable } from "../../../contract/request";
import { MINUTE_MS } from "../../../contract/units";
import { AwsError } from "../../aws/call";
import { createTagWriter, type TagWriter } from "../../aws/ec2";
import { createIamReader, type IamReader } from "../../aws/iam";
import { type DeployedFunction, notDeployedError } from "../../aws/lambda";
import { type CommandContext, InputError, Interruption } from "../../context";
import { checkTargetName, type Deployment, readDeployment } from "../../deployment/deployment";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { describeAfterHold } from "../../instances/after-hold";
import { printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import {
  createInvokeDependencies,
  type InvokeDependencies,
  type InvokedRun,
  runFunction,
} from "../../runs/invoke";
import { formatIso, formatUtcMinute } from "../../terminal/time";
import type { HoldChange } from "./change";
import { chooseEnd, type EndOptions } from "./end";
import { changeJson } from "./json";
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
import { renderChange } from "./text";

/** The AWS clients of these commands. */
export interface HoldDependencies extends InvokeDependencies {
  /** Milliseconds by which this computer's clock is ahead of AWS's, by AWS's last answer; 0 before the first. */
  readonly clockLeadMs: () => number;
  readonly tags: TagWriter;
  readonly caller: Pick<IamReader, "identity">;
}

export type OpenHoldDependencies = (deployment: Deployment, context: CommandContext) => HoldDependencies;

/** Opens the clients of a deployment. */
export const openAws: OpenHoldDependencies = (deployment, context) => {
  let lead = 0;
  const answered = (at: Date) => {
    lead = +context.now() - +at;
  };
  const aws = { ...deployment.aws, answered };
  return {
    ...createInvokeDependencies(aws, context),
    clockLeadMs: () => lead,
    tags: createTagWriter(aws),
    caller: createIamReader(aws),
  };
};

/** Reads the deployment and opens its session. */
export async function openSession(
  options: OperatingOptions,
  context: CommandContext,
  open: OpenHoldDependencies,
): Promise<HoldSession> {
  const deployment = await readDeployment(options, context, context.now());
  return new HoldSession(deployment, open(deployment, context), context, options.json === true);
}

/** How far this computer's clock and AWS's may differ. */
const MAX_CLOCK_LEAD_MS = 5 * MINUTE_MS;

/** The steps that the commands share. */
export class HoldSession {
  readonly deployment: Deployment;
  readonly aws: HoldDependencies;
  readonly #context: CommandContext;
  readonly #json: boolean;
  #functions: Promise<readonly (DeployedFunction | undefined)[]> | undefined;
  #author: Promise<string> | undefined;

  constructor(deployment: Deployment, aws: HoldDependencies, context: CommandContext, json: boolean) {
    this.deployment = deployment;
    this.aws = aws;
    this.#context = context;
    this.#json = json;
  }

  /** Name of a target, for the example in a message. */
  get anyTarget(): string {
    return Object.keys(this.deployment.config.targets)[0] ?? "TARGET";
  }

  /**
   * Reads the instances of the targets and ids that the user has named.
   * @throws {InputError} for a name that is no target, an unknown id, and a wrong clock
   */
  async select(names: readonly string[]): Promise<Selection> {
    if (names.length === 0) {
      const { config, file } = this.deployment;
      throw new InputError(
        `Expected targets of ${file}, or ids of their instances, got none (it has ${Object.keys(config.targets).join(", ")})`,
      );
    }
    // Wrong names are reported before AWS is asked.
    for (const name of names) if (!INSTANCE_ID.test(name)) checkTargetName(this.deployment, name);
    const all = await this.#context.progress("Reading instances", () =>
      readHoldable(this.deployment, this.aws.instances, this.#context.now()),
    );
    this.#checkClock();
    return selectHoldable(this.deployment, all, names);
  }

  /**
   * Compares this computer's clock with AWS's, since the functions read the ends of holds by theirs.
   * @throws {InputError} where they differ by more than `MAX_CLOCK_LEAD_MS`
   */
  #checkClock(): void {
    const lead = this.aws.clockLeadMs();
    if (Math.abs(lead) <= MAX_CLOCK_LEAD_MS) return;
    const now = this.#context.now();
    throw new InputError(
      `Expected a clock that agrees with AWS's to ${MAX_CLOCK_LEAD_MS / MINUTE_MS} minutes, got ${formatUtcMinute(now)} where AWS has ${formatUtcMinute(new Date(+now - lead))}: set this computer's clock right`,
    );
  }

  chooseEnd(options: EndOptions, { chosen }: Selection): Date {
    const timezone = timezoneOf(this.deployment, chosen);
    const place = { now: this.#context.now(), timezone };
    return chooseEnd(options, place, schedulesOf(chosen).map(toTimelineSchedule));
  }

  /** Returns an end that has passed, also by a clock of Lambda that is behind this one. */
  pastEnd(): Date {
    return this.#pastBegin();
  }

  /**
   * Returns the begin of a hold that holds from now on. It lies in the past, so that a function whose clock is behind this
   * one reads it as begun too, and does not act.
   */
  #pastBegin(): Date {
    return new Date(Math.floor((+this.#context.now() - MAX_CLOCK_LEAD_MS) / MINUTE_MS) * MINUTE_MS);
  }

  /**
   * Whether the deployed functions write follow-ups, as their environment says.
   * @throws {AwsError} where one is not deployed
   */
  async hasFollowUps(): Promise<boolean> {
    const { actions, names, aws } = this.deployment;
    const deployed = await this.#describeFunctions();
    const missing = actions.find((_, index) => deployed[index] === undefined);
    if (missing !== undefined) throw notDeployedError(names.functions[missing], aws.region);
    return (await this.deployedFollowUps()) === true;
  }

  /** Returns the same as `hasFollowUps`, and undefined where a function is not deployed. */
  async deployedFollowUps(): Promise<boolean | undefined> {
    const variable: FunctionVariable = "FOLLOW_UPS";
    const deployed = await this.#describeFunctions();
    if (deployed.some((each) => each === undefined)) return undefined;
    return deployed.every((each) => Boolean(each?.variables[variable]));
  }

  #describeFunctions(): Promise<readonly (DeployedFunction | undefined)[]> {
    const { actions, names } = this.deployment;
    this.#functions ??= Promise.all(
      actions.map((action) => this.aws.functions.describe(names.functions[action])),
    );
    return this.#functions;
  }

  /** Asks EC2 by a dry run whether the tags may be written, before anything is changed. */
  async checkTags(chosen: readonly Holdable[]): Promise<void> {
    await this.#writeTags(
      chosen.map((each) => [each, { until: this.pastEnd() }]),
      true,
    );
  }

  /**
   * Stops or starts instances now. Their holds are ended first, since the function skips held instances, and written back
   * for those that it has not changed.
   * @returns the instances that are stopped or started, with the run
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
    await this.#writeTags(held.map((each) => [each, { until: this.pastEnd() }]));
    const changed = new Set<Holdable>();
    try {
      const run = await this.#context.progress("Asking Lambda", (reporter) =>
        runFunction(this.deployment, action, request, this.aws, reporter),
      );
      for (const each of changedBy(run, action, chosen)) changed.add(each);
      const deferred = new Set(deferredBy(run));
      await this.#restoreHolds(
        held.filter((each) => !changed.has(each) && !deferred.has(each.instance.instanceId)),
      );
      return { chosen: [...changed], runs: [run] };
    } catch (error) {
      const failed = error instanceof Error ? `${error.message}. ` : "";
      if (changed.size === 0) await this.#explain(failed, () => this.#restoreHolds(held));
      // What the function still stops has no hold, and the next start starts it.
      if (error instanceof Interruption) throw new Interruption(`${error.message} No hold was changed.`);
      throw error;
    }
  }

  /** Writes back the hold tags of instances that a run has not changed. */
  async #restoreHolds(held: readonly Holdable[]): Promise<void> {
    const key = holdTagOf(this.deployment);
    for (const { instance } of held) {
      const { region, instanceId, tags } = instance;
      await this.#explain(`The hold of ${instanceId} is lost. `, () =>
        this.aws.tags.writeTag({ region, instanceIds: [instanceId] }, { key, value: tags[key] ?? "" }),
      );
    }
  }

  /** Holds the selected instances from now on. */
  async hold(
    command: HoldCommand,
    selection: Selection,
    until: Date,
    runs: readonly InvokedRun[] = [],
  ): Promise<void> {
    await this.write(
      command,
      selection,
      selection.chosen.map((each) => [each, { from: this.#pastBegin(), until }]),
      { runs },
    );
  }

  /** Writes holds, has the functions write a follow-up at the end of each, and prints what was done. */
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
    const by = await this.#authorName();
    // For a hold that has not begun, the firing that finds it writes the follow-up.
    const begun = holds.flatMap(([each, hold]) => (this.#hasBegun(hold) ? [each] : []));
    const asked =
      followUps && begun.length > 0
        ? await this.#explain(`${before}${describeMissingFollowUps(command, holds)} `, () =>
            this.#requestFollowUps(
              command,
              begun.filter((each) => command !== "release" || each.held),
            ),
          )
        : [];
    const timezone = timezoneOf(this.deployment, chosen);
    const lacksFollowUp = followUpsMissingIn(asked);
    const change: HoldChange = {
      command,
      written: holds.map(([holdable, hold]) => ({
        holdable,
        hold: { ...hold, by },
        held: command !== "release" && this.#hasBegun(hold),
        ...(command === "release"
          ? {}
          : {
              afterwards: describeAfterHold(this.#after(holdable, runs), hold, {
                followUps: followUps && !lacksFollowUp(holdable),
                timezone,
              }),
            }),
      })),
      left,
      timezone,
      followUps,
      wantsFollowUps: this.deployment.config.followUps === true,
      runs: [...runs, ...asked],
      ...defined({ skips }),
    };
    if (this.#json) printJson(this.#context, changeJson(this.deployment, change));
    else this.#context.out(renderChange(change, this.deployment.aws.region, this.#context));
    if (change.runs.some(({ report }) => report === undefined || throws(report)))
      this.#context.reportUnhealthy();
  }

  #hasBegun({ from }: Hold): boolean {
    return from === undefined || +from <= +this.#context.now();
  }

  /** Returns an instance in the state in which the runs have left it. */
  #after(holdable: Holdable, runs: readonly InvokedRun[]): Holdable {
    const action = runs[0]?.report?.action;
    if (action === undefined) return holdable;
    return {
      ...holdable,
      instance: { ...holdable.instance, state: action === "stop" ? "stopped" : "running" },
    };
  }

  /** Has the functions read the holds: each writes the follow-up of a hold's end, or acts where a hold has ended. */
  async #requestFollowUps(command: HoldCommand, chosen: readonly Holdable[]): Promise<InvokedRun[]> {
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

  /**
   * Writes the tags, with one call for all instances of a region that get the same value.
   * @throws {AwsError} that names the instances whose tags are written, and those whose are not
   */
  async #writeTags(holds: readonly (readonly [Holdable, Hold])[], dryRun = false): Promise<void> {
    if (holds.length === 0) return;
    const by = await this.#authorName();
    const groups = new Map<string, { region: string; value: string; instanceIds: string[] }>();
    for (const [{ instance }, hold] of holds) {
      const { region, instanceId } = instance;
      const value = holdValue({ ...hold, by });
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

  #authorName(): Promise<string> {
    this.#author ??= this.aws.caller.identity().then(({ arn }) => authorOf(arn));
    return this.#author;
  }

  /** Makes a step whose AWS errors say, in front, what was done before. */
  async #explain<T>(before: string, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (before === "" || !(error instanceof AwsError)) throw error;
      throw new AwsError(before + error.message, { cause: error });
    }
  }
}

/**
 * Returns the instances that a run has stopped or started, or found so.
 * @throws {AwsError} where there is none
 */
function changedBy(run: InvokedRun, action: Action, chosen: readonly Holdable[]): readonly Holdable[] {
  const { report, failure } = run;
  if (report === undefined || report.status === "refused" || report.status === "skipped") {
    throw new AwsError(
      `${run.function.name} did not ${action} ${listIds(chosen)}: ${failure ?? report?.reason}. No hold was changed`,
    );
  }
  const results = new Map(report.instances.map((each) => [each.instanceId, each.outcome]));
  const changed = chosen.filter(({ instance }) => {
    const outcome = results.get(instance.instanceId);
    // A long report leaves out successes. A deferred instance is not held: its follow-up would skip it.
    return outcome === undefined
      ? (report.instancesOmitted ?? 0) > 0
      : outcome === "done" || outcome === "already";
  });
  if (changed.length > 0) return changed;
  const why = report.instances.find(({ reason }) => reason !== undefined)?.reason ?? report.errors[0]?.reason;
  throw new AwsError(
    `${run.function.name} could ${action} none of ${listIds(chosen)}: ${why}. No hold was changed`,
  );
}

/** Returns a test for the instances for which a function was asked to write a follow-up and has not. */
function followUpsMissingIn(asked: readonly InvokedRun[]): (holdable: Holdable) => boolean {
  const hasNoReport = asked.some(({ report }) => report === undefined || report.errors.length > 0);
  const failed = new Set(
    asked.flatMap(({ report }) =>
      (report?.instances ?? []).flatMap(({ instanceId, outcome }) =>
        hasFailed(outcome) ? [instanceId] : [],
      ),
    ),
  );
  return ({ instance }) => hasNoReport || failed.has(instance.instanceId);
}

/** Returns the ids of the instances that a run has left to a follow-up. */
function deferredBy({ report }: InvokedRun): readonly string[] {
  return (report?.instances ?? [])
    .filter(({ outcome }) => outcome === "deferred")
    .map(({ instanceId }) => instanceId);
}

/** Says which holds are written where no function could be asked for their follow-ups, and how to go on. */
function describeMissingFollowUps(
  command: HoldCommand,
  holds: readonly (readonly [Holdable, Hold])[],
): string {
  const ids = listIds(holds.map(([holdable]) => holdable));
  switch (command) {
    case "release":
      return `The holds of ${ids} have ended, but no function has looked at them: the next firing of a schedule does.`;
    case "skip":
      return `The holds of ${ids} are written, but no follow-up.`;
    case "extend": {
      // The same command again would move the end once more.
      const ends = new Map<string, string[]>();
      for (const [{ instance }, { until }] of holds) {
        const end = until === undefined ? "" : formatIso(until);
        ends.set(end, [...(ends.get(end) ?? []), instance.instanceId]);
      }
      const commands = [...ends].map(([end, of]) => `\`ec2-start-stop hold ${of.join(" ")} --until ${end}\``);
      return `The holds of ${ids} are written, but no follow-up: run ${commands.join(" and ")}.`;
    }
    default:
      return `The holds of ${ids} are written, but no follow-up: run the same command again.`;
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
