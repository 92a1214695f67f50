import { CHECK_DOCUMENT } from "../../contract/actions";
import { chunksOf } from "../../contract/collections";
import { withRetry } from "../ec2-calls";
import { type AwsFault, isTransient, readFault } from "../faults";
import type { Clock } from "../runtime";
import type { InstanceCheck } from "./instance-check";
import type { CommandInvocation } from "./results";
import { type Check, scriptLines, scriptTimeoutSeconds } from "./script";
import type { SsmApi } from "./ssm-client";

/** SSM takes and lists this many instances in one call. */
const INSTANCES_PER_CALL = 50;

/** The agent of an instance as SSM last heard of it. */
export interface Agent {
  readonly online: boolean;
  /** SSM's word for it, such as `ConnectionLost`. */
  readonly pingStatus: string;
  /** `Linux`, `Windows` or `MacOS`. */
  readonly platform: string;
}

/** SSM of one region for one run: retried within the run's time. */
export interface SsmCalls {
  /** The agents that SSM knows of these instances, by id; at most `INSTANCES_PER_CALL`. */
  agents(instanceIds: readonly string[]): Promise<ReadonlyMap<string, Agent>>;
  /** Sends the checks to at most `INSTANCES_PER_CALL` instances; the command's id. */
  send(instanceIds: readonly string[], checks: readonly Check[]): Promise<string>;
  /** The state of a command so far, by instance. */
  invocations(commandId: string): Promise<ReadonlyMap<string, CommandInvocation>>;
}

/** No call that SSM keeps failing on may hold up the others for longer. */
const MAX_CALL_MS = 10_000;
/** How long SSM waits for an agent to take a command; less is not allowed. */
const DELIVERY_TIMEOUT_SECONDS = 30;
const MAX_COMMENT_LENGTH = 100;

export interface SsmCallsOptions {
  readonly api: SsmApi;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  readonly deadline: number;
  /** The comment that SSM's list of commands shows. */
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
      return Command?.CommandId ?? "";
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

/** In parts that one call takes. */
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

/** Records a failed call: a transient error is an obstacle for now, any other is final. */
export function applyFault(instances: readonly InstanceCheck[], action: string, fault: AwsFault): void {
  const reason = describeFault(action, fault);
  for (const instance of instances) {
    if (isTransient(fault)) instance.obstacle = { reason, transient: true };
    else instance.resolveUnchecked(reason);
  }
}

export function describeFault(action: string, { kind, code, message }: AwsFault): string {
  return kind === "denied"
    ? `ssm:${action} is denied (${code}): ${message}`
    : `SSM's ${action} failed with ${code}: ${message}`;
}
