import type { Action } from "../contract/actions";

export const NAMESPACE = "Ec2StartStop";

const METRIC_NAMES = [
  "Changed",
  "AlreadyDone",
  "Skipped",
  "Failed",
  "Unconfirmed",
  "Late",
  "ServicesFailed",
  "ServicesUnchecked",
  "LookAgain",
] as const;

/** By function, action and schedule, and by function alone, which is what one alarm for all schedules watches. */
const DIMENSIONS = [["FunctionName", "Action", "Schedule"], ["FunctionName"]];

/**
 * Metrics in CloudWatch's embedded format: CloudWatch reads them from the log line, no call is needed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface Metrics extends MetricValues {
  readonly _aws: unknown;
  readonly FunctionName: string;
  readonly Action: Action;
  readonly Schedule: string;
}

/**
 * Numbers of instances, except `Late`: 1 when the request came too late to change anything, and `LookAgain`: 1 when the
 * run throws for nothing else than services that are pending, so that Lambda's retry looks again.
 */
export type MetricValues = Readonly<Record<(typeof METRIC_NAMES)[number], number>>;

export function embedMetrics(
  dimensions: { readonly functionName: string; readonly action: Action; readonly schedule: string },
  values: MetricValues,
  /** When the run began, since Lambda counts its own metrics at that time, and alarms compute with both. */
  timestamp: number,
): Metrics {
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: DIMENSIONS,
          Metrics: METRIC_NAMES.map((Name) => ({ Name, Unit: "Count" })),
        },
      ],
    },
    FunctionName: dimensions.functionName,
    Action: dimensions.action,
    Schedule: dimensionValue(dimensions.schedule),
    ...values,
  };
}

/** CloudWatch takes ASCII of at most 1,024 characters, and drops the metric otherwise. */
function dimensionValue(text: string): string {
  return (
    text
      .replace(/[^\x20-\x7e]/g, "?")
      .slice(0, 1024)
      .trim() || "unnamed"
  );
}
