import { ACTIONS, type Action } from "../contract/actions";
import { chunksOf } from "../contract/collections";
import { MAX_ALARM_DESCRIPTION_LENGTH, MAX_ALARM_HOURS, MAX_ALARM_METRICS } from "../contract/limits";
import { alarmMetric, type MetricDimensions } from "../contract/metrics";
import { FiringSample } from "./firing-gaps";
import type { PlannedSchedule } from "./plan";
import type { TextWriter } from "./terraform-text";

const LAMBDA_ERRORS = { namespace: "AWS/Lambda", metricName: "Errors" } as const;

const FIVE_MINUTES_SECONDS = 300;
const HOUR_SECONDS = 3600;

const THRESHOLD_OF_ONE = {
  evaluationPeriods: 1,
  threshold: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  // These metrics have data only in periods with an invocation.
  treatMissingData: "notBreaching",
} as const;

const SUM_OF_FIVE_MINUTES = { ...THRESHOLD_OF_ONE, statistic: "Sum", period: FIVE_MINUTES_SECONDS } as const;

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
 * Settings as in CloudWatch: one metric, or queries of which one returns data.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
interface AlarmSettings {
  readonly alarmDescription: string;
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: "Sum" | "Maximum" | "SampleCount";
  /** Period in seconds. */
  readonly period?: number;
  readonly metricQuery?: readonly MetricQuery[];
  readonly evaluationPeriods: number;
  readonly threshold: number;
  readonly comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly treatMissingData: "breaching" | "notBreaching";
}

export interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly label?: string;
  readonly returnData?: boolean;
  readonly metric?: Metric & { readonly namespace: string; readonly period: number; readonly stat: string };
}

