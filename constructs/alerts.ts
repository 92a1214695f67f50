import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { type PlannedAlarm, plannedAlarms, type WatchedTrigger } from "../model/alarms";
import type { Names } from "../model/names";
import type { PlannedSchedule } from "../model/plan";
import type { AlertProps } from "../model/props";
import { literal } from "../model/terraform-text";
import type { Account } from "./account";
import { AlertTopic } from "./alert-topic";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { FunctionRole } from "./function-role";
import type { FunctionsByAction } from "./trigger";

export interface AlertsProps {
  readonly alerts: AlertProps;
  readonly names: Names;
  readonly region: string;
  readonly account: Account;
  /**
   * The role of functions that tell the topic, too, what they gave up.
   * @default none does
   */
  readonly publisher?: FunctionRole;
  readonly tags?: Record<string, string>;
}

/** What the alarms are about. */
export interface Watched {
  readonly functions: FunctionsByAction;
  readonly plan: readonly PlannedSchedule[];
  readonly queue: DeadLetterQueue;
  readonly trigger: WatchedTrigger;
  /** Whether starts are followed by checks of what runs on the instances. */
  readonly checks: boolean;
}

/** Alarms on whatever failed, came too late, was given up or did not run, to one topic. */
export class Alerts extends Construct {
  /** ARN of the topic, given or made. */
  readonly topicArn: string;
  readonly #props: AlertsProps;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    this.#props = props;
    const { snsTopicArn, email } = props.alerts;
    this.topicArn = snsTopicArn ?? new AlertTopic(this, "topic", { ...props, email: email ?? "" }).topic.arn;
  }

  /** Adds the alarms. Apart from the topic, which must be there before the functions. */
  watch({ functions, plan, queue, trigger, checks }: Watched): void {
    const functionNames = Object.values(functions).map(
      ({ action, lambda }) => [action, lambda.functionName] as const,
    );
    const alarms = plannedAlarms({
      functionNames: Object.fromEntries(functionNames),
      plan,
      queue: { name: this.#props.names.deadLetterQueue, dimension: queue.queue.name },
      trigger,
      checks,
      missedFirings: this.#props.alerts.missedFirings ?? true,
    });
    for (const alarm of alarms) this.#addAlarm(alarm);
  }

  #addAlarm({ key, settings, tellsRecovery }: PlannedAlarm): void {
    const { names, tags } = this.#props;
    new CloudwatchMetricAlarm(this, key, {
      alarmName: `${names.prefix}-${key}`,
      ...settings,
      alarmDescription: literal(settings.alarmDescription),
      ...(tellsRecovery ? { okActions: [this.topicArn] } : {}),
      alarmActions: [this.topicArn],
      ...(tags ? { tags } : {}),
    });
  }
}
