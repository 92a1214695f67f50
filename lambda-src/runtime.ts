import { setTimeout } from "node:timers/promises";
import type { FunctionVariable } from "../contract/request";
import type { Ec2Api } from "./ec2-client";
import type { SsmApi } from "./services/ssm-client";

/** The variables that the function reads: its own, and Lambda's. */
export type Environment = Readonly<
  Partial<Record<FunctionVariable | "AWS_LAMBDA_FUNCTION_NAME", string | undefined>>
>;

/** What the function takes from its environment: settings, clients, clock, chance and output. */
export interface Runtime {
  readonly environment: Environment;
  readonly connect: (region: string) => Ec2Api;
  /** Only a run with `checks` needs it, and only then its client is loaded. */
  readonly connectSsm: (region: string) => Promise<SsmApi>;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  readonly writeLine: (line: string) => void;
}

/** Where the function takes its time from: everything that waits goes through here. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `signal` is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await setTimeout(milliseconds, undefined, signal && { signal });
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
