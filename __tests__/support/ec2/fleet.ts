import type { SsmSpec } from "./ssm";

/** A rejection of the calls of one action, or of those that hibernate. */
export interface Rejection {
  readonly of: "start" | "stop" | "hibernate";
  readonly code: string;
  readonly message: string;
  /** @default 400 */
  readonly status?: number;
}

/** A lack of capacity: EC2 starts no more instances than it has room for, and rejects a call that asks for more. */
export interface Shortage {
  readonly of: (spec: InstanceSpec) => boolean;
  /** @default 0 */
  readonly room?: number;
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** A simulated instance and its faults. Times in milliseconds. */
export interface InstanceSpec {
  readonly id: string;
  readonly region?: string;
  readonly state?: "pending" | "running" | "stopping" | "stopped" | "terminated";
  readonly tags?: Readonly<Record<string, string>>;
  readonly spot?: "one-time" | "persistent";
  /** The service that operates it. */
  readonly operator?: string;
  readonly rootDeviceType?: "ebs" | "instance-store";
  readonly instanceType?: string;
  readonly availabilityZone?: string;
  /** The Dedicated Host that it is on. */
  readonly hostId?: string;
  readonly placementGroup?: string;
  /** The Capacity Reservation that it targets. */
  readonly reservationId?: string;
  /** @default the same for all */
  readonly imageId?: string;
  readonly productCode?: string;
  readonly licenseConfigurationArn?: string;
  /** EC2 rejects each call that includes it in these words, which mostly name no instance. */
  readonly rejection?: Rejection;
  /** `configured` and `off` are shown by DescribeInstances; `refused` is not, and EC2 rejects its hibernation. */
  readonly hibernation?: "configured" | "off" | "refused";
  readonly stopProtected?: boolean;
  /** EC2 denies the caller this instance. */
  readonly denied?: boolean;
  /** EC2 rejects its start for lack of capacity. */
  readonly noCapacity?: boolean;
  /** EC2 accepts its start, and then stops it again. */
  readonly fallsBack?: { readonly code: string; readonly message: string };
  /** EC2 rejects its stop while it is pending. */
  readonly refusesStopWhilePending?: boolean;
  readonly startMs?: number;
  readonly stopMs?: number;
  /** Present if it is managed by SSM. */
  readonly ssm?: SsmSpec;
}

interface StateChange {
  readonly at: number;
  readonly state: string;
  readonly reason?: { readonly code: string; readonly message: string };
}

const BY_USER = {
  code: "Client.UserInitiatedShutdown",
  message: "Client.UserInitiatedShutdown: User initiated shutdown",
};

const LAUNCHED_LONG_AGO = Date.parse("2026-01-01T00:00:00Z");

/** An instance with the timeline of its states, past and future. */
export class SimulatedInstance {
  readonly #timeline: StateChange[];
  /** Its tags now: someone may set one at any time. */
  readonly tags: Record<string, string>;
  /** The number of starts and stops that changed its state. */
  changes = 0;

  constructor(
    readonly spec: InstanceSpec,
    now: number,
  ) {
    this.tags = { ...spec.tags };
    const { state = "running" } = spec;
    const stopped = state === "stopped" || state === "stopping";
    this.#timeline = [{ at: Number.NEGATIVE_INFINITY, state, ...(stopped ? { reason: BY_USER } : {}) }];
    if (state === "stopping")
      this.#timeline.push({ at: now + this.stopMs, state: "stopped", reason: BY_USER });
    if (state === "pending") this.#timeline.push({ at: now + this.startMs, state: "running" });
  }

  get startMs(): number {
    return this.spec.startMs ?? 8_000;
  }

  get stopMs(): number {
    return this.spec.stopMs ?? 20_000;
  }

  at(time: number): StateChange {
    return this.#timeline.findLast((change) => change.at <= time) ?? { at: time, state: "unknown" };
  }

  /** Returns since when it runs: negative infinity if always, positive infinity if it does not. */
  runningSince(time: number): number {
    const { at, state } = this.at(time);
    return state === "running" ? at : Number.POSITIVE_INFINITY;
  }

  /** Returns when EC2 last launched it. */
  launchedAt(time: number): number {
    const launch = this.#timeline.findLast(({ at, state }) => at <= time && state === "pending");
    return launch && Number.isFinite(launch.at) ? launch.at : LAUNCHED_LONG_AGO;
  }

  /** EC2's dated reason of its last stop by a call; empty where it has no time. */
  transitionReason(time: number): string {
    const { state, reason } = this.at(time);
    const stop = this.#timeline.findLast((change) => change.at <= time && change.state === "stopping");
    if (state === "running" || state === "pending" || reason !== BY_USER || !stop) return "";
    if (!Number.isFinite(stop.at)) return "User initiated";
    return `User initiated (${new Date(stop.at).toISOString().slice(0, 19).replace("T", " ")} GMT)`;
  }

  /** Its final state, if nothing changes it. */
  get finalState(): string {
    return this.at(Number.POSITIVE_INFINITY).state;
  }

  start(now: number): void {
    if (this.at(now).state !== "stopped") return;
    this.changes++;
    const { fallsBack } = this.spec;
    this.#timeline.push({ at: now, state: "pending" });
    const next: StateChange = { at: now + this.startMs, state: "running" };
    this.#timeline.push(fallsBack ? { ...next, state: "stopped", reason: fallsBack } : next);
  }

  stop(now: number): void {
    const { state } = this.at(now);
    if (state !== "running" && state !== "pending") return;
    this.changes++;
    while ((this.#timeline.at(-1)?.at ?? 0) > now) this.#timeline.pop();
    this.#timeline.push({ at: now, state: "stopping", reason: BY_USER });
    this.#timeline.push({ at: now + this.stopMs, state: "stopped", reason: BY_USER });
  }
}
