import type { FollowUpReport } from "../contract/report";
import type { Candidate } from "./candidate";
import type { FollowUpDeployment, RunRequest } from "./request";
import type { Runtime } from "./runtime";

/** Why instances are left for later. */
export type Deferral =
  | {
      readonly kind: "resume";
      /** The earliest useful time, in milliseconds since 1970. */
      readonly at: number;
      /** What the report says of each instance. */
      readonly reason: string;
    }
  /** The contract says when, and the report keeps the reason with which each has failed. */
  | { readonly kind: "capacity" };

/** What a run leaves for later, and what a follow-up asks the schedules when it wakes. */
export interface FollowUps {
  /** Whether this run may leave anything for later. */
  readonly enabled: boolean;
  readonly written: readonly FollowUpReport[];
  /** Leaves instances for later: resolves them as deferred, or as failed if that is impossible. */
  defer(candidates: readonly Candidate[], why: Deferral): Promise<void>;
  /** Has instances looked at again once their holds end; those without an end are left alone. */
  awaitHolds(candidates: readonly Candidate[]): Promise<void>;
  /** Resolves as skipped what the schedules want otherwise by now, if this run is a follow-up. */
  recheck(candidates: readonly Candidate[]): Promise<void>;
}

export interface FollowUpsOptions {
  readonly request: RunRequest;
  readonly deployment: FollowUpDeployment | undefined;
  /** ARN by which the function was invoked, which its follow-ups invoke again. */
  readonly functionArn: string;
  /** Lambda's request id. */
  readonly requestId: string;
  readonly deadline: number;
  readonly runtime: Pick<Runtime, "clock" | "random" | "connectScheduler">;
}

/** Those of a run that may leave something for later. */
export type WriterOptions = FollowUpsOptions & { readonly deployment: FollowUpDeployment };

/** The follow-ups of a run that leaves nothing for later. */
export function noFollowUps(why: string): FollowUps {
  return {
    enabled: false,
    written: [],
    async defer(candidates, deferral) {
      if (deferral.kind === "capacity") return;
      for (const candidate of candidates) candidate.resolve("failed", `${deferral.reason}; ${why}`);
    },
    awaitHolds: async () => undefined,
    recheck: async () => undefined,
  };
}

/** The follow-ups of a deployment without them. */
export const NO_FOLLOW_UPS = noFollowUps("`followUps: true` would go on with it later");
