import type {
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  Instance,
} from "@aws-sdk/client-ec2";
import type { Action } from "../contract/actions";
import { INSTANCES_PER_PAGE } from "../contract/instance-search";
import { UnreadableAnswer } from "./answers";
import { type CallTimes, OutOfTimeError } from "./call-times";
import type { Ec2Api } from "./ec2-client";
import { type AwsFault, isTransient, readFault } from "./faults";
import type { Clock } from "./runtime";

/** The number of EC2 calls by kind, retries included. */
export interface CallCounts {
  describe: number;
  start: number;
  stop: number;
}

interface ChangeOptions {
  readonly hibernate: boolean;
  readonly dryRun: boolean;
  /** Whether EC2 could not handle an earlier request for the same instances. */
  readonly isRepeated: boolean;
}

interface InstancePage {
  readonly instances: readonly Instance[];
  readonly nextToken: string | undefined;
}

/** The EC2 calls of one region in one run, with retries within the run's time. */
export interface Ec2Calls {
  readonly counts: Readonly<CallCounts>;
  readonly times: CallTimes;
  describe(input: DescribeInstancesCommandInput): Promise<InstancePage>;
  /** Requests the change; returns the state of each instance after it, by id. */
  change(
    action: Action,
    instanceIds: readonly string[],
    options: ChangeOptions,
  ): Promise<Map<string, string>>;
}

/** Retries of a change end early enough to read its effect afterwards. */
const MAX_CHANGE_TIME_SHARE = 0.6;
/** Those of a repeated change end early enough for the other parts of the same request. */
const MAX_REPEATED_MS = 10_000;

export function makeEc2Calls(api: Ec2Api, random: () => number, times: CallTimes): Ec2Calls {
  const { clock, deadline } = times;
  const counts: CallCounts = { describe: 0, start: 0, stop: 0 };
  return {
    counts,
    times,
    async describe(input) {
      const atMost = input.InstanceIds?.length ?? input.MaxResults ?? INSTANCES_PER_PAGE;
      const output = await withRetry(
        (signal) =>
          times.measure(
            { kind: "read", instances: atMost, signal },
            () => {
              counts.describe++;
              return api.describeInstances(input, signal);
            },
            (answer) => instancesOf(answer).length,
          ),
        { clock, random, until: deadline },
      );
      if (output.Reservations === undefined)
        throw new UnreadableAnswer("expected reservations, got none", 200);
      return { instances: instancesOf(output), nextToken: output.NextToken || undefined };
    },
    async change(action, instanceIds, { hibernate, dryRun, isRepeated }) {
      const now = clock.now();
      const share = (deadline - now) * MAX_CHANGE_TIME_SHARE;
      const input = { InstanceIds: [...instanceIds], ...(dryRun ? { DryRun: true } : {}) };
      const changes = await withRetry(
        (signal) =>
          times.measure(
            { kind: "change", instances: instanceIds.length, signal },
            async () => {
              counts[action]++;
              if (action === "start") return (await api.startInstances(input, signal)).StartingInstances;
              return (
                await api.stopInstances({ ...input, ...(hibernate ? { Hibernate: true } : {}) }, signal)
              ).StoppingInstances;
            },
            (changed) => changed?.length ?? 0,
          ),
        {
          clock,
          random,
          until: now + (isRepeated ? Math.min(share, MAX_REPEATED_MS) : share),
          // EC2's rate has room for fewer instances, so the same call would be refused again.
          isRetried: ({ kind }) => kind === "ambiguous",
        },
      );
      return new Map(
        (changes ?? []).map((change) => [change.InstanceId ?? "", change.CurrentState?.Name ?? ""]),
      );
    },
  };
}

function instancesOf({ Reservations = [] }: DescribeInstancesCommandOutput): Instance[] {
  return Reservations.flatMap((reservation) => reservation.Instances ?? []);
}

export interface RetryOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  /** The time at which all attempts end. */
  readonly until: number;
  /** @default transient errors */
  readonly isRetried?: (fault: AwsFault) => boolean;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
const MIN_ATTEMPT_MS = 2_000;
const MAX_ATTEMPT_MS = 20_000;

/**
 * Retries transient errors (throttling, server errors, lost connections, timeouts) until its time is over. If a refusal
 * for the rate is not retried, the error of an earlier attempt is thrown, since that one may have taken effect.
 */
export async function withRetry<T>(
  attempt: (abort: AbortSignal) => Promise<T>,
  { clock, random, until, isRetried = isTransient }: RetryOptions,
): Promise<T> {
  let lastError: unknown;
  for (let tries = 0; ; tries++) {
    try {
      return await withTimeout(attempt, attemptMs(until - clock.now()), clock);
    } catch (error) {
      if (error instanceof OutOfTimeError) throw lastError ?? error;
      const fault = readFault(error);
      if (!isRetried(fault)) throw fault.kind === "throttled" ? (lastError ?? error) : error;
      lastError = error;
      const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** tries) * (0.5 + random() / 2);
      if (clock.now() + delay >= until) throw error;
      await clock.sleep(delay);
    }
  }
}

/** Limits one attempt, so that one without an answer does not use up the time of the others. */
function attemptMs(remaining: number): number {
  return Math.min(remaining, Math.max(MIN_ATTEMPT_MS, Math.min(MAX_ATTEMPT_MS, remaining / 3)));
}

async function withTimeout<T>(
  attempt: (abort: AbortSignal) => Promise<T>,
  milliseconds: number,
  clock: Clock,
): Promise<T> {
  const abort = new AbortController();
  const answered = new AbortController();
  const timeout = clock.sleep(Math.max(0, milliseconds), answered.signal).then((): never => {
    const error = new Error(`no answer within ${Math.round(milliseconds / 100) / 10} s`);
    error.name = "TimeoutError";
    throw error;
  });
  try {
    return await Promise.race([attempt(abort.signal), timeout]);
  } finally {
    answered.abort();
    abort.abort();
    timeout.catch(() => undefined);
  }
}
