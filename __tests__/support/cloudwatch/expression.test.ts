import { describe, expect, it } from "@jest/globals";
import { evaluateExpression, type MissingAs, type Value } from "./expression";

/** Time series as AWS's page writes them, with `-` for a missing value. */
const series = (text: string): Value[] => text.split(" ").map((word) => (word === "-" ? undefined : +word));

function evaluateSeries(
  expression: string,
  metrics: Readonly<Record<string, string>>,
  missingAs?: MissingAs,
): Value[] {
  const read = Object.entries(metrics).map(([id, text]) => [id, series(text)] as const);
  return (read[0]?.[1] ?? []).map((_, at) =>
    evaluateExpression(
      expression,
      Object.fromEntries(read.map(([id, values]) => [id, values[at]])),
      missingAs,
    ),
  );
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
describe("an expression of metric math has AWS's result", () => {
  const pair = { metric1: "30 20 0 0", metric2: "20 - 20 -" };
  const three = { metric1: "1 1 0 0 -", metric2: "30 - 0 0 30", metric3: "0 0 20 - 20" };

  it.each([
    ["(metric1 < metric2)", pair, "0 0 1 0"],
    ["(metric1 >= 30)", pair, "1 0 0 0"],
    ["(metric1 > 15 AND metric2 > 15)", pair, "1 0 0 0"],
    ["IF(metric1, metric2, metric3)", three, "30 0 20 - -"],
    ["IF(metric1, 5, metric3)", three, "5 5 20 - -"],
    ["IF(metric1, metric2, 5)", three, "30 0 5 5 -"],
    ["IF(metric1<400, 10, 2)", { metric1: "399 400" }, "10 2"],
    ["FILL(metric1, 10)", { metric1: "1 - 3" }, "1 10 3"],
    ["metric1 + metric2", pair, "50 20 20 0"],
  ] as const)("%s", (expression, metrics, expected) => {
    expect(evaluateSeries(expression, metrics)).toEqual(series(expected));
  });

  it("and follows the order of operators and brackets", () => {
    expect(evaluateExpression("2 + 3 * (4 - 1) == 11 AND 1 > 2 OR 1", {})).toBe(1);
  });

  it.each(["IF(m1", "m1 m1", "MAX(m1)", "m2 > 0"])("refuses what it does not know: %s", (expression) => {
    expect(() => evaluateExpression(expression, { m1: 1 })).toThrow(/^Expected/);
  });
});

describe("where only one of two series has a value", () => {
  it("takes the other as 0, or the result as missing", () => {
    const metrics = { a: "1 1 -", b: "2 - -" };
    expect(evaluateSeries("a + b", metrics, "zero")).toEqual([3, 1, undefined]);
    expect(evaluateSeries("a + b", metrics, "missing")).toEqual([3, undefined, undefined]);
  });
});
