import type { DescribeInstancesCommandInput, Instance } from "@aws-sdk/client-ec2";
import type { Action } from "../schedule/request";
import type { Clock } from "./clock";
import type { Ec2Api } from "./ec2-api";
import { withRetry } from "./retry";

/** How many calls of each kind went to EC2, retries included. */
export interface CallCounts {
  describe: number;
  start: number;
  stop: number;
}

export interface ChangeOptions {
  readonly hibernate: boolean;
  readonly dryRun: boolean;
}

export interface InstancePage {
  readonly instances: readonly Instance[];
  readonly nextToken: string | undefined;
}

/** EC2 of one region for one run: retried within the run's time, and counted. */
export interface Calls {
  readonly counts: Readonly<CallCounts>;
  describe(input: DescribeInstancesCommandInput): Promise<InstancePage>;
  /** Asks for the change; the state of each instance right after, by id. */
  change(
    action: Action,
    instanceIds: readonly string[],
    options: ChangeOptions,
  ): Promise<Map<string, string>>;
}

/** A change that EC2 keeps failing on is given up early enough to look what became of it. */
const CHANGE_SHARE_OF_TIME = 0.6;

export function makeCalls(api: Ec2Api, clock: Clock, random: () => number, deadline: number): Calls {
  const counts: CallCounts = { describe: 0, start: 0, stop: 0 };
  return {
    counts,
    async describe(input) {
      const output = await withRetry(
        (abort) => {
          counts.describe++;
          return api.describeInstances(input, abort);
        },
        { clock, random, until: deadline },
      );
      const instances = (output.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
      return { instances, nextToken: output.NextToken || undefined };
    },
    async change(action, instanceIds, { hibernate, dryRun }) {
      const now = clock.now();
      const input = { InstanceIds: [...instanceIds], ...(dryRun ? { DryRun: true } : {}) };
      const changes = await withRetry(
        async (abort) => {
          counts[action]++;
          if (action === "start") return (await api.startInstances(input, abort)).StartingInstances;
          return (await api.stopInstances({ ...input, ...(hibernate ? { Hibernate: true } : {}) }, abort))
            .StoppingInstances;
        },
        { clock, random, until: now + (deadline - now) * CHANGE_SHARE_OF_TIME },
      );
      return new Map(
        (changes ?? []).map((change) => [change.InstanceId ?? "", change.CurrentState?.Name ?? ""]),
      );
    },
  };
}
