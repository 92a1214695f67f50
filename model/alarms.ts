import { ACTIONS, type Action } from "../contract/actions";
import { MAX_ALARM_HOURS } from "../contract/limits";
import { alarmMetric, type MetricDimensions } from "../contract/metrics";
import { FiringSample } from "./firing-gaps";
import type { PlannedSchedule } from "./plan";
import type { TextWriter } from "./terraform-text";

const FIVE_MINUTES_SECONDS = 300;
const HOUR_SECONDS = 3600;

/** How late AWS may publish a metric. SQS takes up to 15 minutes for a queue that was inactive. */
const MAX_METRIC_DELAY_SECONDS = 900;

/** One alarm, without its topic. */
export interface AlarmSpec {
  /** Name without the prefix, such as `stop-failed`. */
  readonly key: string;
  readonly name: string;
  readonly settings: AlarmSettings;
  /** Whether the topic is also notified when the alarm returns to OK. */
  readonly notifiesRecovery: boolean;
}

/**
 * Settings as in CloudWatch, of one metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
interface AlarmSettings {
  readonly alarmDescription: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "SampleCount";
  /** Period in seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  /** Default: all of `evaluationPeriods`. */
  readonly datapointsToAlarm?: number;
  readonly threshold: number;
  readonly comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly treatMissingData: "breaching" | "notBreaching";
}

/** Key of the alarm on what triggers could not deliver. */
export const DEAD_LETTERS_ALARM = "dead-letters";

/** An alarm whose name is not derived from its key yet. */
type AlarmDraft = Pick<AlarmSpec, "key" | "settings"> & { readonly notifiesRecovery?: true };

export interface AlarmInput {
  /** Begins the alarms' names. */
  readonly scope: string;
  /** Names of the functions by action, stop first. They may be tokens. */
  readonly functionNames: Readonly<Partial<Record<Action, string>>>;
  /** Timeout of the functions. */
  readonly timeoutSeconds: number;
  readonly plan: readonly PlannedSchedule[];
  /** The dead-letter queue: its name for texts, and as the dimension of its metric, where it may be a token. */
  readonly queue: { readonly name: string; readonly dimension: string };
  /** Whether each schedule has an alarm on missed firings. */
  readonly missedFirings: boolean;
}

/** Returns the alarms on failed runs, undelivered events and missed firings. Each fault raises one of them. */
export function alarmsOf(input: AlarmInput, writer: TextWriter): AlarmSpec[] {
  return alarmDrafts(input).map(({ key, settings, notifiesRecovery = false }) => ({
    key,
    name: `${input.scope}${key}`,
    settings: { ...settings, alarmDescription: writer.text(settings.alarmDescription) },
    notifiesRecovery,
  }));
}

function alarmDrafts({ functionNames, plan, queue, ...options }: AlarmInput): AlarmDraft[] {
  const enabled = plan.filter((planned) => planned.enabled);
  return [
    ...ACTIONS.flatMap((action) => {
      const name = functionNames[action];
      return name === undefined ? [] : [failureAlarm(action, name, options.timeoutSeconds)];
    }),
    deadLetterAlarm(queue),
    ...(options.missedFirings
      ? enabled.flatMap((planned) => missedFiringAlarm(planned, functionNames[planned.action]) ?? [])
      : []),
  ];
}

/**
 * Lambda counts an event as dropped once its last retry has failed, timed out or was throttled, or its age is over. What a
 * retry mends is not counted, and neither are runs by hand, which are synchronous.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
function failureAlarm(action: Action, FunctionName: string, timeoutSeconds: number): AlarmDraft {
  return {
    key: `${action}-failed`,
    settings: {
      alarmDescription: `A ${action} has failed, and so have its retries. Find out why: ec2-start-stop logs --failed.`,
      namespace: "AWS/Lambda",
      metricName: "AsyncEventsDropped",
      dimensions: { FunctionName },
      // Lambda dates its metrics to the beginning of a run.
      ...oneWithin(timeoutSeconds + MAX_METRIC_DELAY_SECONDS),
    },
  };
}

/** Only triggers send to the queue. Arrivals are counted, since messages that stay would hide the next one. */
function deadLetterAlarm({ name, dimension }: AlarmInput["queue"]): AlarmDraft {
  return {
    key: DEAD_LETTERS_ALARM,
    settings: {
      alarmDescription: `A firing did not reach its function: its event is in the queue ${name}. Find out why: ec2-start-stop doctor.`,
      namespace: "AWS/SQS",
      metricName: "NumberOfMessagesSent",
      dimensions: { QueueName: dimension },
      ...oneWithin(MAX_METRIC_DELAY_SECONDS),
    },
  };
}

/** One is enough in periods that look back this far, so that data which arrives late is seen. */
function oneWithin(seconds: number) {
  return {
    statistic: "Sum",
    period: FIVE_MINUTES_SECONDS,
    evaluationPeriods: Math.ceil(seconds / FIVE_MINUTES_SECONDS) + 1,
    datapointsToAlarm: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    // These metrics have data only where there is something to count.
    treatMissingData: "notBreaching",
  } as const;
}

/** Whether a schedule fires often and regularly enough for an alarm on missed firings. */
export function canWatchFirings(planned: PlannedSchedule): boolean {
  return alarmHours(planned) !== undefined;
}

/** Hours without a run after which a firing was missed; undefined where no alarm can look back as far. */
function alarmHours({ schedule, latestMinutes }: PlannedSchedule): number | undefined {
  const gap = FiringSample.of(schedule).longestGapHours();
  if (gap === undefined) return undefined;
  // One hour more because periods begin at full hours, and the minutes that a run may be late.
  const hours = gap + 1 + Math.ceil(latestMinutes / 60);
  return hours > MAX_ALARM_HOURS ? undefined : hours;
}

/** Every run writes its metrics, including zeros, so their sample count is the number of runs. */
function missedFiringAlarm(
  planned: PlannedSchedule,
  functionName: string | undefined,
): AlarmDraft | undefined {
  const hours = alarmHours(planned);
  if (hours === undefined || functionName === undefined) return undefined;
  return {
    key: `missed-${planned.name}`,
    settings: {
      alarmDescription: `The schedule ${planned.name} has not run for ${hours} hours. Alarms once after the first deployment, until the first run.`,
      ...alarmMetric("LateRequests"),
      dimensions: dimensionsOf({
        FunctionName: functionName,
        Action: planned.action,
        Schedule: planned.name,
      }),
      statistic: "SampleCount",
      period: HOUR_SECONDS,
      evaluationPeriods: hours,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    },
    notifiesRecovery: true,
  };
}

function dimensionsOf(dimensions: MetricDimensions): Record<string, string> {
  return { ...dimensions };
}
