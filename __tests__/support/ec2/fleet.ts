import type { SsmSpec } from "./ssm";

/** A simulated instance, its nature and its weaknesses. Times in milliseconds. */
export interface InstanceSpec {
  readonly id: string;
  readonly region?: string;
  readonly state?: "pending" | "running" | "stopping" | "stopped" | "terminated";
  readonly tags?: Readonly<Record<string, string>>;
  readonly spot?: "one-time" | "persistent";
  readonly rootDeviceType?: "ebs" | "instance-store";
  readonly instanceType?: string;
  readonly availabilityZone?: string;
  /** `configured` says so in its description; `refused` says nothing and refuses to hibernate. */
  readonly hibernation?: "configured" | "off" | "refused";
  readonly stopProtected?: boolean;
  /** EC2 denies the caller this instance. */
  readonly denied?: boolean;
  /** Starting it is refused for want of capacity. */
  readonly noCapacity?: boolean;
  /** A start is accepted, and then EC2 stops it again. */
  readonly fallsBack?: { readonly code: string; readonly message: string };
  /** EC2 refuses to stop it while it is pending. */
  readonly refusesStopWhilePending?: boolean;
  readonly startMs?: number;
  readonly stopMs?: number;
  /** Managed by SSM, and how. */
  readonly ssm?: SsmSpec;
}

interface Moment {
  readonly at: number;
  readonly state: string;
  readonly reason?: { readonly code: string; readonly message: string };
}

const BY_USER = {
  code: "Client.UserInitiatedShutdown",
  message: "Client.UserInitiatedShutdown: User initiated shutdown",
};

const LAUNCHED_LONG_AGO = Date.parse("2026-01-01T00:00:00Z");

/** One instance with its past and its settled future. */
export class SimulatedInstance {
  readonly #course: Moment[];
  /** How often a start or stop really changed it. */
  changes = 0;

  constructor(
    readonly spec: InstanceSpec,
    now: number,
  ) {
    const { state = "running" } = spec;
    const stopped = state === "stopped" || state === "stopping";
    this.#course = [{ at: Number.NEGATIVE_INFINITY, state, ...(stopped ? { reason: BY_USER } : {}) }];
    if (state === "stopping") this.#course.push({ at: now + this.stopMs, state: "stopped", reason: BY_USER });
    if (state === "pending") this.#course.push({ at: now + this.startMs, state: "running" });
  }

  get startMs(): number {
    return this.spec.startMs ?? 8_000;
  }

  get stopMs(): number {
    return this.spec.stopMs ?? 20_000;
  }

  at(time: number): Moment {
    return this.#course.findLast((moment) => moment.at <= time) ?? { at: time, state: "unknown" };
  }

  /** Since when it has been running: the beginning of time where it always was, the end where it does not run. */
  runningSince(time: number): number {
    const { at, state } = this.at(time);
    return state === "running" ? at : Number.POSITIVE_INFINITY;
  }

  /** When EC2 last launched it. */
  launchedAt(time: number): number {
    const launch = this.#course.findLast(({ at, state }) => at <= time && state === "pending");
    return launch && Number.isFinite(launch.at) ? launch.at : LAUNCHED_LONG_AGO;
  }

  /** The state in which it will come to rest. */
  get destiny(): string {
    return this.at(Number.POSITIVE_INFINITY).state;
  }

  start(now: number): void {
    if (this.at(now).state !== "stopped") return;
    this.changes++;
    const { fallsBack } = this.spec;
    this.#course.push({ at: now, state: "pending" });
    const next: Moment = { at: now + this.startMs, state: "running" };
    this.#course.push(fallsBack ? { ...next, state: "stopped", reason: fallsBack } : next);
  }

  stop(now: number): void {
    const { state } = this.at(now);
    if (state !== "running" && state !== "pending") return;
    this.changes++;
    while ((this.#course.at(-1)?.at ?? 0) > now) this.#course.pop();
    this.#course.push({ at: now, state: "stopping", reason: BY_USER });
    this.#course.push({ at: now + this.stopMs, state: "stopped", reason: BY_USER });
  }
}
