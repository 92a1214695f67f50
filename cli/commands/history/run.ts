import { EC2_CALLS } from "../../../contract/actions";
import { INSTANCE_ID } from "../../../contract/patterns";
import { quote } from "../../../schedule/error";
import { nearestName } from "../../../schedule/nearest-name";
import { AwsError } from "../../aws/call";
import {
  CloudTrailReader,
  cloudTrailClients,
  type TrailLookup,
  type TrailPeriod,
  type TrailReader,
} from "../../aws/cloudtrail";
import { openFleet } from "../../aws/ec2";
import { type CommandContext, InputError, type ProgressReporter } from "../../context";
import { type Deployment, readDeployment } from "../../deployment/deployment";
import { lastDueFiring } from "../../deployment/past-firings";
import type { FleetReader, FleetTarget } from "../../instances/instance";
import { type OperatingOptions, parseSince } from "../../options";
import { openRunReader } from "../../runs/follow";
import type { FunctionRun, RunReader } from "../../runs/run";
import { DEFAULT_SINCE, MAX_SINCE_DAYS } from "./command";
import { historyJson } from "./json";
import { type ChangedInstance, changeOf, type InstanceChange } from "./match-runs";
import { type ScheduleOfCall, scheduleOf } from "./schedule-of";
import { historyText, noEventsText } from "./text";

/** What became of the instances of a deployment in a period, and through whom. */
export interface History {
  readonly name: string;
  readonly timezone: string;
  readonly period: TrailPeriod;
  /** Those that were looked through. */
  readonly regions: readonly string[];
  /** The one instance that was asked for. */
  readonly instance?: KnownInstance;
  /** How many instances the targets have. */
  readonly instanceCount: number;
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** What whoever reads it should know, in sentences. */
  readonly notes: readonly string[];
}

export interface HistoryEntry extends Omit<InstanceChange, "instances"> {
  /** Those that the history is about. */
  readonly instances: readonly KnownChange[];
  /** How many others the same call named. */
  readonly otherInstances: number;
  /** Where a function of the deployment called. */
  readonly schedule?: ScheduleOfCall;
}

export type KnownChange = ChangedInstance & KnownInstance;

export interface KnownInstance {
  readonly instanceId: string;
  /** Its tag `Name`. */
  readonly name?: string;
  /** Names of the targets it is in now; none for one that was in a target, or that was asked for without being in one. */
  readonly targets: readonly string[];
}

/** The instances of the targets by id, those that EC2 does not know too. */
export function knownInstances(targets: readonly FleetTarget[]): Map<string, KnownInstance> {
  const known = new Map<string, KnownInstance>();
  for (const { name: target, instances, missing } of targets) {
    for (const { instanceId, name } of [...instances, ...missing.map(unnamed)]) {
      const earlier = known.get(instanceId);
      const targetNames = [...new Set([...(earlier?.targets ?? []), target])];
      const shown = name ?? earlier?.name;
      known.set(instanceId, {
        instanceId,
        ...(shown === undefined ? {} : { name: shown }),
        targets: targetNames,
      });
    }
  }
  return known;
}

function unnamed({ instanceId }: { readonly instanceId: string }): { instanceId: string; name?: string } {
  return { instanceId };
}

/**
 * The changes that are about these instances, oldest first. What the deployment's own functions started and stopped was
 * in a target then, though it may be gone or tagged otherwise now: it counts among them.
 */
export function relevantChanges(
  changes: readonly InstanceChange[],
  known: ReadonlyMap<string, KnownInstance>,
  only?: KnownInstance,
): Omit<HistoryEntry, "schedule">[] {
  const about = new Map(only === undefined ? known : [[only.instanceId, only]]);
  const own = changes.filter(({ caller }) => caller.kind === "function");
  if (only === undefined) {
    for (const { instanceId } of own.flatMap(({ instances }) => instances)) {
      if (!about.has(instanceId)) about.set(instanceId, { instanceId, targets: [] });
    }
  }
  return changes
    .map((change) => {
      const instances = change.instances.flatMap((each) => {
        const instance = about.get(each.instanceId);
        return instance === undefined ? [] : [{ ...instance, ...each }];
      });
      return { ...change, instances, otherInstances: change.instances.length - instances.length };
    })
    .filter(
      ({ instances, caller }) => instances.length > 0 || (only === undefined && caller.kind === "function"),
    )
    .sort((a, b) => +a.at - +b.at || (a.eventId < b.eventId ? -1 : 1));
}

