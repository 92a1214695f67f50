import { ACTIONS, type Action } from "../contract/actions";
import { chunksOf } from "../contract/collections";
import { MAX_ALARM_DESCRIPTION_LENGTH, MAX_ALARM_HOURS, MAX_ALARM_METRICS } from "../contract/limits";
import { alarmMetric, type MetricDimensions } from "../contract/metrics";
import { FiringSample } from "./firing-gaps";
import type { PlannedSchedule } from "./plan";
import type { TextWriter } from "./terraform-text";

const LAMBDA_ERRORS = { namespace: "AWS/Lambda", metricName: "Errors" } as const;

const FIVE_MINUTES = 300;
const HOUR = 3600;

const ALARM_ON_ONE = {
  evaluationPeriods: 1,
  threshold: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  // These metrics exist only while something happens.
  treatMissingData: "notBreaching",
} as const;

const AT_LEAST_ONE = { ...ALARM_ON_ONE, statistic: "Sum", period: FIVE_MINUTES } as const;

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
type Draft = Pick<AlarmSpec, "key" | "settings"> & { readonly notifiesRecovery?: true };

/** What triggers: the rules by name, or the group of the schedules. */
type WatchedTrigger = { readonly ruleNames: readonly string[] } | { readonly scheduleGroup: string };

export interface Watched {
  /** Prefix of the names of the alarms. */
  readonly prefix: string;
  /** The functions by what they do, stop first; names may be tokens. */
  readonly functionNames: Readonly<Partial<Record<Action, string>>>;
  readonly plan: readonly PlannedSchedule[];
  /** The dead-letter queue: its name for people, and for the metric, where it may be a token. */
  readonly queue: { readonly name: string; readonly dimension: string };
  readonly trigger: WatchedTrigger;
  /** Whether starts are followed by checks of what runs on the instances. */
  readonly checks: boolean;
  /** Whether each schedule has one on having missed its firing. */
  readonly missedFirings: boolean;
}

/** The alarms on whatever failed, came too late, was not delivered or did not run. */
export function alarmsOf(watched: Watched, writer: TextWriter): AlarmSpec[] {
  return draftsOf(watched).map(({ key, settings, notifiesRecovery = false }) => ({
    key,
    name: `${watched.prefix}-${key}`,
    settings: { ...settings, alarmDescription: writer.text(settings.alarmDescription) },
    notifiesRecovery,
  }));
}

function draftsOf({ functionNames, plan, queue, trigger, ...asked }: Watched): Draft[] {
  const enabled = plan.filter((planned) => planned.enabled);
  return [
    ...ACTIONS.flatMap((action) => {
      const name = functionNames[action];
      return name === undefined ? [] : ofFunction(action, name, asked.checks && action === "start");
    }),
    ...("scheduleGroup" in trigger ? [ofScheduleGroup(trigger.scheduleGroup)] : ofRules(trigger.ruleNames)),
    ofQueue(queue),
    ...(asked.missedFirings
      ? enabled.flatMap((planned) => ofFirings(planned, functionNames[planned.action]) ?? [])
      : []),
  ];
}

function ofFunction(action: Action, functionName: string, checks: boolean): Draft[] {
  const dimensions = { FunctionName: functionName };
  return [
    {
      key: `${action}-failed`,
      settings: {
        alarmDescription: `A ${action} failed or could not be confirmed; the function's log says which instances and why.`,
        ...(checks
          ? { metricQuery: errorsWithoutPending(dimensions), ...ALARM_ON_ONE }
          : { ...LAMBDA_ERRORS, dimensions, ...AT_LEAST_ONE }),
      },
    },
    ...(checks ? [ofServices(dimensions)] : []),
    {
      key: `${action}-late`,
      settings: {
        alarmDescription: `A ${action} came too late to change anything, so its instances were left as they are.`,
        ...alarmMetric("Late"),
        dimensions,
        ...AT_LEAST_ONE,
      },
    },
  ];
}

function ofServices(dimensions: Record<string, string>): Draft {
  return {
    key: "start-services",
    settings: {
      alarmDescription:
        "Services do not run after a start; a message of its own says which on what instance, as does the function's log.",
      ...alarmMetric("ServicesFailed"),
      dimensions,
      ...AT_LEAST_ONE,
    },
  };
}

function ofRules(ruleNames: readonly string[]): Draft[] {
  return chunksOf(ruleNames, MAX_ALARM_METRICS).map((names, index) => {
    const metrics = names.map((RuleName) => ({ metricName: "FailedInvocations", dimensions: { RuleName } }));
    const description = `A rule could not invoke its function: ${names.join(", ")}.`;
    return {
      key: `rules-failed-${index + 1}`,
      settings: {
        alarmDescription: description.slice(0, MAX_ALARM_DESCRIPTION_LENGTH),
        metricQuery: addedUp("AWS/Events", metrics),
        ...ALARM_ON_ONE,
      },
    };
  });
}

function ofScheduleGroup(ScheduleGroup: string): Draft {
  const metrics = ["InvocationDroppedCount", "TargetErrorCount"].map((metricName) => ({
    metricName,
    dimensions: { ScheduleGroup },
  }));
  return {
    key: "schedules-failed",
    settings: {
      alarmDescription: "EventBridge Scheduler could not invoke a function, or dropped an invocation.",
      metricQuery: addedUp("AWS/Scheduler", metrics),
      ...ALARM_ON_ONE,
    },
  };
}

function ofQueue({ name, dimension }: Watched["queue"]): Draft {
  return {
    key: "dead-letters",
    settings: {
      alarmDescription: `Undelivered events are in the dead-letter queue ${name}.`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: dimension },
      ...AT_LEAST_ONE,
      statistic: "Maximum",
    },
  };
}

/** Every run writes its metrics, zeros too: their number tells whether the schedule ran at all. */
function ofFirings(planned: PlannedSchedule, functionName: string | undefined): Draft | undefined {
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
      period: HOUR,
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
function addedUp(namespace: string, metrics: readonly Metric[]): MetricQuery[] {
  return [
    { id: "total", expression: "SUM(FILL(METRICS(), 0))", label: "Failed", returnData: true },
    ...metrics.map((metric, index) => ({
      id: `m${index + 1}`,
      metric: { namespace, ...metric, period: FIVE_MINUTES, stat: "Sum" },
    })),
  ];
}

/** Lambda's errors without the runs that are `onlyPending`: those throw so that the retry checks again. */
function errorsWithoutPending(dimensions: Record<string, string>): MetricQuery[] {
  const query = (id: string, metric: { readonly namespace: string; readonly metricName: string }) => ({
    id,
    metric: { ...metric, dimensions, period: FIVE_MINUTES, stat: "Sum" },
  });
  return [
    { id: "failed", expression: "FILL(errors, 0) - FILL(again, 0)", label: "Failed", returnData: true },
    query("errors", LAMBDA_ERRORS),
    query("again", alarmMetric("LookAgain")),
  ];
}
