import { describe, expect, it } from "@jest/globals";
import type { Action } from "../../contract/actions";
import { InstanceTokens } from "../../lambda-src/instance-tokens";

const NOW = Date.parse("2026-11-23T11:00:03Z");
const MINUTES = 60_000;

/** Tokens by a clock that the test sets forward. */
function tokensOf(action: Action, { runMinutes = 4, resumes = false } = {}) {
  const time = { now: NOW };
  const clock = { now: () => time.now, sleep: async () => undefined };
  const tokens = new InstanceTokens(action, clock, () => 0.5, NOW + runMinutes * MINUTES, resumes);
  return { tokens, pass: (seconds: number) => (time.now += seconds * 1000) };
}

describe("the next batch", () => {
  it("is what a full bucket holds, at first", () => {
    expect(tokensOf("start").tokens.batchOf(600)).toBe(600);
    expect(tokensOf("start").tokens.batchOf(5000)).toBe(1000);
  });

  it("is a useful batch in a run that resumes another, which waited for one", () => {
    expect(tokensOf("start", { resumes: true }).tokens.batchOf(5000)).toBe(900);
  });

  it.each([
    ["start", 451],
    ["stop", 46],
  ] as const)("of a %s waits %d s for a useful batch, once the bucket is empty", (action, seconds) => {
    const { tokens, pass } = tokensOf(action, { runMinutes: 15 });
    tokens.recordTaken(1000);
    expect(tokens.batchOf(4000)).toBe(0);
    expect(tokens.timeUntilBatch(4000)).toBe(seconds * 1000);
    pass(seconds - 1);
    expect(tokens.batchOf(4000)).toBe(0);
    pass(1);
    expect(tokens.batchOf(4000)).toBe(900);
  });

  it("waits no longer than for the instances that are left, or for what returns in this run", () => {
    const { tokens } = tokensOf("start");
    tokens.recordTaken(1000);
    expect(tokens.timeUntilBatch(100)).toBe(51_000);
    expect(tokens.timeUntilBatch(5000)).toBeLessThanOrEqual(4 * MINUTES);
  });

  it("halves after each refusal, and after an accepted half, until too little is uncertain", () => {
    const { tokens } = tokensOf("start");
    tokens.recordRefused(600);
    expect(tokens.batchOf(600)).toBe(300);
    tokens.recordTaken(300);
    expect(tokens.batchOf(300)).toBe(148);
    tokens.recordRefused(148);
    expect(tokens.batchOf(300)).toBe(74);
    tokens.recordTaken(74);
    expect(tokens.batchOf(226)).toBe(0);
  });

  it("counts only on what returns, after four refusals", () => {
    const { tokens, pass } = tokensOf("start");
    for (const size of [1000, 500, 250, 125]) {
      expect(tokens.batchOf(5000)).toBe(size);
      tokens.recordRefused(size);
    }
    expect(tokens.batchOf(100)).toBe(0);
    pass(50);
    expect(tokens.batchOf(100)).toBe(100);
  });

  it("waits twice as long after each refusal from the fourth on, to a minute, since others take what returns", () => {
    const { tokens, pass } = tokensOf("stop", { runMinutes: 15 });
    for (const size of [1000, 500, 250]) tokens.recordRefused(size);
    const waits = Array.from({ length: 7 }, () => {
      tokens.recordRefused(3);
      const milliseconds = tokens.timeUntilBatch(3);
      pass(milliseconds / 1000);
      expect(tokens.batchOf(3)).toBe(3);
      return milliseconds / 1000;
    });
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60]);
  });

  it("counts on nothing that an unanswered call may have taken", () => {
    const { tokens } = tokensOf("start");
    tokens.recordTaken(900, false);
    expect(tokens.batchOf(1000)).toBeLessThan(600);
  });
});

describe("the surplus", () => {
  it("is nothing where the bucket refills in time", () => {
    expect(tokensOf("start").tokens.surplus(1400)).toBeUndefined();
    expect(tokensOf("stop").tokens.surplus(5700)).toBeUndefined();
  });

  it("of a start is what the bucket does not hold now, due with a useful batch", () => {
    expect(tokensOf("start").tokens.surplus(5000)).toEqual({ count: 4000, at: NOW + 451_000 });
  });

  it("of a stop is due within the run, which leaves it a useful batch", () => {
    const at = Date.parse("2026-11-23T11:04:00Z");
    expect(tokensOf("stop").tokens.surplus(10_000)).toEqual({
      count: 10_000 - (1000 + 20 * 237 - 900),
      at,
    });
  });

  it("waits for the halves, and then is all that returns too late; others come back at another time", () => {
    const { tokens } = tokensOf("start");
    tokens.recordRefused(1000);
    expect(tokens.surplus(1000)).toBeUndefined();
    for (const size of [500, 250, 125]) tokens.recordRefused(size);
    expect(tokens.surplus(100)).toBeUndefined();
    expect(tokens.surplus(1000)).toEqual({ count: 1000, at: NOW + 1.5 * 451_000 });
  });

  it("is all where the next call would come too late", () => {
    const { tokens } = tokensOf("stop", { runMinutes: 0.5 });
    for (let refusals = 0; refusals < 8; refusals++) tokens.recordRefused(100);
    expect(tokens.surplus(3)).toMatchObject({ count: 3 });
  });
});
