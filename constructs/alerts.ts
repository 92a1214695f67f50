import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { defined } from "../contract/collections";
import type { AlarmSpec } from "../model/alarms";
import type { AlertsSpec, QueueSpec, TopicSpec } from "../model/blueprint";
import type { Account } from "./account";
import type { FunctionRole } from "./function-role";

interface Props<Spec> {
  readonly spec: Spec;
  readonly account: Account;
  readonly tags?: Record<string, string>;
}

export interface AlertsProps extends Props<AlertsSpec> {
  /** Not set for a role of your own. */
  readonly role?: FunctionRole;
}

/** CloudWatch alarms on failed runs, undelivered events and missed firings, with one topic. */
export class Alerts extends Construct {
  /** ARN of the given or created topic. */
  readonly topicArn: string;
  readonly #props: AlertsProps;
  /** Policy and subscription of the created topic, without which an alarm reaches no one. */
  readonly #delivery: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    this.#props = props;
    const { spec } = props;
    const topic = spec.topic && new AlertTopic(this, "topic", { ...props, spec: spec.topic });
    this.topicArn = topic?.topic.arn ?? spec.topicArn;
    this.#delivery = topic ? [topic.policy, topic.subscription] : [];
  }

  /**
   * The created topic (aws_sns_topic).
   * @default undefined with `snsTopicArn` in the props
   */
  get topic(): SnsTopic | undefined {
    return this.node.children.find((child) => child instanceof AlertTopic)?.topic;
  }

  /** All alarms (aws_cloudwatch_metric_alarm), by what follows the prefix in their names, such as `stop-failed`. */
  get alarms(): Readonly<Record<string, CloudwatchMetricAlarm>> {
    const alarms = this.node.children.filter((child) => child instanceof CloudwatchMetricAlarm);
    return Object.fromEntries(alarms.map((alarm) => [alarm.node.id, alarm]));
  }

  /** Adds the alarms, after the functions. The topic must exist before the functions. */
  addAlarms(): void {
    for (const alarm of this.#props.spec.alarms) this.#addAlarm(alarm);
  }

  #addAlarm({ key, name, settings, notifiesRecovery }: AlarmSpec): void {
    const { tags } = this.#props;
    const config =
      "metricQuery" in settings ? { ...settings, metricQuery: [...settings.metricQuery] } : settings;
    new CloudwatchMetricAlarm(this, key, {
      alarmName: name,
      ...config,
      ...(notifiesRecovery ? { okActions: [this.topicArn] } : {}),
      alarmActions: [this.topicArn],
      ...defined({ tags }),
      ...(this.#delivery.length > 0 && { dependsOn: [...this.#delivery] }),
    });
  }
}

interface AlertTopicProps extends Props<TopicSpec> {
  readonly role?: FunctionRole;
}

/** The topic and its KMS key, with their policies and the subscription. */
class AlertTopic extends Construct {
  readonly topic: SnsTopic;
  readonly policy: SnsTopicPolicy;
  readonly subscription: SnsTopicSubscription;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const { spec, account, role } = props;
    const tags = defined({ tags: props.tags });
    const key = new KmsKey(this, "key", {
      description: spec.key.description,
      enableKeyRotation: true,
      policy: account.writer.json(spec.key.policy),
      // KMS refuses a key policy that names a role which does not exist.
      ...(role && spec.key.namesFunctionRole ? { dependsOn: [role.role] } : {}),
      ...tags,
    });
    this.topic = new SnsTopic(this, "Resource", { name: spec.name, kmsMasterKeyId: key.arn, ...tags });
    account.register("alertTopic", this.topic);
    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: this.topic.arn,
      policy: account.writer.json(spec.policy),
    });
    this.subscription = new SnsTopicSubscription(this, "subscription", {
      topicArn: this.topic.arn,
      protocol: "email",
      endpoint: spec.email,
    });
  }
}

/** Dead-letter queue for events that a trigger could not deliver, encrypted by SQS. */
export class DeadLetterQueue extends Construct {
  readonly queue: SqsQueue;
  /** Set for rules, which send to the queue as a service. */
  readonly policy?: SqsQueuePolicy;

  constructor(scope: Construct, id: string, { spec, account, tags }: Props<QueueSpec>) {
    super(scope, id);
    this.queue = new SqsQueue(this, "Resource", {
      name: spec.name,
      messageRetentionSeconds: spec.retentionSeconds,
      sqsManagedSseEnabled: true,
      ...defined({ tags }),
    });
    account.register("deadLetterQueue", this.queue);
    if (spec.policy) {
      this.policy = new SqsQueuePolicy(this, "policy", {
        queueUrl: this.queue.url,
        policy: account.writer.json(spec.policy),
      });
    }
  }
}
