import { AwsError } from "../aws/aws-error";
import type { Clock } from "../command-environment";
import type { Status } from "./status";

/** Where the looks are shown. */
export interface WatchScreen {
  show(status: Status, before: Status | undefined): void;
  /** A look that failed; the last one that did not is still what is known. */
  showFailure(message: string): void;
}

export interface WatchOptions {
  readonly look: () => Promise<Status>;
  readonly screen: WatchScreen;
  readonly clock: Clock;
  readonly intervalSeconds: number;
  readonly interrupted: AbortSignal;
}

/**
 * Looks again and again, until it is interrupted. What AWS does not answer once, it may answer the next time.
 *
 * @returns the last look, undefined where that one failed
 * @throws {AwsError} where the first look fails: that is no passing trouble
 */
export async function watch(options: WatchOptions): Promise<Status | undefined> {
  const { look, screen, clock, intervalSeconds, interrupted } = options;
  const interruption = onceAborted(interrupted);
  let known: Status | undefined;
  let last: Status | undefined;
  while (!interrupted.aborted) {
    try {
      const seen = await Promise.race([look(), interruption]);
      if (seen === undefined) break;
      screen.show(seen, known);
      known = last = seen;
    } catch (error) {
      if (known === undefined || !(error instanceof AwsError)) throw error;
      last = undefined;
      screen.showFailure(error.message);
    }
    await clock.sleep(intervalSeconds * 1000, interrupted);
  }
  return last;
}

function onceAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
