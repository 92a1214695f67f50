import { describe, expect, it } from "@jest/globals";
import { type AlarmState, type DataPoint, type EvaluationSettings, evaluate } from "./evaluation";

const POINTS: Readonly<Record<string, DataPoint>> = { "0": "within", X: "breaching", "-": "missing" };
const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;
const RETAINED = "RETAINED";

function statesOf(
  points: string,
  settings: Pick<EvaluationSettings, "datapointsToAlarm">,
  current: AlarmState = "INSUFFICIENT_DATA",
): AlarmState[] {
  const range = points.split(" ").map((point) => POINTS[point] ?? "missing");
  return TREATMENTS.map((treatMissingData) =>
    evaluate(range, { evaluationPeriods: 3, treatMissingData, ...settings }, current),
  );
}

// The two tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: 3 evaluation
// periods, an evaluation range of 5, and the state for missing data treated as missing, ignore, breaching, notBreaching.
const THREE_OF_THREE = [
  ["0 - X - X", "OK", "OK", "OK", "OK"],
  ["0 - - - -", "OK", "OK", "OK", "OK"],
  ["- - - - -", "INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"],
  ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["- - X - -", "ALARM", RETAINED, "ALARM", "OK"],
] as const;
const TWO_OF_THREE = [
  ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0 - X - -", "OK", "OK", "ALARM", "OK"],
  ["- - - - 0", "OK", "OK", "ALARM", "OK"],
  ["- - - X -", "ALARM", RETAINED, "ALARM", "OK"],
] as const;

describe("an alarm of CloudWatch", () => {
  it.each(THREE_OF_THREE)("gets the state of AWS's table for 3 of 3 and %s", (points, ...states) => {
    for (const current of ["OK", "ALARM"] as const) {
      const expected = states.map((state) => (state === RETAINED ? current : state));
      expect(statesOf(points, { datapointsToAlarm: 3 }, current)).toEqual(expected);
    }
  });

  it.each(TWO_OF_THREE)("gets the state of AWS's table for 2 of 3 and %s", (points, ...states) => {
    for (const current of ["OK", "ALARM"] as const) {
      const expected = states.map((state) => (state === RETAINED ? current : state));
      expect(statesOf(points, { datapointsToAlarm: 2 }, current)).toEqual(expected);
    }
  });

  it.each(["- - - - X", "- - - X -"])(
    "waits for the next data point after %s, where 3 of 3 are needed",
    (points) => {
      expect(statesOf(points, { datapointsToAlarm: 3 })[0]).toBe("INSUFFICIENT_DATA");
    },
  );

  it("does not wait where one breaching data point is enough", () => {
    for (const points of ["- - - - X", "- - X - -", "0 0 X 0 0"]) {
      expect(statesOf(points, { datapointsToAlarm: 1 })).toEqual(Array(4).fill("ALARM"));
    }
  });
});
