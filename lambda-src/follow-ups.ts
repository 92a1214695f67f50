import type { FollowUpReport } from "../contract/report";
import type { Candidate } from "./candidate";
import { changesNothing, type FollowUpDeployment } from "./request";
import type { Deferral, FollowUpWriter, WriterOptions } from "./scheduler";

/** The follow-ups that a run writes, and the comparison with the schedules that a follow-up begins with. */
export interface FollowUps {
  /** Whether this run may leave anything for later. */
  readonly enabled: boolean;
  readonly written: readonly FollowUpReport[];
  /** Writes a follow-up for instances: resolves them as deferred, or as failed if it cannot be written. */
  defer(candidates: readonly Candidate[], why: Deferral): Promise<void>;
  /** Writes a follow-up for the end of each hold; holds without an end get none. */
  awaitHolds(candidates: readonly Candidate[]): Promise<void>;
  /**
   * In a follow-up, resolves the instances that the schedules want otherwise by now as skipped. Returns when the first
   * opposite firing of the others comes, in milliseconds since 1970; infinity where none is known.
   */
  recheck(candidates: readonly Candidate[]): Promise<number>;
}

/** A run of a deployment without follow-ups leaves nothing for later. */
type FollowUpsOptions = Omit<WriterOptions, "deployment"> & {
  readonly deployment: FollowUpDeployment | undefined;
};

/** The follow-ups of a run that leaves nothing for later. */
function noFollowUps(why: string): FollowUps {
  return {
    enabled: false,
    written: [],
    async defer(candidates, deferral) {
      if (deferral.kind === "capacity") return;
      for (const candidate of candidates) candidate.resolve("failed", `${deferral.reason}; ${why}`);
    },
    awaitHolds: async () => undefined,
    recheck: async () => Number.POSITIVE_INFINITY,
  };
}

/** The follow-ups of a deployment without them. */
export const NO_FOLLOW_UPS = noFollowUps("`followUps: true` would go on with it later");

/** Returns the follow-ups of a run. A request by hand, which names no firing, leaves nothing for later. */
export function makeFollowUps(options: FollowUpsOptions): FollowUps {
  const { request, deployment } = options;
  if (deployment === undefined) return NO_FOLLOW_UPS;
  if (changesNothing(request)) return noFollowUps("a request that changes nothing leaves nothing for later");
  if (request.scheduledTime === undefined && request.followUp === undefined)
    return noFollowUps("only firings are gone on with later, not requests by hand");
  return new LazyFollowUps({ ...options, deployment });
}

/** Loads the writer, with its client and the schedules' code, when a run first needs it. */
class LazyFollowUps implements FollowUps {
  readonly enabled = true;
  readonly #options: WriterOptions;
  readonly written: FollowUpReport[] = [];
  #writer: Promise<FollowUpWriter> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  async defer(candidates: readonly Candidate[], why: Deferral): Promise<void> {
    if (candidates.length > 0) await (await this.#load()).defer(candidates, why);
  }

  async awaitHolds(candidates: readonly Candidate[]): Promise<void> {
    const held = candidates.filter(({ heldUntil }) => heldUntil !== undefined);
    if (held.length > 0) await (await this.#load()).awaitHolds(held);
  }

  async recheck(candidates: readonly Candidate[]): Promise<number> {
    const { followUp } = this.#options.request;
    if (!followUp || candidates.length === 0) return Number.POSITIVE_INFINITY;
    return (await this.#load()).recheck(candidates, followUp);
  }

  #load(): Promise<FollowUpWriter> {
    this.#writer ??= import("./scheduler").then(
      ({ FollowUpWriter }) => new FollowUpWriter(this.#options, this.written),
    );
    return this.#writer;
  }
}
