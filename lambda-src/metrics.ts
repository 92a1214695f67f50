import {
  METRIC_DIMENSIONS,
  METRIC_NAMES,
  METRICS_NAMESPACE,
  type MetricDimensions,
  type MetricValues,
} from "../contract/metrics";

/**
 * Metrics in CloudWatch's embedded format: CloudWatch reads them from the log line, no call is needed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface Metrics extends MetricDimensions, MetricValues {
  readonly _aws: unknown;
}

/** @param timestamp when the run began, since Lambda counts its own metrics at that time, and alarms compute with both */
export function embedMetrics(
  { FunctionName, Action, Schedule }: MetricDimensions,
  values: MetricValues,
  timestamp: number,
): Metrics {
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: METRIC_DIMENSIONS,
          Metrics: METRIC_NAMES.map((Name) => ({ Name, Unit: "Count" })),
        },
      ],
    },
    FunctionName,
    Action,
    Schedule: dimensionValue(Schedule),
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
