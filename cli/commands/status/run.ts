import { type Clock, type CommandEnvironment, InputError } from "../../context";
import { checkTargetName, type Deployment, readDeployment } from "../../deployment/deployment";
import type { FleetReader } from "../../instances/instance";
import type { OperatingOptions } from "../../options";
import type { RunReader } from "../../runs/run";
import { countInstances, type Status, statusOf } from "./health";
import { statusJson } from "./json";
import { RunHistory } from "./last-runs";
import { statusText } from "./text";
import { watch, watchScreen } from "./watch";

/** The options of `status`, as commander reads them. */
export interface StatusOptions extends OperatingOptions {
  readonly target?: readonly string[];
  readonly all?: boolean;
  readonly watch?: boolean;
  readonly interval?: number;
}

/** What is read of AWS. */
export interface StatusReaders {
  readonly fleet: FleetReader;
  readonly runs: RunReader;
}

const DEFAULT_INTERVAL_SECONDS = 10;

/** Shows how a deployment is doing, once or until it is interrupted. */
export async function runStatus(
  options: StatusOptions,
  environment: CommandEnvironment,
  open: (deployment: Deployment) => StatusReaders,
): Promise<void> {
  checkOptions(options);
  const { clock, variables, terminal, write, progress, notAsItShouldBe } = environment;
  const deployment = await readDeployment(options, variables, clock.now());
  for (const name of options.target ?? []) checkTargetName(deployment, name);
  const look = lookAt({
    deployment,
    ...open(deployment),
    clock,
    ...(options.target === undefined ? {} : { targetNames: options.target }),
  });
  const { all = false, interval = DEFAULT_INTERVAL_SECONDS } = options;
  const first = await progress("Reading instances and runs", look);
  if (!options.watch) {
    write(options.json ? statusJson(first) : statusText(first, { terminal, all }));
    if (isOff(first)) notAsItShouldBe();
    return;
  }
  const last = await watch({
    look: startingWith(first, look),
    screen: watchScreen({ terminal, write }, { all, intervalSeconds: interval }),
    clock,
    intervalSeconds: interval,
    // Asked for only here: until then Ctrl-C ends the command as it ends any other.
    interrupted: environment.interrupted,
  });
  if (last === undefined || isOff(last)) notAsItShouldBe();
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

function isOff(status: Status): boolean {
  return countInstances(status).off > 0;
}

function startingWith(first: Status, look: () => Promise<Status>): () => Promise<Status> {
  let given: Status | undefined = first;
  return async () => {
    const seen = given ?? (await look());
    given = undefined;
    return seen;
  };
}

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
