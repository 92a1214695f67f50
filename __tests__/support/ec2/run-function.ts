import { types } from "node:util";
import type { DeployedTarget } from "../../../contract/request";
import { connectEc2, type Ec2Api } from "../../../lambda-src/ec2-client";
import { invoke } from "../../../lambda-src/invocation";
import { connectEvents, type EventsApi } from "../../../lambda-src/notifications/event-client";
import { connectSns, type SnsApi } from "../../../lambda-src/notifications/sns-client";
import type { Report } from "../../../lambda-src/report";
import type { SchedulerApi } from "../../../lambda-src/scheduler/scheduler-client";
import { connectSsm, type SsmApi } from "../../../lambda-src/services/ssm-client";
import type { InstanceSpec } from "./fleet";
import { FakeScheduler } from "./scheduler";
import { Ec2Simulator, type SimulatorOptions } from "./simulator";
import { VirtualClock } from "./virtual-clock";

export const REGION = "ap-northeast-2";
const FUNCTION_ARN = `arn:aws:lambda:${REGION}:123456789012:function:dev-StopEC2Instances`;
/** A Monday evening in Seoul. */
export const NOW = Date.parse("2026-11-23T11:00:00Z");

/** The result of one run of the function against the simulator. */
export interface Run {
  /** Its report, the last line that it wrote, parsed. */
  readonly report: Report;
  /** The error that it threw. */
  readonly error: Error | undefined;
  /** Whether it was killed before its end. */
  readonly killed: boolean;
  readonly lines: readonly string[];
  /** How long the run took by the clock of the simulator. */
  readonly milliseconds: number;
}

export interface RunOptions extends Omit<SimulatorOptions, "clock"> {
  readonly environment?: Readonly<Record<string, string>>;
  readonly remainingMs?: number;
  /** Whether to leave out HTTP and the SDK, for many small runs. */
  readonly inProcess?: boolean;
  readonly random?: () => number;
  /** Lambda's request id, the same for all attempts at one event. */
  readonly requestId?: string;
  /** After so many calls the process is killed: its next call is never sent, and never answered. */
  readonly killedAfterCalls?: number;
  /** How long reading EC2's answer about so many instances blocks the event loop. */
  readonly blockMs?: (instances: number) => number;
}

/** A request whose targets have the checks that are deployed for them, where the function's request only asks for them. */
export interface DeployedEvent {
  readonly action: string;
  readonly targets: readonly DeployedTarget[];
  readonly [key: string]: unknown;
}

/** Returns the request that asks for the checks of its targets. */
export function asking(event: DeployedEvent): unknown {
  const targets = event.targets.map(({ checks, ...rest }) => ({
    ...rest,
    ...(checks ? { checks: true } : {}),
  }));
  return { ...event, targets };
}

function isDeployedEvent(event: unknown): event is DeployedEvent {
  const { targets } = (event ?? {}) as { targets?: unknown };
  return Array.isArray(targets) && targets.every((target) => typeof target === "object" && target !== null);
}

/** Runs the function's code and clients against an EC2 in memory, on a virtual clock. */
export class FunctionBench {
  readonly ec2 = new Ec2Simulator();
  readonly #connections = new Map<string, Ec2Api>();
  readonly #ssmConnections = new Map<string, SsmApi>();
  readonly scheduler = new FakeScheduler();
  clock = new VirtualClock(NOW);

  async open(): Promise<void> {
    recognizeNodeErrors();
    process.env["AWS_ENDPOINT_URL_EC2"] = await this.ec2.listen();
    process.env["AWS_ENDPOINT_URL_SSM"] = process.env["AWS_ENDPOINT_URL_EC2"];
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    process.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
    process.env["AWS_SECRET_ACCESS_KEY"] = "an-example-secret";
  }

  async close(): Promise<void> {
    await this.ec2.close();
  }

  /** Runs the function of a deployment that knows the targets of the event with their checks, unless the environment says. */
  async run(event: unknown, fleet: readonly InstanceSpec[], options: RunOptions = {}): Promise<Run> {
    this.clock = new VirtualClock(NOW);
    this.ec2.load(fleet, { clock: this.clock, ...options });
    this.scheduler.clear();
    return this.again(event, options);
  }

  /** Runs the function, and again one and two minutes later while it throws, as Lambda does. */
  async runAsLambda(
    event: unknown,
    fleet: readonly InstanceSpec[],
    options: RunOptions = {},
  ): Promise<Run[]> {
    const runs = [await this.run(event, fleet, options)];
    for (const minutes of [1, 2]) {
      if (!runs.at(-1)?.error) break;
      await this.clock.sleep(minutes * 60_000);
      runs.push(await this.again(event, options));
    }
    return runs;
  }

  /**
   * Lets time pass to the next follow-up and runs the function on it; undefined if none is left. The environment of the
   * options must have the TARGETS of the deployment.
   */
  async wake(options: RunOptions): Promise<Run | undefined> {
    const [next] = this.scheduler.pending;
    if (next === undefined) return undefined;
    await this.clock.sleep(next.at - this.clock.now());
    this.scheduler.take(next);
    return this.again(next.request, options);
  }

