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
  // These metrics exist only while something happens.
  treatMissingData: "notBreaching",
} as const;

const SUM_OF_FIVE_MINUTES = { ...THRESHOLD_OF_ONE, statistic: "Sum", period: FIVE_MINUTES_SECONDS } as const;

/** One alarm as it will be deployed, but for its topic. */
export interface AlarmSpec {
  /** Its name without the prefix: `stop-failed`. */
  readonly key: string;
  readonly name: string;
  readonly settings: AlarmSettings;
  /** Whether the topic is also notified when all is well again. */
  readonly notifiesRecovery: boolean;
}

/** As CloudWatch calls them (PutMetricAlarm): either one metric, or queries of which one returns data. */
interface AlarmSettings {
  readonly alarmDescription: string;
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: "Sum" | "Maximum" | "SampleCount";
  /** Seconds. */
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

/** A metric without its namespace: name and dimensions. */
interface Metric {
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** An alarm without what comes from its key and its owner. */
type AlarmDraft = Pick<AlarmSpec, "key" | "settings"> & { readonly notifiesRecovery?: true };

/** What triggers: the rules by name, or the group of the schedules. */
type AlarmTrigger = { readonly ruleNames: readonly string[] } | { readonly scheduleGroup: string };

export interface AlarmInput {
  /** Prefix of the names of the alarms. */
  readonly prefix: string;
  /** The functions by what they do, stop first; names may be tokens. */
  readonly functionNames: Readonly<Partial<Record<Action, string>>>;
  readonly plan: readonly PlannedSchedule[];
  /** The dead-letter queue: its name for people, and for the metric, where it may be a token. */
  readonly queue: { readonly name: string; readonly dimension: string };
  readonly trigger: AlarmTrigger;
  /** Whether starts are followed by checks of what runs on the instances. */
  readonly checks: boolean;
  /** Whether each schedule has one on having missed its firing. */
  readonly missedFirings: boolean;
}

/** The alarms on whatever failed, came too late, was not delivered or did not run. */
export function alarmsOf(input: AlarmInput, writer: TextWriter): AlarmSpec[] {
  return alarmDrafts(input).map(({ key, settings, notifiesRecovery = false }) => ({
    key,
    name: `${input.prefix}-${key}`,
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
        ...alarmMetric("Late"),
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

/** Every run writes its metrics, zeros too: their number tells whether the schedule ran at all. */
function missedFiringAlarm(
  planned: PlannedSchedule,
  functionName: string | undefined,
): AlarmDraft | undefined {
  const gap = FiringSample.of(planned.schedule).longestGapHours();
  if (gap === undefined || functionName === undefined) return undefined;
  // An hour for the periods' own borders, and what a firing may be late.
  const hours = gap + 1 + Math.ceil(planned.latestMinutes / 60);
  if (hours > MAX_ALARM_HOURS) return undefined;
  return {
    key: `missed-${planned.name}`,
    settings: {
      alarmDescription: `The schedule ${planned.name} has not run for ${hours} hours. Expected once after it was first deployed, until its first firing.`,
      ...alarmMetric("Late"),
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

/** These metrics as one, where those that wrote nothing count as zero. */
function sumOf(namespace: string, metrics: readonly Metric[]): MetricQuery[] {
  return [
    { id: "total", expression: "SUM(FILL(METRICS(), 0))", label: "Failed", returnData: true },
    ...metrics.map((metric, index) => ({
      id: `m${index + 1}`,
      metric: { namespace, ...metric, period: FIVE_MINUTES_SECONDS, stat: "Sum" },
    })),
  ];
}

/** Lambda's errors without the runs that are `onlyPending`: those throw so that the retry checks again. */
function errorsWithoutPending(dimensions: Record<string, string>): MetricQuery[] {
  const query = (id: string, metric: { readonly namespace: string; readonly metricName: string }) => ({
    id,
    metric: { ...metric, dimensions, period: FIVE_MINUTES_SECONDS, stat: "Sum" },
  });
  return [
    { id: "failed", expression: "FILL(errors, 0) - FILL(again, 0)", label: "Failed", returnData: true },
    query("errors", LAMBDA_ERRORS),
    query("again", alarmMetric("LookAgain")),
  ];
}
