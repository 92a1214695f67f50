import { CHECK_DOCUMENT } from "../../contract/actions";
import { chunksOf } from "../../contract/collections";
import { withRetry } from "../ec2-calls";
import { type AwsFault, describeFault, isTransient, readFault } from "../faults";
import type { Clock } from "../runtime";
import type { InstanceCheck } from "./instance-check";
import type { CommandInvocation } from "./results";
import { type ServiceCheck, scriptLines, scriptTimeoutSeconds } from "./script";
import type { SsmApi } from "./ssm-client";

/** The number of instances that SSM accepts and lists in one call. */
const INSTANCES_PER_CALL = 50;

/** The SSM agent of an instance, as of its last ping. */
export interface Agent {
  readonly online: boolean;
  /** SSM's `PingStatus`, such as `ConnectionLost`. */
  readonly pingStatus: string;
  /** `Linux`, `Windows` or `MacOS`. */
  readonly platform: string;
}

/** The SSM calls of one region in one run, with retries within the run's time. */
export interface SsmCalls {
  /** Reads the registered agents of at most `INSTANCES_PER_CALL` instances, by id. */
  agents(instanceIds: readonly string[]): Promise<ReadonlyMap<string, Agent>>;
  /** Sends the checks to at most `INSTANCES_PER_CALL` instances; returns the command's id. */
  send(instanceIds: readonly string[], checks: readonly ServiceCheck[]): Promise<string>;
  /** Reads the invocations of a command, by instance. */
  invocations(commandId: string): Promise<ReadonlyMap<string, CommandInvocation>>;
}

/** The time of one call with its retries, so that it does not hold up the others. */
const MAX_CALL_MS = 10_000;
/** How long SSM waits for an agent to accept a command; SSM's minimum. */
const DELIVERY_TIMEOUT_SECONDS = 30;
const MAX_COMMENT_LENGTH = 100;

export interface SsmCallsOptions {
  readonly api: SsmApi;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  readonly deadline: number;
  /** The comment of the command in SSM's list. */
  readonly comment: string;
}

export function makeSsmCalls({ api, clock, random, deadline, comment }: SsmCallsOptions): SsmCalls {
  const retried = <T>(call: (abort: AbortSignal) => Promise<T>) =>
    withRetry(call, { clock, random, until: Math.min(deadline, clock.now() + MAX_CALL_MS) });
  return {
    async agents(instanceIds) {
      const input = {
        Filters: [{ Key: "InstanceIds", Values: [...instanceIds] }],
        MaxResults: INSTANCES_PER_CALL,
      };
      const pages = await allPages((next) =>
        retried((abort) => api.describeInstanceInformation({ ...input, ...next }, abort)),
      );
      return new Map(
        pages
          .flatMap(({ InstanceInformationList }) => InstanceInformationList ?? [])
          .map(({ InstanceId = "", PingStatus = "", PlatformType = "" }) => [
            InstanceId,
            { online: PingStatus === "Online", pingStatus: PingStatus, platform: PlatformType },
          ]),
      );
    },
    async send(instanceIds, checks) {
      const { Command } = await retried((abort) =>
        api.sendCommand(
          {
            DocumentName: CHECK_DOCUMENT,
            InstanceIds: [...instanceIds],
            Parameters: {
              commands: scriptLines(checks),
              executionTimeout: [String(scriptTimeoutSeconds(checks))],
            },
            TimeoutSeconds: DELIVERY_TIMEOUT_SECONDS,
            Comment: comment.slice(0, MAX_COMMENT_LENGTH),
          },
          abort,
        ),
      );
      if (!Command?.CommandId) {
        throw Object.assign(new Error("the answer has no command id"), {
          $metadata: { httpStatusCode: 200 },
        });
      }
      return Command.CommandId;
    },
    async invocations(commandId) {
      const input = { CommandId: commandId, Details: true, MaxResults: INSTANCES_PER_CALL };
      const pages = await allPages((next) =>
        retried((abort) => api.listCommandInvocations({ ...input, ...next }, abort)),
      );
      return new Map(
        pages
          .flatMap(({ CommandInvocations }) => CommandInvocations ?? [])
          .map(({ InstanceId = "", Status = "", StatusDetails = "", CommandPlugins = [] }) => [
            InstanceId,
            {
              status: Status,
              statusDetails: StatusDetails,
              output: CommandPlugins.map(({ Output = "" }) => Output).join("\n"),
            },
          ]),
      );
    },
  };
}

async function allPages<T extends { NextToken?: string | undefined }>(
  call: (next: { NextToken?: string }) => Promise<T>,
): Promise<T[]> {
  const pages: T[] = [];
  let next: string | undefined;
  do {
    const page = await call(next ? { NextToken: next } : {});
    pages.push(page);
    next = page.NextToken;
  } while (next);
  return pages;
}

/** Splits a list into batches that one call takes. */
export function batchesOf<T>(list: readonly T[]): T[][] {
  return chunksOf(list, INSTANCES_PER_CALL);
}

type Attempt<T> = { readonly value: T } | { readonly fault: AwsFault };

export async function attempt<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { fault: readFault(error) };
  }
}

/** Records a failed call: a transient error is an obstacle, any other resolves the instances. */
export function applyFault(instances: readonly InstanceCheck[], action: string, fault: AwsFault): void {
  const reason = describeFault(`ssm:${action}`, fault);
  for (const instance of instances) {
    if (isTransient(fault)) instance.obstacle = { reason, transient: true };
    else instance.resolveUnchecked(reason);
  }
}