/** Adds for which schedule the deployment's own functions called. */
export function withSchedules(
  changes: readonly Omit<HistoryEntry, "schedule">[],
  { plan }: Pick<Deployment, "plan">,
  runs: readonly FunctionRun[],
  known: ReadonlyMap<string, KnownInstance>,
): HistoryEntry[] {
  const targetsOf = (instanceId: string) => known.get(instanceId)?.targets ?? [];
  return changes.map((change) => {
    if (change.caller.kind !== "function") return change;
    const schedule = scheduleOf(change, { plan, runs, targetsOf });
    return { ...change, ...(schedule === undefined ? {} : { schedule }) };
  });
}

export interface HistoryOptions extends OperatingOptions {
  readonly since?: string;
  readonly instance?: string;
}

/** What is read of AWS. */
export interface HistoryReaders {
  readonly fleet: FleetReader;
  readonly trail: TrailReader;
  readonly runs: RunReader;
}

export type OpenReaders = (deployment: Deployment) => HistoryReaders;

/**
 * Prints who started and stopped a deployment's instances.
 * @throws {InputError} for options that cannot be
 * @throws {AwsError}
 */
export async function runHistory(
  options: HistoryOptions,
  context: CommandContext,
  open: OpenReaders = ({ aws }) => ({
    fleet: openFleet(aws),
    trail: new CloudTrailReader(cloudTrailClients(aws), context),
    runs: openRunReader(aws, context),
  }),
): Promise<void> {
  const now = context.now();
  const deployment = await readDeployment(options, context, now);
  const period = historyPeriod(options.since, now, deployment.config.timezone ?? "UTC");
  if (options.instance !== undefined) checkInstanceId(options.instance);
  const history = await context.progress("EC2, the instances of the targets", (reporter) =>
    lookUp(deployment, period, options.instance, open(deployment), reporter),
  );
  if (options.json) context.out(`${JSON.stringify(historyJson(history), null, 2)}\n`);
  else if (history.entries.length > 0) context.out(historyText(history, context));
  else context.out(noEventsText(history, lastDue(deployment, history), context.columns));
}

/** CloudTrail is asked a moment later than it is now, when the 90 days have moved on. */
const MARGIN_MS = 60_000;

/**
 * From when on to look, until now.
 * @throws {InputError} for what is no time, or longer ago than CloudTrail keeps events
 */
export function historyPeriod(since: string | undefined, now: Date, timezone: string): TrailPeriod {
  const from = parseSince(since ?? DEFAULT_SINCE, now, timezone);
  const earliest = +now - MAX_SINCE_DAYS * 86_400_000;
  if (+from < earliest) {
    throw new InputError(
      `--since: expected at most ${MAX_SINCE_DAYS} days ago, as CloudTrail's event history keeps no more, got ${quote(since ?? "")}`,
    );
  }
  return { from: new Date(Math.max(+from, earliest + MARGIN_MS)), to: now };
}

async function lookUp(
  deployment: Deployment,
  period: TrailPeriod,
  instanceId: string | undefined,
  readers: HistoryReaders,
  reporter: ProgressReporter,
): Promise<History> {
  const { config, names, plan } = deployment;
  const targets = await readers.fleet.targets(config);
  const known = knownInstances(targets);
  const only = instanceId === undefined ? undefined : (known.get(instanceId) ?? { instanceId, targets: [] });
  const regions = regionsOf(targets, only);
  const changes = await readChanges(deployment, readers.trail, regions, only, period, reporter);
  const relevant = relevantChanges(changes, known, only);
  const { runs, notes } = await readRuns(relevant, readers.runs, reporter);
  return {
    name: names.prefix,
    timezone: config.timezone ?? "UTC",
    period,
    regions,
    ...(only === undefined ? {} : { instance: only }),
    instanceCount: known.size,
    entries: withSchedules(relevant, { plan }, runs, known),
    notes: [...(only === undefined ? [] : strangerNotes(only, known, deployment.file)), ...notes],
  };
}

/**
 * Launches and restarts are left out where all instances are looked for: they change no state that a schedule is about,
 * and accounts with Auto Scaling have thousands. Under one instance they come for nothing.
 */
