import { EC2_CALLS } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import { TIMEZONE } from "../../../contract/limits";
import { nearestName } from "../../../schedule/nearest-name";
import { AwsError } from "../../aws/call";
import type { TrailLookup, TrailPeriod, TrailReader } from "../../aws/cloudtrail";
import type { ProgressReporter } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import type { InstanceReader, ResolvedTarget } from "../../instances/instance";
import { type FunctionRun, MAX_RUN_MS, type RunReader } from "../../runs/run";
import { type InstanceChange, parseChange } from "./change";
import { addSchedules, type History, type KnownInstance, listKnownInstances, selectChanges } from "./history";

/** Reads AWS for this command. */
export interface HistoryReaders {
  readonly instances: InstanceReader;
  readonly trail: TrailReader;
  readonly runs: RunReader;
}

/** Reads the history. */
export async function readHistory(
  deployment: Deployment,
  period: TrailPeriod,
  instanceId: string | undefined,
  readers: HistoryReaders,
  reporter: ProgressReporter,
): Promise<History> {
  const { config, names, plan } = deployment;
  const targets = await readers.instances.targets(config);
  const known = listKnownInstances(targets);
  const only = instanceId === undefined ? undefined : (known.get(instanceId) ?? { instanceId, targets: [] });
  const regions = regionsOf(targets, only);
  const changes = await readChanges(deployment, readers.trail, regions, only, period, reporter);
  const relevant = selectChanges(changes, known, only);
  const { runs, notes } = await readRuns(relevant, readers.runs, reporter);
  return {
    name: names.prefix,
    timezone: config.timezone ?? TIMEZONE.default,
    period,
    regions,
    ...defined({ instance: only }),
    instanceCount: known.size,
    entries: addSchedules(relevant, { plan }, runs, known),
    notes: [...(only === undefined ? [] : describeUnknownInstance(only, known, deployment.file)), ...notes],
  };
}

/**
 * Launches and reboots are looked up for a single instance only: accounts with Auto Scaling have thousands, and no
 * schedule depends on them.
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
  const reportPage = (region: string, { value }: TrailLookup, page: number, back: Date | undefined) =>
    reporter.update(
      `CloudTrail of ${region}, ${value}, page ${page}${back ? `, back to ${back.toISOString().slice(0, 10)}` : ""}`,
    );
  // The rate limit is per region: only regions are read in parallel.
  const read = await Promise.all(
    regions.map(async (region) => {
      try {
        const events = [];
        for (const lookup of lookups)
          events.push(...(await trail.events(region, lookup, period, reportPage)));
        return events;
      } catch (error) {
        // The remedy depends on the region, so the message names it.
        if (!(error instanceof AwsError) || regions.length === 1) throw error;
        throw new AwsError(`${region}: ${error.message}`, { cause: error });
      }
    }),
  );
  return read.flat().flatMap((event) => parseChange(event, own) ?? []);
}

interface ReadRuns {
  readonly runs: readonly FunctionRun[];
  readonly notes: readonly string[];
}

/** Reads the runs in which the functions made these calls; without them schedules are guessed. */
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
      const from = new Date(Math.min(...times) - MAX_RUN_MS);
      reporter.update(`CloudWatch Logs of ${name}`);
      try {
        const runs = await reader.runs(name, { from, to: new Date(Math.max(...times) + MAX_RUN_MS) });
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

function regionsOf(targets: readonly ResolvedTarget[], only: KnownInstance | undefined): string[] {
  const places = targets.flatMap(({ instances, missing }) => [...instances, ...missing]);
  const own = places.filter(({ instanceId }) => instanceId === only?.instanceId);
  const regions =
    own.length > 0 ? own.map(({ region }) => region) : targets.flatMap((target) => target.regions);
  return [...new Set(regions)];
}

/** Notes that an instance is in no target: its id may be mistyped. */
function describeUnknownInstance(
  { instanceId, targets }: KnownInstance,
  known: ReadonlyMap<string, unknown>,
  file: string,
): string[] {
  if (targets.length > 0) return [];
  const near = nearestName(instanceId, known.keys());
  const hint = near === undefined ? "" : `: did you mean ${near}?`;
  return [`${instanceId} is in no target of ${file}${hint || "."}`];
}
