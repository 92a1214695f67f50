import { setTimeout } from "node:timers/promises";
import type { FunctionVariable } from "../contract/request";
import type { Ec2Api } from "./ec2-client";
import type { EventsApi } from "./notifications/event-client";
import type { SnsApi } from "./notifications/sns-client";
import type { SchedulerApi } from "./scheduler/scheduler-client";
import type { SsmApi } from "./services/ssm-client";

/** The variables that the function reads: its own, and Lambda's. */
export type Environment = Readonly<
  Partial<
    Record<
      FunctionVariable | "AWS_LAMBDA_FUNCTION_NAME" | "AWS_LAMBDA_LOG_LEVEL" | "AWS_REGION",
      string | undefined
    >
  >
>;

/** What the function depends on: settings, AWS clients, clock, random numbers and output. */
export interface Runtime {
  readonly environment: Environment;
  readonly connect: (region: string) => Ec2Api;
  /** Loads the SSM client, which only a run with `checks` needs. */
  readonly connectSsm: (region: string) => Promise<SsmApi>;
  /** Loads the client of EventBridge Scheduler, which only a run that leaves something for later needs. */
  readonly connectScheduler: (region: string) => Promise<SchedulerApi>;
  /** Loads the SNS client, which only a run that publishes to the topic needs. */
  readonly connectSns: (region: string) => Promise<SnsApi>;
  /** Loads the EventBridge client, which only a function with `EVENTS` needs. */
  readonly connectEvents: (region: string) => Promise<EventsApi>;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  readonly writeLine: (line: string) => void;
}

/** Writes one line of JSON to the log. */
export type Log = (entry: object) => void;

/** The time, for everything that reads it or waits. */
export interface Clock {
  /** Returns milliseconds since 1970. */
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