/** Name and dimensions of a metric, without its namespace. */
interface Metric {
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** An alarm whose name is not derived from its key yet. */
type AlarmDraft = Pick<AlarmSpec, "key" | "settings"> & { readonly notifiesRecovery?: true };

/** The watched trigger: names of rules, or the schedule group. */
type AlarmTrigger = { readonly ruleNames: readonly string[] } | { readonly scheduleGroup: string };

export interface AlarmInput {
  /** Begins the alarms' names. */
  readonly scope: string;
  /** Names of the functions by action, stop first. They may be tokens. */
  readonly functionNames: Readonly<Partial<Record<Action, string>>>;
  readonly plan: readonly PlannedSchedule[];
  /** The dead-letter queue: its name for texts, and as the dimension of its metric, where it may be a token. */
  readonly queue: { readonly name: string; readonly dimension: string };
  readonly trigger: AlarmTrigger;
  /** Whether starts are followed by service checks. */
  readonly checks: boolean;
  /** Whether each schedule has an alarm on missed firings. */
  readonly missedFirings: boolean;
}

/** Returns the alarms on failed and late runs, undelivered events and missed firings. */
export function alarmsOf(input: AlarmInput, writer: TextWriter): AlarmSpec[] {
  return alarmDrafts(input).map(({ key, settings, notifiesRecovery = false }) => ({
    key,
    name: `${input.scope}${key}`,
    settings: { ...settings, alarmDescription: writer.text(settings.alarmDescription) },
    notifiesRecovery,
  }));
}

function alarmDrafts({ functionNames, plan, queue, trigger, ...options }: AlarmInput): AlarmDraft[] {
  const enabled = plan.filter((planned) => planned.enabled);
  return [
    ...ACTIONS.flatMap((action) => {
      const name = functionNames[action];
      return name === undefined ? [] : functionAlarms(action, name, options.checks && action === "start");
    }),
    ...("scheduleGroup" in trigger
      ? [scheduleGroupAlarm(trigger.scheduleGroup)]
      : ruleAlarms(trigger.ruleNames)),
    deadLetterAlarm(queue),
    ...(options.missedFirings
      ? enabled.flatMap((planned) => missedFiringAlarm(planned, functionNames[planned.action]) ?? [])
      : []),
  ];
}

function functionAlarms(action: Action, functionName: string, checks: boolean): AlarmDraft[] {
  const dimensions = { FunctionName: functionName };
  return [
    {
      key: `${action}-failed`,
      settings: {
        alarmDescription: `A ${action} failed or could not be confirmed; the function's log says which instances and why.`,
        ...(checks
          ? { metricQuery: errorsWithoutPending(dimensions), ...THRESHOLD_OF_ONE }
          : { ...LAMBDA_ERRORS, dimensions, ...SUM_OF_FIVE_MINUTES }),
      },
    },
    ...(checks ? [servicesAlarm(dimensions)] : []),
    {
      key: `${action}-late`,
      settings: {
        alarmDescription: `A ${action} came too late to change anything, so its instances were left as they are.`,
        ...alarmMetric("LateRequests"),
        dimensions,
        ...SUM_OF_FIVE_MINUTES,
      },
    },
  ];
}

function servicesAlarm(dimensions: Record<string, string>): AlarmDraft {
  return {
    key: "start-services",
    settings: {
      alarmDescription:
        "Services do not run after a start; a message of its own says which on what instance, as does the function's log.",
      ...alarmMetric("ServicesFailed"),
      dimensions,
      ...SUM_OF_FIVE_MINUTES,
    },
  };
}

function ruleAlarms(ruleNames: readonly string[]): AlarmDraft[] {
  return chunksOf(ruleNames, MAX_ALARM_METRICS).map((names, index) => {
    const metrics = names.map((RuleName) => ({ metricName: "FailedInvocations", dimensions: { RuleName } }));
    const description = `A rule could not invoke its function: ${names.join(", ")}.`;
    return {
      key: `rules-failed-${index + 1}`,
      settings: {
        alarmDescription: description.slice(0, MAX_ALARM_DESCRIPTION_LENGTH),
        metricQuery: sumOf("AWS/Events", metrics),
        ...THRESHOLD_OF_ONE,
      },
    };
  });
}

function scheduleGroupAlarm(ScheduleGroup: string): AlarmDraft {
  const metrics = ["InvocationDroppedCount", "TargetErrorCount"].map((metricName) => ({
    metricName,
    dimensions: { ScheduleGroup },
  }));
  return {
    key: "schedules-failed",
    settings: {
      alarmDescription: "EventBridge Scheduler could not invoke a function, or dropped an invocation.",
      metricQuery: sumOf("AWS/Scheduler", metrics),
      ...THRESHOLD_OF_ONE,
    },
  };
}

function deadLetterAlarm({ name, dimension }: AlarmInput["queue"]): AlarmDraft {
  return {
    key: "dead-letters",
    settings: {
      alarmDescription: `Undelivered events are in the dead-letter queue ${name}.`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: dimension },
      ...SUM_OF_FIVE_MINUTES,
      statistic: "Maximum",
    },
  };
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

/** Returns the sum of metrics, in which missing data counts as zero. */
function sumOf(namespace: string, metrics: readonly Metric[]): MetricQuery[] {
  return [
    { id: "total", expression: "SUM(FILL(METRICS(), 0))", label: "Failed", returnData: true },
    ...metrics.map((metric, index) => ({
      id: `m${index + 1}`,
      metric: { namespace, ...metric, period: FIVE_MINUTES_SECONDS, stat: "Sum" },
    })),
  ];
}

/** Lambda errors minus runs that only wait for pending services (those throw to be retried). */
function errorsWithoutPending(dimensions: Record<string, string>): MetricQuery[] {
  const query = (id: string, metric: { readonly namespace: string; readonly metricName: string }) => ({
    id,
    metric: { ...metric, dimensions, period: FIVE_MINUTES_SECONDS, stat: "Sum" },
  });
  return [
    { id: "failed", expression: "FILL(errors, 0) - FILL(pending, 0)", label: "Failed", returnData: true },
    query("errors", LAMBDA_ERRORS),
    query("pending", alarmMetric("ServicesPending")),
  ];
}
