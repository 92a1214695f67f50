import type { AlarmSpec } from "../../../model/alarms";
import { type AlarmState, type DataPoint, evaluate } from "./evaluation";

/** One value of a metric, with the time that it is dated and the time from which CloudWatch has it. */
export interface Sample {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly datedAt: number;
  readonly availableAt: number;
  readonly value: number;
}

const MINUTE_MS = 60_000;

/** More data points than the evaluation periods that CloudWatch reads; AWS does not document how many. */
export const EXTRA_DATA_POINTS = [0, 2] as const;

/**
 * Returns when an alarm goes to ALARM: each minute CloudWatch evaluates a window that ends then, and slides on.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function alarmTimes(
  { settings }: AlarmSpec,
  samples: readonly Sample[],
  period: { readonly from: number; readonly until: number },
  extraDataPoints: number,
): number[] {
  const own = samples.filter(
    ({ namespace, metricName, dimensions }) =>
      namespace === settings.namespace &&
      metricName === settings.metricName &&
      JSON.stringify(dimensions) === JSON.stringify(settings.dimensions),
  );
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, treatMissingData } = settings;
  const times: number[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  for (let now = Math.ceil(period.from / MINUTE_MS) * MINUTE_MS; now <= period.until; now += MINUTE_MS) {
    const known = own.filter(({ availableAt }) => availableAt <= now);
    const range = Array.from({ length: evaluationPeriods + extraDataPoints }, (_, age) =>
      dataPoint(settings, known, now - age * settings.period * 1000),
    ).reverse();
    const next = evaluate(range, { evaluationPeriods, datapointsToAlarm, treatMissingData }, state);
    if (next === "ALARM" && state !== "ALARM") times.push(now);
    state = next;
  }
  return times;
}

function dataPoint(settings: AlarmSpec["settings"], samples: readonly Sample[], end: number): DataPoint {
  const start = end - settings.period * 1000;
  const inPeriod = samples.filter(({ datedAt }) => datedAt >= start && datedAt < end);
  if (inPeriod.length === 0) return "missing";
  const value =
    settings.statistic === "SampleCount"
      ? inPeriod.length
      : inPeriod.reduce((sum, sample) => sum + sample.value, 0);
  const isBreaching =
    settings.comparisonOperator === "LessThanThreshold"
      ? value < settings.threshold
      : value >= settings.threshold;
  return isBreaching ? "breaching" : "within";
}
