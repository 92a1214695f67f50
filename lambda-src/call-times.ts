import type { Clock } from "./runtime";

/** How much longer than measured a call may take. */
const SAFETY_FACTOR = 1.25;

type CallKind = "read" | "change";

interface Measurement {
  /** The number of instances in the answer. */
  readonly instances: number;
  readonly milliseconds: number;
}

/**
 * Measures the EC2 calls of a run in all its regions, and predicts from them whether another call would end before the
 * deadline. With Lambda's share of a CPU, reading the answer about 1,000 instances takes seconds, in which no timer runs: a
 * call that is begun too late cannot be ended, and Lambda would end the run before its report.
 */
export class CallTimes {
  readonly #measured: Readonly<Record<CallKind, Measurement[]>> = { read: [], change: [] };
  /** The predicted lengths of the calls under way, which share one thread. */
  readonly #running = new Map<AbortSignal, number>();
  #lastEnd = Number.NEGATIVE_INFINITY;

  constructor(
    readonly clock: Clock,
    readonly deadline: number,
  ) {}

  /** Measures a call about at most `instances`; `signal` is aborted when the call is over or given up. */
  async measure<T>(
    { kind, instances, signal }: { kind: CallKind; instances: number; signal: AbortSignal },
    call: () => Promise<T>,
    countInstances: (answer: T) => number,
  ): Promise<T> {
    if (this.timeToStart(kind, instances) < 0) throw new OutOfTimeError(this.#predict(kind, instances));
    this.#running.set(signal, this.#predict(kind, instances));
    signal.addEventListener("abort", () => this.#running.delete(signal), { once: true });
    const begun = this.clock.now();
    const answer = await call();
    const ended = this.clock.now();
    // The time until another call's answer was read belongs to that call.
    const milliseconds = ended - Math.max(begun, this.#lastEnd);
    this.#lastEnd = ended;
    this.#measured[kind].push({ instances: countInstances(answer), milliseconds });
    return answer;
  }

  /** Returns the milliseconds for which a call about at most `instances` can still wait; negative if it is too late. */
  timeToStart(kind: CallKind, instances: number): number {
    const running = [...this.#running.values()].reduce((sum, milliseconds) => sum + milliseconds, 0);
    const expected = (running + this.#predict(kind, instances)) * SAFETY_FACTOR;
    return this.deadline - this.clock.now() - expected;
  }

  /**
   * Predicts the length of a call: that of the smallest measured one about at least as many instances. A change whose like
   * was not measured takes as long as a read at most, since its answer says less.
   */
  #predict(kind: CallKind, instances: number): number {
    const measured = this.#measured[kind];
    const larger = measured.filter((one) => one.instances >= instances);
    if (kind === "change" && larger.length === 0) return this.#predict("read", instances);
    const size = Math.min(...larger.map((one) => one.instances));
    const comparable = larger.length > 0 ? larger.filter((one) => one.instances === size) : measured;
    return Math.max(0, ...comparable.map(({ milliseconds }) => milliseconds));
  }
}

/** The time left is too short for another call. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";

  constructor(milliseconds: number) {
    super(
      `too little time is left to read another answer: one took ${(milliseconds / 1000).toFixed(1)} s (memoryMb gives the function more CPU, timeoutSeconds more time)`,
    );
  }
}
