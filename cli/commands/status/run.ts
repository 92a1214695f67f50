import { defined } from "../../../contract/collections";
import { createInstanceReader } from "../../aws/ec2";
import { createSchedulerReader, type SchedulerReader } from "../../aws/scheduler";
import { type Clock, type CommandContext, InputError } from "../../context";
import { checkTargetName, type Deployment, readDeployment } from "../../deployment/deployment";
import type { InstanceReader } from "../../instances/instance";
import { printJson } from "../../json";
import { type OperatingOptions, WATCH_INTERVAL } from "../../options";
import { createRunReader } from "../../runs/follow";
import type { RunReader } from "../../runs/run";
import { readFollowUps } from "./follow-ups";
import { computeStatus, countInstances, type Status } from "./health";
import { statusJson } from "./json";
import { RecentRunsReader } from "./recent-runs";
import { renderStatus } from "./text";
import { createWatchScreen, watchStatus } from "./watch";

/** The options of `status`, as commander reads them. */
export interface StatusOptions extends OperatingOptions {
  readonly target?: readonly string[];
  readonly all?: boolean;
  readonly watch?: boolean;
  readonly interval?: number;
}

/** Reads AWS for this command. */
interface StatusReaders {
  readonly instances: InstanceReader;
  readonly runs: RunReader;
  readonly scheduler: Pick<SchedulerReader, "scheduleNames" | "schedule">;
}

export type OpenStatusReaders = (deployment: Deployment) => StatusReaders;

/** Shows how a deployment is doing, once or until it is interrupted. */
export async function runStatus(
  options: StatusOptions,
  context: CommandContext,
  open: OpenStatusReaders = ({ aws }) => ({
    instances: createInstanceReader(aws),
    runs: createRunReader(aws, context),
    scheduler: createSchedulerReader(aws),
  }),
): Promise<void> {
  checkOptions(options);
  const deployment = await readDeployment(options, context, context.now());
  for (const name of options.target ?? []) checkTargetName(deployment, name);
  const read = createStatusReader({
    deployment,
    ...open(deployment),
    clock: context,
    ...defined({ targetNames: options.target }),
  });
  const { all = false, interval = WATCH_INTERVAL.default } = options;
  const first = await context.progress("Reading instances and runs", read);
  if (!options.watch) {
    if (options.json) printJson(context, statusJson(first));
    else context.out(renderStatus(first, { terminal: context, all }));
    if (hasWrongInstance(first)) context.reportUnhealthy();
    return;
  }
  const last = await watchStatus({
    read: readFirst(first, read),
    screen: createWatchScreen(context, { all, intervalSeconds: interval }),
    clock: context,
    intervalSeconds: interval,
    interrupted: context.onInterrupt(),
  });
  if (last === undefined || hasWrongInstance(last)) context.reportUnhealthy();
}

/** @throws {InputError} for options that contradict each other */
function checkOptions({ watch: isWatching, interval, json }: StatusOptions): void {
  if (interval !== undefined && !isWatching) throw new InputError("--interval: expected with --watch only");
  if (json && isWatching) {
    throw new InputError(
      "--json: expected without --watch, since it is one document; call it as often as you like",
    );
  }
}

function hasWrongInstance(status: Status): boolean {
  return countInstances(status).wrong > 0;
}

function readFirst(first: Status, read: () => Promise<Status>): () => Promise<Status> {
  let given: Status | undefined = first;
  return async () => {
    const seen = given ?? (await read());
    given = undefined;
    return seen;
  };
}

interface StatusReaderOptions extends StatusReaders {
  readonly deployment: Pick<Deployment, "config" | "names" | "plan" | "actions">;
  readonly clock: Pick<Clock, "now">;
  readonly targetNames?: readonly string[];
}

/** Returns what reads the status of a deployment, again and again. */
function createStatusReader({
  deployment,
  instances,
  runs,
  scheduler,
  clock,
  targetNames,
}: StatusReaderOptions): () => Promise<Status> {
  const { config, names, plan, actions } = deployment;
  const history = new RecentRunsReader({
    reader: runs,
    functionNames: actions.map((action) => names.functions[action]),
    plan,
    logRetentionDays: config.functions?.logRetentionDays,
  });
  return async () => {
    const reading = Promise.all([
      history.read(clock.now()),
      config.followUps ? readFollowUps(scheduler, names.followUpGroup) : undefined,
    ]);
    // If both fail, report the instances' error; the causes are usually the same.
    reading.catch(() => undefined);
    const targets = await instances.targets(config);
    const [recent, followUps] = await reading;
    return computeStatus({
      config,
      names,
      plan,
      targets,
      runs: recent,
      now: clock.now(),
      ...defined({ followUps, targetNames }),
    });
  };
}
