import type { FollowUpKind } from "../contract/follow-ups";
import type { Candidate } from "./candidate";

/** Why instances are left for later. */
export interface Deferral {
  readonly kind: FollowUpKind;
  /** The earliest useful time, in milliseconds since 1970. */
  readonly at: number;
  /** What the report says of each instance. */
  readonly reason: string;
}

/** Leaves instances of a run for later, and resolves them as deferred, or as failed if that is impossible. */
export interface FollowUps {
  /** Whether the deployment has follow-ups. */
  readonly enabled: boolean;
  defer(candidates: readonly Candidate[], why: Deferral): Promise<void>;
}

/** The follow-ups of a deployment without them. */
export const NO_FOLLOW_UPS: FollowUps = {
  enabled: false,
  async defer(candidates, { reason }) {
    for (const candidate of candidates)
      candidate.resolve("failed", `${reason}; \`followUps: true\` would go on with it later`);
  },
};
