import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import type { Names } from "../model/names";
import { toJson } from "../model/terraform-text";
import type { Account } from "./account";
import { writeOwnToken } from "./unresolved-text";

/** The longest that SQS keeps a message: two weeks. */
const RETENTION_SECONDS = 1_209_600;

export interface DeadLetterQueueProps {
  readonly names: Names;
  readonly region: string;
  readonly account: Account;
  /** Whether rules deliver to it: they come as a service, where schedules and functions come with their roles. */
  readonly fromRules: boolean;
  /** Names of rules of this config that do not begin with its prefix. */
  readonly adoptedRules: readonly string[];
  readonly tags?: Record<string, string>;
}

/** Keeps the events that a trigger could not deliver and those that a function gave up, encrypted by SQS. */
export class DeadLetterQueue extends Construct {
  readonly queue: SqsQueue;
  /** Its ARN, put together rather than read, so that a plan shows policies before the queue is made. */
  readonly knownArn: string;

  constructor(
    scope: Construct,
    id: string,
    { names, region, account, fromRules, adoptedRules, tags }: DeadLetterQueueProps,
  ) {
    super(scope, id);
    this.knownArn = `${account.arnPrefix("sqs", region)}:${names.deadLetterQueue}`;
    this.queue = new SqsQueue(this, "Resource", {
      name: names.deadLetterQueue,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
      ...(tags ? { tags } : {}),
    });
    if (!fromRules) return;
    // The `*` stands for the names of the schedules: every rule made here begins with this prefix.
    const rules = [`${names.prefix}-*`, ...adoptedRules].map(
      (name) => `${account.arnPrefix("events", region)}:rule/${name}`,
    );
    new SqsQueuePolicy(this, "policy", {
      queueUrl: this.queue.url,
      policy: toJson(rulesMaySend(this.knownArn, rules), writeOwnToken),
    });
  }
}

function rulesMaySend(queueArn: string, ruleArns: readonly string[]): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "KeepUndeliveredEventsOfAnyRuleOfThisConfig",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnLike: { "aws:SourceArn": ruleArns.length === 1 ? ruleArns[0] : ruleArns } },
      },
    ],
  };
}