  /** Runs the function on the instances as the previous run left them. */
  async again(event: unknown, options: RunOptions = {}): Promise<Run> {
    const { clock } = this;
    const begun = clock.now();
    const lines: string[] = [];
    const action = (event as { action?: string } | null)?.action ?? "stop";
    const remainingMs = options.remainingMs ?? 60_000;
    let error: Error | undefined;
    let callsLeft = options.killedAfterCalls ?? Number.POSITIVE_INFINITY;
    const mortal = <T extends object>(api: T): T =>
      new Proxy(api, {
        get(of, name) {
          const method = Reflect.get(of, name);
          if (typeof method !== "function" || --callsLeft >= 0) return method;
          return () => new Promise(() => undefined);
        },
      });
    const deploys = options.environment?.["TARGETS"] === undefined && isDeployedEvent(event);
    await invoke(
      deploys ? asking(event) : event,
      {
        awsRequestId: options.requestId ?? "request-1",
        invokedFunctionArn: FUNCTION_ARN,
        getRemainingTimeInMillis: () => begun + remainingMs - clock.now(),
      },
      {
        environment: {
          ACTION: action,
          AWS_LAMBDA_FUNCTION_NAME: "dev-StopEC2Instances",
          ...(deploys ? { TARGETS: JSON.stringify(event.targets) } : {}),
          ...options.environment,
        },
        connect: (region) => mortal(tracked(this.#connect(region, options), clock, options.blockMs)),
        connectSsm: async (region) => trackedSsm(this.#connectSsm(region), clock),
        connectScheduler: async () => mortal(trackedScheduler(this.scheduler, clock)),
        connectSns: async (region) => trackedSns(connectSns(region), clock),
        connectEvents: async (region) => trackedEvents(connectEvents(region), clock),
        clock,
        random: options.random ?? (() => 0.5),
        writeLine: (line) => lines.push(line),
      },
    ).catch((thrown: Error) => {
      error = thrown;
    });
    const report = JSON.parse(lines.at(-1) ?? "{}");
    return { report, error, killed: callsLeft < 0, lines, milliseconds: clock.now() - begun };
  }

  #connect(region: string, { inProcess = false }: RunOptions): Ec2Api {
    if (inProcess) return this.ec2.inProcess(region);
    const connection = this.#connections.get(region) ?? connectEc2(region);
    this.#connections.set(region, connection);
    return connection;
  }

  #connectSsm(region: string): SsmApi {
    const connection = this.#ssmConnections.get(region) ?? connectSsm(region);
    this.#ssmConnections.set(region, connection);
    return connection;
  }
}

function trackedScheduler(api: FakeScheduler, clock: VirtualClock): SchedulerApi {
  return {
    createSchedule: (input) => clock.during(() => api.createSchedule(input)),
    getSchedule: (input) => clock.during(() => api.getSchedule(input)),
  };
}

function trackedSns(api: SnsApi, clock: VirtualClock): SnsApi {
  return { publish: (input, abort) => clock.during(() => api.publish(input, abort)) };
}

function trackedEvents(api: EventsApi, clock: VirtualClock): EventsApi {
  return { putEvents: (input, abort) => clock.during(() => api.putEvents(input, abort)) };
}

function trackedSsm(api: SsmApi, clock: VirtualClock): SsmApi {
  return {
    describeInstanceInformation: (input, abort) =>
      clock.during(() => api.describeInstanceInformation(input, abort)),
    sendCommand: (input, abort) => clock.during(() => api.sendCommand(input, abort)),
    listCommandInvocations: (input, abort) => clock.during(() => api.listCommandInvocations(input, abort)),
  };
}

/** Keeps the clock from advancing during calls, except by the time for which reading their answers blocks. */
function tracked(api: Ec2Api, clock: VirtualClock, blockMs: (instances: number) => number = () => 0): Ec2Api {
  const during = <T>(work: () => Promise<T>, count: (answer: T) => number) =>
    clock.during(async () => {
      const answer = await work();
      clock.block(blockMs(count(answer)));
      return answer;
    });
  return {
    describeInstances: (input, abort) =>
      during(
        () => api.describeInstances(input, abort),
        ({ Reservations = [] }) =>
          Reservations.reduce((sum, { Instances = [] }) => sum + Instances.length, 0),
      ),
    startInstances: (input, abort) =>
      during(
        () => api.startInstances(input, abort),
        ({ StartingInstances = [] }) => StartingInstances.length,
      ),
    stopInstances: (input, abort) =>
      during(
        () => api.stopInstances(input, abort),
        ({ StoppingInstances = [] }) => StoppingInstances.length,
      ),
  };
}

/** Returns a well-formed instance id. */
export function instanceId(number: number): string {
  return `i-${number.toString(16).padStart(17, "0")}`;
}

/** Returns `count` equal instances. */
export function fleetOf(count: number, spec: Omit<InstanceSpec, "id"> = {}, from = 1): InstanceSpec[] {
  return Array.from({ length: count }, (_, index) => ({ id: instanceId(from + index), ...spec }));
}

/** Returns the ids of a fleet. */
export function idsOf(fleet: readonly InstanceSpec[]): string[] {
  return fleet.map(({ id }) => id);
}

/**
 * Jest runs a test in a realm of its own, where the errors of Node's sockets are not instances of Error: the SDK would
 * wrap them and lose their codes, as it never does outside of jest.
 */
function recognizeNodeErrors(): void {
  Object.defineProperty(Error, Symbol.hasInstance, {
    configurable: true,
    value(this: unknown, value: unknown) {
      if (this === Error && types.isNativeError(value)) return true;
      return Function.prototype[Symbol.hasInstance].call(this as typeof Error, value);
    },
  });
}
