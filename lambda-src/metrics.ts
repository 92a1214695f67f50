import {
  type FiringValues,
  firingDate,
  METRIC_DIMENSIONS,
  METRIC_NAMES,
  METRICS_NAMESPACE,
  type MetricDimensions,
  type MetricValues,
} from "../contract/metrics";

/** Characters of a dimension value (CloudWatch limit). */
export const MAX_DIMENSION_LENGTH = 1024;

/**
 * Metrics in CloudWatch's embedded metric format: CloudWatch reads them from the log line, no call is needed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface Metrics extends MetricDimensions, MetricValues {
  readonly _aws: unknown;
}

/** @param timestamp when the run began: Lambda dates its own metrics so, and alarms combine both */
export function embedMetrics(
  { FunctionName, Action, Schedule }: MetricDimensions,
  values: MetricValues,
  timestamp: number,
): Metrics {
  const dimensions = { FunctionName, Action, Schedule: dimensionValue(Schedule) };
  return { _aws: directive(METRIC_NAMES, METRIC_DIMENSIONS, timestamp), ...dimensions, ...values };
}

/** @param at when the firing was due, in milliseconds since 1970 */
export function embedFiring(
  { FunctionName, Action, Schedule }: MetricDimensions,
  values: FiringValues,
  at: number,
): MetricDimensions & FiringValues {
  const dimensions = { FunctionName, Action, Schedule: dimensionValue(Schedule) };
  const Aws = directive(Object.keys(values), METRIC_DIMENSIONS.slice(0, 1), firingDate(at));
  return { _aws: Aws, ...dimensions, ...values } as MetricDimensions & FiringValues;
}

function directive(
  names: readonly string[],
  dimensions: typeof METRIC_DIMENSIONS,
  timestamp: number,
): unknown {
  const Metrics = names.map((Name) => ({ Name, Unit: "Count" }));
  return {
    Timestamp: timestamp,
    CloudWatchMetrics: [{ Namespace: METRICS_NAMESPACE, Dimensions: dimensions, Metrics }],
  };
}

/** Converts a text to a valid dimension value: CloudWatch drops metrics whose values are not ASCII, empty or longer. */
function dimensionValue(text: string): string {
  return (
    text
      .replace(/[^\x20-\x7e]/g, "?")
      .slice(0, MAX_DIMENSION_LENGTH)
      .trim() || "unnamed"
  );
}
