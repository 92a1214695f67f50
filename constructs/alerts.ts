import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Account } from "./account";
import { AlertTopic } from "./alert-topic";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { FunctionRole } from "./function-role";
import { literal } from "./literal";
import type { Names } from "./names";
import type { PlannedSchedule } from "./plan";
import type { AlertProps } from "./props";
import { Timed } from "./spacing";
import type { StartStopFunction } from "./start-stop-function";
import { type FunctionsByAction, functionOf } from "./trigger";

/** Namespace of the metrics that the functions write into their logs. */
const METRICS_NAMESPACE = "Ec2StartStop";

const FIVE_MINUTES = 300;
const HOUR = 3600;
/** CloudWatch looks back a week at most for an alarm with periods of an hour or more. */
const MAX_HOURS = 168;
/** Metrics that one alarm may add up (CloudWatch metric math). */
const MAX_METRICS = 10;

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
  /** What triggers: the rules by name, or the group of the schedules. */
  readonly trigger: { readonly ruleNames: readonly string[] } | { readonly scheduleGroup: string };
  /** Whether starts are followed by checks of what runs on the instances. */
  readonly checks: boolean;
}

/** A metric without its namespace: name and dimensions. */
interface Metric {
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
}

type AlarmSettings = Omit<CloudwatchMetricAlarmConfig, "alarmName" | "alarmActions" | "tags"> & {
  readonly alarmDescription: string;
};

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
    for (const each of Object.values(functions)) {
      this.#watchFunction(each, checks && each.action === "start");
    }
    if ("scheduleGroup" in trigger) this.#watchScheduleGroup(trigger.scheduleGroup);
    else this.#watchRules(trigger.ruleNames);
    this.#watchQueue(queue);
    if (this.#props.alerts.missedFirings ?? true) {
      for (const planned of plan.filter(({ enabled }) => enabled)) this.#watchFirings(planned, functions);
    }
  }

  #watchFunction({ action, lambda }: StartStopFunction, checks: boolean): void {
    const dimensions = { FunctionName: lambda.functionName };
    this.#addAlarm(`${action}-failed`, {
      alarmDescription: `A ${action} failed or could not be confirmed; the function's log says which instances and why.`,
      ...(checks
        ? { metricQuery: errorsButLooksAgain(dimensions), ...ALARM_ON_ONE }
        : { namespace: "AWS/Lambda", metricName: "Errors", dimensions, ...AT_LEAST_ONE }),
    });
    if (checks) this.#watchServices(dimensions);
    this.#addAlarm(`${action}-late`, {
      alarmDescription: `A ${action} came too late to change anything, so its instances were left as they are.`,
      namespace: METRICS_NAMESPACE,
      metricName: "Late",
      dimensions,
      ...AT_LEAST_ONE,
    });
  }

  #watchServices(dimensions: Record<string, string>): void {
    this.#addAlarm("start-services", {
      alarmDescription:
        "Services do not run after a start; a message of its own says which on what instance, as does the function's log.",
      namespace: METRICS_NAMESPACE,
      metricName: "ServicesFailed",
      dimensions,
      ...AT_LEAST_ONE,
    });
  }

  #watchRules(ruleNames: readonly string[]): void {
    for (let first = 0; first < ruleNames.length; first += MAX_METRICS) {
      const names = ruleNames.slice(first, first + MAX_METRICS);
      const metrics = names.map((RuleName) => ({
        metricName: "FailedInvocations",
        dimensions: { RuleName },
      }));
      this.#addAlarm(`rules-failed-${first / MAX_METRICS + 1}`, {
        alarmDescription: `A rule could not invoke its function: ${names.join(", ")}.`.slice(0, 1024),
        metricQuery: addedUp("AWS/Events", metrics),
        ...ALARM_ON_ONE,
      });
    }
  }

  #watchScheduleGroup(ScheduleGroup: string): void {
    const metrics = ["InvocationDroppedCount", "TargetErrorCount"].map((metricName) => ({
      metricName,
      dimensions: { ScheduleGroup },
    }));
    this.#addAlarm("schedules-failed", {
      alarmDescription: "EventBridge Scheduler could not invoke a function, or gave up a firing.",
      metricQuery: addedUp("AWS/Scheduler", metrics),
      ...ALARM_ON_ONE,
    });
  }

  #watchQueue({ queue }: DeadLetterQueue): void {
    this.#addAlarm("given-up", {
      alarmDescription: `Events were given up and wait in the queue ${this.#props.names.deadLetterQueue}.`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      ...AT_LEAST_ONE,
      statistic: "Maximum",
    });
  }

  /** Every run writes its metrics, zeros too: their number tells whether the schedule ran at all. */
  #watchFirings(planned: PlannedSchedule, functions: FunctionsByAction): void {
    const gap = new Timed(planned.schedule).longestGapHours();
    if (gap === undefined) return;
    // An hour for the periods' own borders, and what a firing may be late.
    const hours = gap + 1 + Math.ceil(planned.latestMinutes / 60);
    if (hours > MAX_HOURS) return;
    const { lambda } = functionOf(planned, functions);
    this.#addAlarm(`missed-${planned.name}`, {
      alarmDescription: `The schedule ${planned.name} has not run for ${hours} hours. Expected once after it was first deployed, until its first firing.`,
      namespace: METRICS_NAMESPACE,
      metricName: "Late",
      dimensions: { FunctionName: lambda.functionName, Action: planned.action, Schedule: planned.name },
      statistic: "SampleCount",
      period: HOUR,
      evaluationPeriods: hours,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      okActions: [this.topicArn],
    });
  }

  #addAlarm(key: string, settings: AlarmSettings): void {
    const { names, tags } = this.#props;
    new CloudwatchMetricAlarm(this, key, {
      alarmName: `${names.prefix}-${key}`,
      ...settings,
      alarmDescription: literal(settings.alarmDescription),
      alarmActions: [this.topicArn],
      ...(tags ? { tags } : {}),
    });
  }
}

/** These metrics as one, where those that wrote nothing count as zero. */
function addedUp(namespace: string, metrics: readonly Metric[]): CloudwatchMetricAlarmMetricQuery[] {
  return [
    { id: "total", expression: "SUM(FILL(METRICS(), 0))", label: "Failed", returnData: true },
    ...metrics.map((metric, index) => ({
      id: `m${index + 1}`,
      metric: { namespace, ...metric, period: FIVE_MINUTES, stat: "Sum" },
    })),
  ];
}

/** A run that only asks to look again, since services are still coming up, ends in an error, but is none. */
function errorsButLooksAgain(dimensions: Record<string, string>): CloudwatchMetricAlarmMetricQuery[] {
  const query = (id: string, namespace: string, metricName: string) => ({
    id,
    metric: { namespace, metricName, dimensions, period: FIVE_MINUTES, stat: "Sum" },
  });
  return [
    { id: "failed", expression: "FILL(errors, 0) - FILL(again, 0)", label: "Failed", returnData: true },
    query("errors", "AWS/Lambda", "Errors"),
    query("again", METRICS_NAMESPACE, "LookAgain"),
  ];
}

const ALARM_ON_ONE = {
  evaluationPeriods: 1,
  threshold: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  // These metrics exist only while something happens.
  treatMissingData: "notBreaching",
} as const;

const AT_LEAST_ONE = { ...ALARM_ON_ONE, statistic: "Sum", period: FIVE_MINUTES } as const;
