// Defaults, bounds and units of the settings, and AWS's limits. The config's schema, the checks, the blueprint, the
// commands and the function read them from here; tests hold the module, the pages and the doc comments to them.

import type { Action } from "./actions";

/** A whole number within bounds. */
export interface WholeNumber {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** Settings of the Lambda functions, in `functions`. */
export const FUNCTION_SETTINGS = {
  timeoutSeconds: { min: 1, max: 900, unit: "seconds", default: 300 },
  // Lambda gives a CPU in proportion to memory. `npm run bench -- memory` measures what that means for a run.
  memoryMb: { min: 128, max: 10_240, unit: "MB", default: 1024 },
  logRetentionDays: {
    /** The values that CloudWatch Logs accepts (PutRetentionPolicy). */
    values: [
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
    default: 30,
  },
  runtime: { default: "nodejs22.x" },
  architecture: { values: ["arm64", "x86_64"], default: "arm64" },
  /** At least one run at a time: none would be a deployment that never does anything. */
  reservedConcurrency: { min: 1, max: 1000, unit: "runs at a time" },
  /** Lambda's levels of log lines, from the most detailed on. */
  logLevel: { values: ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] },
} as const;

export type Architecture = (typeof FUNCTION_SETTINGS.architecture.values)[number];
export type LogLevel = (typeof FUNCTION_SETTINGS.logLevel.values)[number];

/**
 * Subnets and security groups of a function.
 * https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
 */
export const VPC = { maxSubnets: 16, maxSecurityGroups: 5 } as const;

export const NAME = { default: "ec2-start-stop" } as const;
export const TIMEZONE = { default: "UTC" } as const;
export const TRIGGER = { values: ["event-rule", "scheduler"], default: "event-rule" } as const;
export const CODE = { values: ["archive", "zip"], default: "archive" } as const;

/** A run that finds more instances by tags or `all` changes nothing. */
export const MAX_INSTANCES = { min: 1, max: 100_000, unit: "instances", default: 1000 } as const;

/**
 * EC2's token bucket of the instances that calls name, per account and region, shared by all callers: its size, and how
 * many tokens return to it in a second.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
export const INSTANCE_TOKENS = {
  capacity: 1000,
  refillPerSecond: { stop: 20, start: 2 },
} as const;

/** Returns the seconds that EC2 needs at least, from a full bucket on, until so many instances could be named. */
export function leastSeconds(action: Action, instances: number): number {
  const { capacity, refillPerSecond } = INSTANCE_TOKENS;
  return Math.max(0, instances - capacity) / refillPerSecond[action];
}

/** Key of the hold tag. */
export const HOLD_TAG = { default: "ec2-start-stop:hold" } as const;

/**
 * How late a firing may still change anything. At least two minutes: a firing may wait at its trigger and at the function,
 * and AWS's minimum of each event age is one minute.
 */
export const LATEST_MINUTES = { min: 2, max: 1440, unit: "minutes", default: 60 } as const;

/** How long before a stop its warning is published. */
export const WARN_MINUTES = { min: 1, max: 1440, unit: "minutes" } as const;

/** Years that AWS accepts in cron(...), and so those of calendars. */
export const YEARS = { min: 1970, max: 2199 } as const;

/** Service checks of one target: their results must fit the 2,500 characters of output that SSM returns. */
export const MAX_SERVICE_CHECKS = 20;
/** Characters of a check's command: well within a function's environment (4 KB). */
export const MAX_COMMAND_LENGTH = 1024;
export const TCP_PORT = { min: 1, max: 65_535 } as const;

/** EC2's limits of a tag, in Unicode characters. */
export const MAX_TAG_KEY_LENGTH = 128;
export const MAX_TAG_VALUE_LENGTH = 256;
/** Tags of one resource. */
export const MAX_RESOURCE_TAGS = 50;

/** Characters of the names of functions, roles, rules, schedules and groups. */
export const MAX_NAME_LENGTH = 64;
/** Characters of the description of a rule or schedule (PutRule, CreateSchedule). */
export const MAX_DESCRIPTION_LENGTH = 512;
/** Rules on one event bus (EventBridge quota, which can be raised; the default bus is shared by the whole region). */
export const MAX_RULES = 300;
/** Characters of all inline policies of a role together, without white space (IAM quota, fixed). */
export const MAX_ROLE_POLICY_LENGTH = 10_240;
/** Bytes of all environment variables of a function, names and values (Lambda quota, fixed). */
export const MAX_ENVIRONMENT_BYTES = 4096;
/** Characters of a rule target's input template (EventBridge InputTransformer). */
export const MAX_RULE_INPUT_LENGTH = 8192;
/** Bytes of an asynchronous event (Lambda quota), which is what a schedule's input becomes. */
export const MAX_SCHEDULER_INPUT_BYTES = 262_144;
/** Hours of data that CloudWatch evaluates for an alarm with periods of an hour: a week. */
export const MAX_ALARM_HOURS = 168;
