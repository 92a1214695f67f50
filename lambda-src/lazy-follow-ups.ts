import type { FollowUpReport } from "../contract/report";
import type { Candidate } from "./candidate";
import {
  type Deferral,
  type FollowUps,
  type FollowUpsOptions,
  NO_FOLLOW_UPS,
  noFollowUps,
  type WriterOptions,
} from "./follow-ups";
import { changesNothing } from "./request";
import type { FollowUpWriter } from "./scheduler";

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

  async recheck(candidates: readonly Candidate[]): Promise<void> {
    const { followUp } = this.#options.request;
    if (followUp && candidates.length > 0) (await this.#load()).recheck(candidates, followUp);
  }

  #load(): Promise<FollowUpWriter> {
    this.#writer ??= import("./scheduler").then(
      ({ FollowUpWriter }) => new FollowUpWriter(this.#options, this.written),
    );
    return this.#writer;
  }
}