const LOOKUPS: readonly TrailLookup[] = [EC2_CALLS.stop, EC2_CALLS.start, "TerminateInstances"].map(
  (value) => ({
    attribute: "EventName",
    value,
  }),
);

async function readChanges(
  { aws, names }: Deployment,
  trail: TrailReader,
  regions: readonly string[],
  only: KnownInstance | undefined,
  period: TrailPeriod,
  reporter: ProgressReporter,
): Promise<InstanceChange[]> {
  const lookups: readonly TrailLookup[] =
    only === undefined ? LOOKUPS : [{ attribute: "ResourceName", value: only.instanceId }];
  const own = { region: aws.region, names: Object.values(names.functions), role: names.functionRole };
  const tellPage = (region: string, { value }: TrailLookup, page: number, back: Date | undefined) =>
    reporter.update(
      `CloudTrail of ${region}, ${value}, page ${page}${back ? `, back to ${back.toISOString().slice(0, 10)}` : ""}`,
    );
  // Each region has its own limit; within one, nothing is won by asking at once.
  const read = await Promise.all(
    regions.map(async (region) => {
      try {
        const events = [];
        for (const lookup of lookups) events.push(...(await trail.events(region, lookup, period, tellPage)));
        return events;
      } catch (error) {
        // Which of several regions it was decides what to do about it.
        if (!(error instanceof AwsError) || regions.length === 1) throw error;
        throw new AwsError(`${region}: ${error.message}`, { cause: error });
      }
    }),
  );
  return read.flat().flatMap((event) => changeOf(event, own) ?? []);
}

interface ReadRuns {
  readonly runs: readonly FunctionRun[];
  readonly notes: readonly string[];
}

/** A call comes at most so long after the start of its run. */
const LONGEST_RUN_MS = 15 * 60_000;

/** The runs in which the functions made these calls; without them the schedules can still be guessed. */
async function readRuns(
  changes: readonly Pick<InstanceChange, "caller" | "at">[],
  reader: RunReader,
  reporter: ProgressReporter,
): Promise<ReadRuns> {
  const own = changes.filter(({ caller }) => caller.kind === "function");
  const functionNames = [...new Set(own.map(({ caller }) => caller.name))];
  const notes = new Set<string>();
  const read = await Promise.all(
    functionNames.map(async (name) => {
      const times = own.filter(({ caller }) => caller.name === name).map(({ at }) => +at);
      const from = new Date(Math.min(...times) - LONGEST_RUN_MS);
      reporter.update(`CloudWatch Logs of ${name}`);
      try {
        const runs = await reader.runs(name, { from, to: new Date(Math.max(...times) + LONGEST_RUN_MS) });
        if (runs === undefined) notes.add(`${name} has no log group.`);
        return runs ?? [];
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        notes.add(`The functions' logs could not be read. ${error.message}`);
        return [];
      }
    }),
  );
  return { runs: read.flat(), notes: [...notes] };
}

function regionsOf(targets: readonly FleetTarget[], only: KnownInstance | undefined): string[] {
  const places = targets.flatMap(({ instances, missing }) => [...instances, ...missing]);
  const own = places.filter(({ instanceId }) => instanceId === only?.instanceId);
  const regions =
    own.length > 0 ? own.map(({ region }) => region) : targets.flatMap((target) => target.regions);
  return [...new Set(regions)];
}

function checkInstanceId(text: string): void {
  if (INSTANCE_ID.test(text)) return;
  throw new InputError(`--instance: expected an instance id such as i-0123456789abcdef0, got ${quote(text)}`);
}

/** One that is in no target may be of interest, or a slip of the hand. */
function strangerNotes(
  { instanceId, targets }: KnownInstance,
  known: ReadonlyMap<string, unknown>,
  file: string,
): string[] {
  if (targets.length > 0) return [];
  const near = nearestName(instanceId, known.keys());
  const hint = near === undefined ? "" : `: did you mean ${near}?`;
  return [`${instanceId} is in no target of ${file}${hint || "."}`];
}

/** Of the schedules that are about what was asked for. */
function lastDue({ plan }: Deployment, { instance, period }: History) {
  const meant = plan.filter(
    ({ targetNames }) =>
      instance === undefined || targetNames.some((name) => instance.targets.includes(name)),
  );
  return lastDueFiring(meant, period);
}
