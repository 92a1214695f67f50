import { describe, expect, it } from "@jest/globals";
import { computeExpectedState, type ExpectedState } from "../../../../cli/commands/status/expected-state";
import { judgeInstance, type Verdict } from "../../../../cli/commands/status/health";
import type { Obstacle } from "../../../../cli/instances/obstacle";
import { OFFICE, pastOf, planOf } from "./scene";

const at = (now: string): ExpectedState => computeExpectedState(planOf(OFFICE), pastOf(now), 60);
const EXPECTED = {
  any: { state: "any", why: "no schedule in use" },
  running: at("2026-11-23T03:00:00Z"),
  "running, fresh": at("2026-11-22T23:02:00Z"),
  stopped: at("2026-11-23T13:00:00Z"),
  "stopped, fresh": at("2026-11-23T11:02:00Z"),
} satisfies Record<string, ExpectedState>;

type Row = readonly [state: string, ...verdicts: Verdict[]];

// Every state of EC2 by all that it should be, in the order of EXPECTED.
const TABLE: readonly Row[] = [
  ["pending", "changing", "changing", "changing", "wrong", "changing"],
  ["running", "ok", "ok", "ok", "wrong", "changing"],
  ["stopping", "changing", "wrong", "changing", "changing", "changing"],
  ["stopped", "ok", "wrong", "changing", "ok", "ok"],
  ["missing", "wrong", "wrong", "wrong", "wrong", "wrong"],
];

it("what should be is what the table says it is", () => {
  expect(
    Object.values(EXPECTED).map((expected) => [expected.state, "fresh" in expected && expected.fresh]),
  ).toEqual([
    ["any", false],
    ["running", false],
    ["running", true],
    ["stopped", false],
    ["stopped", true],
  ]);
});

describe.each(TABLE)("an instance that is %s", (state, ...verdicts) => {
  it.each(
    Object.entries(EXPECTED).map(([name, expected], index) => [name, verdicts[index], expected] as const),
  )("and should be %s is %s", (_, verdict, expected) => {
    expect(judgeInstance(state, expected, undefined, undefined)).toBe(verdict);
  });

  it("is left alone where a tag holds or excludes it, whatever it should be", () => {
    if (state === "missing") return expect(verdicts).toEqual(Array(5).fill("wrong"));
    for (const obstacle of OBSTACLES) {
      for (const expected of Object.values(EXPECTED)) {
        expect(judgeInstance(state, expected, obstacle, undefined)).toBe("skipped");
      }
    }
  });
});

const OBSTACLES: readonly Obstacle[] = [
  { kind: "held", tag: "hold" },
  { kind: "excluded", tag: "a=b" },
  { kind: "auto-scaling", group: "web" },
  { kind: "managed", manager: { name: "ecs.amazonaws.com", reason: "managed by ecs.amazonaws.com" } },
  { kind: "instance-store" },
  { kind: "spot-one-time" },
];

describe("an instance that is terminated", () => {
  it.each(["terminated", "shutting-down"])("is wrong, since every run fails on it (%s)", (state) => {
    for (const expected of Object.values(EXPECTED)) {
      expect(judgeInstance(state, expected, { kind: "terminated" }, undefined)).toBe("wrong");
    }
  });
});

describe("services of an instance that is as it should be", () => {
  it.each([
    ["passed", "ok"],
    ["unchecked", "wrong"],
    ["pending", "changing"],
    ["failed", "wrong"],
  ] as const)("make it, when %s, %s", (status, verdict) => {
    expect(judgeInstance("running", EXPECTED.running, undefined, { status })).toBe(verdict);
  });

  it("matter less than its state", () => {
    expect(judgeInstance("running", EXPECTED.stopped, undefined, { status: "passed" })).toBe("wrong");
  });
});
