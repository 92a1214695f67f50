import type { Action } from "./actions";
import { onlyPending, type RunReport } from "./report";

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

/** A metric as an alarm names it. */
export function alarmMetric(metricName: MetricName) {
  return { namespace: METRICS_NAMESPACE, metricName } as const;
}
