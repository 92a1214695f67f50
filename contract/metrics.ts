import type { Action } from "./actions";
import { onlyPending, type RunReport } from "./report";
import { MINUTE_MS } from "./units";

/** The CloudWatch namespace of the metrics that a function logs with each run. */
export const METRICS_NAMESPACE = "Ec2StartStop";

/** The data that the metrics are computed from. */
export type MetricSource = Required<Pick<RunReport, "counts" | "services">> & { readonly late: boolean };

const METRICS = {
  InstancesChanged: ({ counts }: MetricSource) => counts.done,
  InstancesAlreadyDone: ({ counts }: MetricSource) => counts.already,
  InstancesSkipped: ({ counts }: MetricSource) => counts.skipped,
  InstancesDeferred: ({ counts }: MetricSource) => counts.deferred,
  InstancesFailed: ({ counts }: MetricSource) => counts.failed,
  InstancesUnconfirmed: ({ counts }: MetricSource) => counts.unconfirmed,
  /** 1 when the request came too late to change anything. */
  LateRequests: ({ late }: MetricSource) => Number(late),
  ServicesFailed: ({ services }: MetricSource) => services.failed,
  ServicesUnchecked: ({ services }: MetricSource) => services.unchecked,
  /** 1 when the run throws only so that Lambda's retry checks pending services again. */
  ServicesPending: (run: MetricSource) => Number(onlyPending(run)),
};

export type MetricName = keyof typeof METRICS;

/** All metrics have the unit Count. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export type MetricValues = Readonly<Record<MetricName, number>>;

export function metricValues(run: MetricSource): MetricValues {
  const values = METRIC_NAMES.map((name) => [name, METRICS[name](run)] as const);
  return Object.fromEntries(values) as MetricValues;
}

export interface MetricDimensions {
  readonly FunctionName: string;
  readonly Action: Action;
  readonly Schedule: string;
}

/** By function, action and schedule; and by function alone, for the alarms, which cover all schedules. */
export const METRIC_DIMENSIONS: readonly (readonly (keyof MetricDimensions)[])[] = [
  ["FunctionName", "Action", "Schedule"],
  ["FunctionName"],
];

/**
 * Metrics of single firings, by function, action and schedule. `FiringAnnounced` is 1 where the watch has announced a
 * firing. The maximum of `FiringState` is the last that is known of it.
 */
export const FIRING_METRICS = { announced: "FiringAnnounced", state: "FiringState" } as const;

export type FiringValues = Readonly<
  Partial<Record<(typeof FIRING_METRICS)[keyof typeof FIRING_METRICS], number>>
>;

/** Values of `FiringState`: `due`, the firing should have been; `begun`, its run has begun. */
export const FIRING_STATES = { due: 1, begun: 2 } as const;

/** Period of the alarms on missed firings: the firings of a schedule within it count as one. */
export const FIRING_PERIOD_MS = 5 * MINUTE_MS;
/**
 * The time between a firing and the date of its metrics: long enough for its run to begin, and for CloudWatch to read the
 * log line, which takes up to ten minutes, before an alarm evaluates that date.
 */
export const FIRING_DELAY_MS = 45 * MINUTE_MS;

/**
 * The date of the metrics of a firing. CloudWatch takes dates of up to two hours ahead.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 *
 * @param at milliseconds since 1970
 */
export function firingDate(at: number): number {
  return Math.floor(at / FIRING_PERIOD_MS) * FIRING_PERIOD_MS + FIRING_DELAY_MS;
}
