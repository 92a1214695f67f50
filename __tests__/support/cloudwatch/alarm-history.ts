import type { AlarmMetric, AlarmSpec, MetricSettings } from "../../../model/alarms";
import { type AlarmState, type DataPoint, evaluate } from "./evaluation";
import { evaluateExpression, type MissingAs, type Value } from "./expression";

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

/** What AWS leaves open. */
export interface Unknowns {
  readonly extraDataPoints: number;
  /** @default as AWS documents it */
  readonly missingAs?: MissingAs;
}

/** A statistic of a metric over a period. */
type Query = Pick<MetricSettings, "namespace" | "metricName" | "dimensions" | "period"> & {
  readonly statistic: MetricSettings["statistic"] | AlarmMetric["metric"]["stat"];
};

/**
 * Returns when an alarm goes to ALARM: each minute CloudWatch evaluates a window that ends then, and slides on.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 *
 * Minutes in which the alarm has no data and no need of it, being OK then, are left out.
 */
export function alarmTimes(
  { settings }: AlarmSpec,
  samples: readonly Sample[],
  { from, until }: { readonly from: number; readonly until: number },
  { extraDataPoints, missingAs }: Unknowns,
): number[] {
  const { queries, combine } = readerOf(settings, missingAs);
  const period = queries[0]?.period ?? 0;
  const own = queries.map((query) => new Series(query, samples));
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, treatMissingData } = settings;
  const lookBack = (evaluationPeriods + extraDataPoints) * period * 1000;
  const times: number[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  let now = Math.ceil(from / MINUTE_MS) * MINUTE_MS;
  let seen = "";
  while (now <= until) {
    // Where nothing has come and no period has ended since, the range is the same as a minute ago.
    const seenNow = own.map((series) => series.seenAt(now)).join();
    if (seenNow === seen) {
      now += MINUTE_MS;
      continue;
    }
    seen = seenNow;
    const ages = Array.from({ length: evaluationPeriods + extraDataPoints }, (_, age) => age).reverse();
    const range = ages.map((age): DataPoint => {
      const end = now - age * period * 1000;
      const value = combine(own.map((series) => series.valueAt(end, now)));
      return value === undefined ? "missing" : isBreaching(settings, value) ? "breaching" : "within";
    });
    const next = evaluate(range, { evaluationPeriods, datapointsToAlarm, treatMissingData }, state);
    if (next === "ALARM" && state !== "ALARM") times.push(now);
    state = next;
    const isIdle = treatMissingData === "notBreaching" && range.every((point) => point === "missing");
    const later = Math.min(...own.map((series) => series.nextChange(now, lookBack)));
    now = isIdle ? Math.max(now + MINUTE_MS, Math.floor(later / MINUTE_MS) * MINUTE_MS) : now + MINUTE_MS;
  }
  return times;
}

/** The metrics of an alarm, and how its value comes from theirs. */
function readerOf(settings: AlarmSpec["settings"], missingAs: MissingAs | undefined) {
  if (!("metricQuery" in settings))
    return { queries: [settings], combine: ([value]: readonly Value[]) => value };
  const metrics = settings.metricQuery.flatMap((query) => ("metric" in query ? [query] : []));
  const [expression] = settings.metricQuery.flatMap((query) =>
    "expression" in query ? [query.expression] : [],
  );
  const known = new Map<string, Value>();
  const combine = (values: readonly Value[]) => {
    const key = values.join();
    if (!known.has(key)) {
      const byId = Object.fromEntries(metrics.map(({ id }, index) => [id, values[index]]));
      known.set(key, evaluateExpression(expression ?? "", byId, missingAs));
    }
    return known.get(key);
  };
  const queries: Query[] = metrics.map(({ metric: { stat, ...metric } }) => ({ ...metric, statistic: stat }));
  return { queries, combine };
}

function isBreaching({ comparisonOperator, threshold }: AlarmSpec["settings"], value: number): boolean {
  return comparisonOperator === "LessThanThreshold" ? value < threshold : value >= threshold;
}

/** The samples of one metric, by their dates. */
class Series {
  readonly #query: Query;
  readonly #samples: readonly Sample[];
  /** When a sample is dated, and when it is there, ascending. */
  readonly #changes: readonly number[];
  /** Whether all dates are the beginnings of periods. */
  readonly #isAligned: boolean;

  constructor(query: Query, samples: readonly Sample[]) {
    this.#query = query;
    const dimensions = JSON.stringify(query.dimensions);
    this.#samples = samples
      .filter(
        (sample) =>
          sample.namespace === query.namespace &&
          sample.metricName === query.metricName &&
          JSON.stringify(sample.dimensions) === dimensions,
      )
      .sort((a, b) => a.datedAt - b.datedAt);
    this.#isAligned = this.#samples.every(({ datedAt }) => datedAt % (query.period * 1000) === 0);
    this.#changes = this.#samples
      .map(({ datedAt, availableAt }) => Math.max(datedAt, availableAt))
      .sort((a, b) => a - b);
  }

  /** The value of the period that ends then, as far as CloudWatch has the data now. */
  valueAt(end: number, now: number): Value {
    const { period, statistic } = this.#query;
    const known: number[] = [];
    for (let at = this.#firstFrom(end - period * 1000); at < this.#samples.length; at++) {
      const sample = this.#samples[at];
      if (sample === undefined || sample.datedAt >= end) break;
      if (sample.availableAt <= now) known.push(sample.value);
    }
    if (known.length === 0) return undefined;
    if (statistic === "SampleCount") return known.length;
    return statistic === "Maximum" ? Math.max(...known) : known.reduce((sum, value) => sum + value, 0);
  }

  /** Tells apart the times at which periods that end then have other data. */
  seenAt(now: number): string {
    const periodMs = this.#query.period * 1000;
    const count = lowerBound(this.#changes, now + 1, (at) => at);
    return this.#isAligned ? `${count} ${Math.ceil(now / periodMs)}` : `${now}`;
  }

  /** From when on the metric may look different: now, where a sample is in the range. */
  nextChange(now: number, lookBackMs: number): number {
    const place = lowerBound(this.#changes, now - lookBackMs, (at) => at);
    return this.#changes[place] ?? Number.POSITIVE_INFINITY;
  }

  #firstFrom(date: number): number {
    return lowerBound(this.#samples, date, ({ datedAt }) => datedAt);
  }
}

/** The place of the first item that is not below a limit, in an ascending list. */
export function lowerBound<T>(items: readonly T[], limit: number, numberOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && numberOf(item) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
