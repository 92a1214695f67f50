import { type Action, oppositeOf, STATE_AFTER } from "../../../contract/actions";
import { INSTANCE_TOKENS } from "../../../contract/limits";
import type { StartStopRequest } from "../../../contract/request";
import { type FunctionBench, fleetOf, idsOf, NOW, REGION, type Run, type RunOptions } from "./run-function";
import { followUpEnvironment } from "./scheduler";
import { VirtualClock } from "./virtual-clock";

const MINUTE_MS = 60_000;
/** How late after its minute EventBridge Scheduler invokes the function. */
const DELIVERY_MS = 3_000;
const TIMEOUT_MS = 300_000;

export interface FiringOptions extends Pick<RunOptions, "random" | "inProcess"> {
  /** How often each request is delivered. */
  readonly times?: number;
}

/** One firing, and all that its runs leave for later, by a virtual clock. */
export class Firings {
  readonly runs: Run[] = [];
  readonly #deliveries: Promise<void>[] = [];
  readonly #all: readonly string[];

  constructor(
    readonly bench: FunctionBench,
    readonly action: Action,
    size: number,
    readonly options: FiringOptions = {},
  ) {
    const state = STATE_AFTER[oppositeOf(action)];
    const fleet = fleetOf(size, { state });
    this.#all = idsOf(fleet);
    this.bench.clock = new VirtualClock(NOW + DELIVERY_MS);
    this.bench.ec2.load(fleet, { clock: this.bench.clock, tokens: { [action]: INSTANCE_TOKENS.capacity } });
    this.bench.scheduler.clear();
    this.bench.scheduler.onCreated = (schedule) => {
      const afterMs = schedule.at + DELIVERY_MS - this.bench.clock.now();
      this.#deliver(schedule.request, afterMs, () => this.bench.scheduler.take(schedule));
    };
  }

  /** Delivers a request for some of the instances, as often as asked. */
  deliver(from: number, count: number): void {
    const targets = [{ region: REGION, instanceIds: this.#all.slice(from, from + count) }];
    const scheduledTime = new Date(NOW).toISOString();
    this.#deliver({ schedule: `dev-${this.action}`, action: this.action, scheduledTime, targets });
  }

  async #runAsLambda(
    request: StartStopRequest,
    environment: Readonly<Record<string, string>>,
  ): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      if (attempt > 1) await this.bench.clock.sleep((attempt - 1) * MINUTE_MS);
      const { random = () => 0.5, inProcess = false } = this.options;
      const run = await this.bench.again(request, {
        environment,
        random,
        inProcess,
        remainingMs: TIMEOUT_MS,
      });
      this.runs.push(run);
      if (run.error === undefined) return;
    }
  }

  /** Waits until nothing is left for later. */
  async settled(): Promise<void> {
    for (let index = 0; index < this.#deliveries.length; index++) await this.#deliveries[index];
  }

  get seconds(): number {
    return (this.bench.clock.now() - NOW) / 1000;
  }

  #deliver(request: StartStopRequest, afterMs = 0, before: () => void = () => undefined): void {
    const { times = 1 } = this.options;
    const environment = {
      TARGETS: JSON.stringify([{ region: REGION, instanceIds: this.#all }]),
      MAX_INSTANCES: "10000",
      ...followUpEnvironment({ targets: [], calendars: [], schedules: [] }),
    };
    for (let nth = 0; nth < times; nth++) {
      this.#deliveries.push(
        this.bench.clock.sleep(afterMs).then(async () => {
          before();
          await this.#runAsLambda(request, environment);
        }),
      );
    }
  }
}
