/** A data point of an alarm: within the threshold, breaching it, or missing. */
export type DataPoint = "within" | "breaching" | "missing";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface EvaluationSettings {
  /** N of "M out of N". */
  readonly evaluationPeriods: number;
  /** M of "M out of N". */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "missing" | "ignore" | "breaching" | "notBreaching";
}

/**
 * Returns the state that CloudWatch gives an alarm for the data points of its evaluation range, oldest first:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluate(
  range: readonly DataPoint[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: EvaluationSettings,
  current: AlarmState,
): AlarmState {
  const real = range.filter((point) => point !== "missing").slice(-evaluationPeriods);
  const toFill = evaluationPeriods - real.length;
  const breaching = real.filter((point) => point === "breaching").length;
  if (toFill === 0 || breaching >= datapointsToAlarm) return stateOf(breaching >= datapointsToAlarm);
  if (treatMissingData === "breaching") return stateOf(breaching + toFill >= datapointsToAlarm);
  if (treatMissingData === "notBreaching" || breaching < real.length) return "OK";
  if (treatMissingData === "ignore") return current;
  return isOldEnough(range, datapointsToAlarm) ? "ALARM" : "INSUFFICIENT_DATA";
}

function stateOf(isAlarm: boolean): AlarmState {
  return isAlarm ? "ALARM" : "OK";
}

/** The rule against premature alarms, for a range whose data points are breaching or missing. */
function isOldEnough(range: readonly DataPoint[], datapointsToAlarm: number): boolean {
  const oldest = range.indexOf("breaching");
  return oldest >= 0 && range.length - oldest >= datapointsToAlarm;
}
