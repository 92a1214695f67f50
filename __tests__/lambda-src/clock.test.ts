import { describe, expect, it } from "@jest/globals";
import { systemClock } from "../../lambda-src/runtime";

describe("sleep", () => {
  it("lasts as long as requested", async () => {
    const before = performance.now();
    await systemClock.sleep(30);
    expect(performance.now() - before).toBeGreaterThanOrEqual(28);
  });

  it("ends at once when aborted, before or during", async () => {
    const abort = new AbortController();
    const sleeping = systemClock.sleep(60_000, abort.signal);
    abort.abort();
    await sleeping;
    await systemClock.sleep(60_000, abort.signal);
    expect(abort.signal.aborted).toBe(true);
  });
});
