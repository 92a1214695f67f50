import type { FollowUpReport } from "../contract/report";
import type { Candidate } from "./candidate";
import { changesNothing, type FollowUpDeployment } from "./request";
import type { Deferral, FollowUpWriter, WriterOptions } from "./scheduler";

/** What a run leaves for later, and what a follow-up asks the schedules when it wakes. */
export interface FollowUps {
  /** Whether this run may leave anything for later. */
  readonly enabled: boolean;
  readonly written: readonly FollowUpReport[];
  /** Leaves instances for later: resolves them as deferred, or as failed if that is impossible. */
  defer(candidates: readonly Candidate[], why: Deferral): Promise<void>;
  /** Has instances looked at again once their holds end; those without an end are left alone. */
  awaitHolds(candidates: readonly Candidate[]): Promise<void>;
  /**
   * Resolves as skipped what the schedules want otherwise by now, if this run is a follow-up. Returns when the first opposite
   * firing of the others comes, in milliseconds since 1970; infinity where none is known.
   */
  recheck(candidates: readonly Candidate[]): Promise<number>;
}

/** Without a deployment's follow-ups, a run leaves nothing for later. */
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

/** Loads the writer, with its client and the schedules' code, once a run has need of it. */
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
