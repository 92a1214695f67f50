import { isPassing } from "../aws/passing-fault";
import type { CommandEnvironment } from "../command-environment";
import type { RunFollower } from "../runs/follow-runs";
import type { FunctionRun } from "../runs/function-run";

const EVERY_MS = 5_000;
const SLOWEST_MS = 60_000;
/** About a quarter of an hour of faults: then it is no passing one. */
const MOST_FAULTS = 20;

/** What a look at a function's log came to. */
export interface FollowedLog {
  readonly functionName: string;
  /** undefined: there is no log group. */
  readonly runs: readonly FunctionRun[] | undefined;
}

/**
 * Looks at the logs every few seconds until it is interrupted; more slowly while AWS throttles or the network is gone.
 * @throws {AwsError} for what does not pass by itself
 */
export async function followLogs(
  followers: readonly RunFollower[],
  show: (logs: readonly FollowedLog[]) => void,
  { clock, interrupted, progress }: Pick<CommandEnvironment, "clock" | "interrupted" | "progress">,
): Promise<void> {
  let faults = 0;
  while (!interrupted.aborted) {
    const looks = await Promise.allSettled(
      followers.map(async (follower) => ({
        functionName: follower.functionName,
        runs: await follower.poll(clock.now()),
      })),
    );
    // What one log gave would be lost if a fault with the other ended it here.
    show(looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : [])));
    const fault = looks.find((look) => look.status === "rejected");
    faults = fault === undefined ? 0 : faults + 1;
    if (fault !== undefined && (!isPassing(fault.reason) || faults > MOST_FAULTS)) throw fault.reason;
    const wait = () => clock.sleep(Math.min(EVERY_MS * 2 ** faults, SLOWEST_MS), interrupted);
    await (fault === undefined ? wait() : progress("CloudWatch Logs does not answer: waiting", wait));
  }
}
