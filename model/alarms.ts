import { ACTIONS, type Action } from "../contract/actions";
import { MAX_ALARM_HOURS } from "../contract/limits";
import {
  FIRING_DELAY_MS,
  FIRING_METRICS,
  FIRING_PERIOD_MS,
  FIRING_STATES,
  METRICS_NAMESPACE,
  type MetricDimensions,
} from "../contract/metrics";
import { HOUR_MS } from "../contract/units";
import { WATCH_LATEST_MINUTES, WATCH_NAME, WATCH_WINDOWS } from "../contract/watch";
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
 * Settings as in CloudWatch: of one metric, or of an expression over several.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
type AlarmSettings = CommonSettings & (MetricSettings | ExpressionSettings);

interface CommonSettings {
  readonly alarmDescription: string;
  readonly evaluationPeriods: number;
  /** Default: all of `evaluationPeriods`. */
  readonly datapointsToAlarm?: number;
  readonly threshold: number;
  readonly comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly treatMissingData: "breaching" | "notBreaching";
}

export interface MetricSettings {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "SampleCount";
  /** Period in seconds. */
  readonly period: number;
}

interface ExpressionSettings {
  /** The expression, which is the one with `returnData`, and the metrics that it names by their ids. */
  readonly metricQuery: readonly (AlarmExpression | AlarmMetric)[];
}

interface AlarmExpression {
  readonly id: string;
  readonly expression: string;
  readonly label: string;
  readonly returnData: true;
}

export interface AlarmMetric {
  readonly id: string;
  readonly metric: Pick<MetricSettings, "namespace" | "metricName" | "dimensions" | "period"> & {
    readonly stat: "Maximum";
  };
}

/** Key of the alarm on what triggers could not deliver. */
export const DEAD_LETTERS_ALARM = "dead-letters";
/** Begins the keys of the alarms on missed firings, which end with the name of a schedule. */
export const MISSED_ALARM_PREFIX = "missed-";

/** An alarm whose name is not derived from its key yet. */
type AlarmDraft = Pick<AlarmSpec, "key" | "settings"> & { readonly notifiesRecovery?: true };

export interface AlarmInput {
  /** Begins the alarms' names. */
  readonly scope: string;
  /** Names of the functions by action, stop first. They may be tokens. */
  readonly functionNames: Readonly<Partial<Record<Action, string>>>;
  /** Timeout of the functions. */
  readonly timeoutSeconds: number;
  /** Schedules whose missed firings raise alarms: those that the watch knows, and rates. */
  readonly watched: readonly PlannedSchedule[];
  readonly rates: readonly PlannedSchedule[];
  /** Action of the function that runs the watch. Not set without a watch. */
  readonly watchAction: Action | undefined;
  /** The dead-letter queue: its name for texts, and as the dimension of its metric, where it may be a token. */
  readonly queue: { readonly name: string; readonly dimension: string };
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

function alarmDrafts({ functionNames, queue, ...options }: AlarmInput): AlarmDraft[] {
  const functionAlarms = ACTIONS.flatMap((action) => {
    const name = functionNames[action];
    return name === undefined ? [] : [failureAlarm(action, name, options.timeoutSeconds)];
  });
  const firingAlarms = [
    ...(options.watchAction === undefined ? [] : [{ name: WATCH_NAME, action: options.watchAction }]),
    ...options.watched,
  ].map((each) => missedFiringAlarm(each, functionNames));
  const rateAlarms = options.rates.flatMap((rate) => missedRateAlarm(rate, functionNames) ?? []);
  return [...functionAlarms, deadLetterAlarm(queue), ...firingAlarms, ...rateAlarms];
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

/** Longest time from the date of a firing's metrics until the watch, as late as it may be, has written all of them. */
const MAX_FIRING_DATA_DELAY_SECONDS =
  (-WATCH_WINDOWS.due.from - FIRING_DELAY_MS) / 1000 + WATCH_LATEST_MINUTES * 60 + MAX_METRIC_DELAY_SECONDS;

/**
 * A firing was missed where the watch has announced it and then found it due, and no run has begun. That both metrics are
 * compared with a value above 0 makes the expression hold whether CloudWatch takes missing data as 0 or as missing.
 */
function missedFiringAlarm(
  of: Pick<PlannedSchedule, "name" | "action">,
  functionNames: AlarmInput["functionNames"],
): AlarmDraft {
  const metric = (metricName: string): AlarmMetric["metric"] => ({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensions: dimensionsOf(of, functionNames),
    period: FIRING_PERIOD_MS / 1000,
    stat: "Maximum",
  });
  const what =
    of.name === WATCH_NAME
      ? "The watch has not run, so missed firings of schedules would go unnoticed"
      : `The schedule ${of.name} has not run at its time`;
  const { statistic: _, period: __, ...settings } = oneWithin(MAX_FIRING_DATA_DELAY_SECONDS);
  return {
    key: `${MISSED_ALARM_PREFIX}${of.name}`,
    settings: {
      alarmDescription: `${what}. Find out why: ec2-start-stop doctor.`,
      metricQuery: [
        {
          id: "missed",
          expression: `IF(announced == 1 AND state == ${FIRING_STATES.due}, 1, 0)`,
          label: "Missed firings",
          returnData: true,
        },
        { id: "announced", metric: metric(FIRING_METRICS.announced) },
        { id: "state", metric: metric(FIRING_METRICS.state) },
      ],
      ...settings,
    },
  };
}

/** Whether missed firings of a rate raise an alarm. */
export function canWatchRate(rate: PlannedSchedule): boolean {
  return rateHours(rate) !== undefined;
}

/** Hours without a run after which a firing of a rate was missed; undefined where no alarm can look back as far. */
function rateHours({ schedule, latestMinutes }: PlannedSchedule): number | undefined {
  // Before its beginning and after its end it would be in ALARM.
  if (schedule.startDate !== undefined || schedule.endDate !== undefined) return undefined;
  const [next] = schedule.next({ from: new Date(0), count: 1 });
  if (next === undefined) return undefined;
  // One hour more because periods begin at full hours, and the minutes that a run may be late.
  const hours = Math.ceil(next.getTime() / HOUR_MS) + 1 + Math.ceil(latestMinutes / 60);
  return hours > MAX_ALARM_HOURS ? undefined : hours;
}

/** A rate counts from its deployment, so only the time without a run tells of a missed firing. */
function missedRateAlarm(
  rate: PlannedSchedule,
  functionNames: AlarmInput["functionNames"],
): AlarmDraft | undefined {
  const hours = rateHours(rate);
  if (hours === undefined) return undefined;
  return {
    key: `${MISSED_ALARM_PREFIX}${rate.name}`,
    settings: {
      alarmDescription: `The schedule ${rate.name} has not run for ${hours} hours. Alarms once after the first deployment, until the first run.`,
      namespace: METRICS_NAMESPACE,
      metricName: FIRING_METRICS.state,
      dimensions: dimensionsOf(rate, functionNames),
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

function dimensionsOf(
  { name, action }: Pick<PlannedSchedule, "name" | "action">,
  functionNames: AlarmInput["functionNames"],
): Record<string, string> {
  const dimensions: MetricDimensions = {
    FunctionName: functionNames[action] ?? "",
    Action: action,
    Schedule: name,
  };
  return { ...dimensions };
}
