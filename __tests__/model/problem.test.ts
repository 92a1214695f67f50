import { describe, expect, it } from "@jest/globals";
import { closestName, formatProblem, InvalidPropsError, pathTo, show } from "../../model/problem";

describe("a problem", () => {
  it("is one line with its path, the requirement and the actual value", () => {
    const problem = { path: "schedules.dev-stop.targets", expected: "the name of a target", got: '"dve"' };
    expect(formatProblem(problem)).toBe(
      '`schedules.dev-stop.targets`: expected the name of a target, got "dve"',
    );
  });

  it("has no path if it concerns the whole config", () => {
    expect(formatProblem({ path: "", expected: "a map", got: "a list" })).toBe("expected a map, got a list");
  });

  it("is listed with all others in one error", () => {
    const problems = [
      { path: "region", expected: "an AWS region code", got: '"seoul"' },
      { path: "targets", expected: "at least one target", got: "none" },
    ];
    const error = new InvalidPropsError(problems);
    expect(error.problems).toEqual(problems);
    expect(error.message).toBe(
      'Ec2StartStop cannot be built:\n- `region`: expected an AWS region code, got "seoul"\n- `targets`: expected at least one target, got none',
    );
  });
});

describe("a path", () => {
  it.each([
    [pathTo("targets", "dev"), "targets.dev"],
    [pathTo("", "region"), "region"],
    [pathTo("targets.dev.instanceIds", 1), "targets.dev.instanceIds[1]"],
    [pathTo("targets", "a b"), 'targets["a b"]'],
    [pathTo("targets", "__proto__"), "targets.__proto__"],
  ])("has the form of the config: %s", (path, expected) => {
    expect(path).toBe(expected);
  });
});

describe("a suggestion", () => {
  it("is the nearest name, ignoring case", () => {
    expect(closestName("Stagng", ["dev", "staging"])).toBe("staging");
  });

  it("is not made for a name unlike all candidates", () => {
    expect(closestName("production", ["dev", "staging"])).toBeUndefined();
  });
});

describe("a value in a problem", () => {
  it("is shortened if it is long", () => {
    expect(show("x".repeat(500))).toBe(`"${"x".repeat(119)}... (502 characters)`);
  });
});
