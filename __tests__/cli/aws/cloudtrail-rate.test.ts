import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { CallRate } from "../../../cli/aws/cloudtrail";
import { FakeClock } from "../../support/fake-context";
import { printedSeed } from "../../support/property";

const RATE = { calls: 2, perMilliseconds: 1_000 };

describe("the rate of calls", () => {
  it("lets the first two go at once, and the third a second after the first", async () => {
    const clock = new FakeClock("2026-11-23T00:00:00Z");
    const rate = new CallRate(clock, RATE);
    for (let call = 0; call < 5; call++) await rate.waitForTurn();
    expect(clock.slept).toEqual([1_000, 1_000]);
  });

  it("holds no call that comes late enough", async () => {
    const clock = new FakeClock("2026-11-23T00:00:00Z");
    const rate = new CallRate(clock, RATE);
    for (let call = 0; call < 4; call++) {
      await rate.waitForTurn();
      await clock.sleep(500);
    }
    expect(clock.slept).toEqual([500, 500, 500, 500]);
  });

  it("does not wait for ever for a clock that was set back", async () => {
    const times = ["2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z", "2026-11-23T08:00:00Z"];
    let slept = 0;
    const clock = {
      now: () => new Date(times.length > 1 ? (times.shift() ?? "") : (times[0] ?? "")),
      sleep: async (milliseconds: number) => {
        slept += milliseconds;
      },
    };
    const rate = new CallRate(clock, RATE);
    for (let call = 0; call < 3; call++) await rate.waitForTurn();
    expect(slept).toBe(1_000);
  });

  it("lets never more than two go within a second, whenever they are made", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_500), { minLength: 3, maxLength: 40 }), async (pauses) => {
        const clock = new FakeClock("2026-11-23T00:00:00Z");
        const rate = new CallRate(clock, RATE);
        const went: number[] = [];
        for (const pause of pauses) {
          // Those without a pause ask while others wait.
          if (pause > 500) await clock.sleep(pause);
          await Promise.all([0, 1].map(() => rate.waitForTurn().then(() => went.push(+clock.now()))));
        }
        const inOneSecond = went.map((at) => went.filter((each) => each >= at && each < at + 1_000).length);
        expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(2);
      }),
      { seed: printedSeed("the rate of calls") },
    );
  });
});
