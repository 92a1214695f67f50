import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../cli/aws/call";
import type { Status } from "../../../../cli/commands/status/health";
import { createWatchScreen, watchStatus } from "../../../../cli/commands/status/watch";
import { instance, target } from "../../../support/builders";
import { FakeClock, fakeContext } from "../../../support/fake-context";
import { NOW, run, runsRead, statusIn } from "./scene";

const CLEAR = "\u001b[H\u001b[2J\u001b[3J";

/** Watches for so many seconds, a look after the other. */
async function watching(
  looks: readonly ((now: Date) => Status | Error)[],
  { seconds, interactive = false }: { readonly seconds: number; readonly interactive?: boolean },
) {
  const interruption = new AbortController();
  const clock = new FakeClock(NOW, (_, now) => {
    if (+now - +NOW > seconds * 1000) interruption.abort();
  });
  const context = fakeContext(clock, { interactive });
  let count = 0;
  const last = await watchStatus({
    read: async () => {
      const seen = looks[Math.min(count++, looks.length - 1)]?.(clock.now());
      if (seen === undefined || seen instanceof Error) throw seen;
      return seen;
    },
    screen: createWatchScreen(context, { all: false, intervalSeconds: 10 }),
    clock,
    intervalSeconds: 10,
    interrupted: interruption.signal,
  });
  return { last, written: context.written, count };
}

const stateAt =
  (state: string, runs = runsRead([])) =>
  (now: Date) =>
    statusIn({ targets: [target([instance({ state, name: "web" })])], runs, now });
const stopped = runsRead([run("dev-stop", "2026-11-23T11:12:20Z", [{}])]);

describe("watching outside a terminal", () => {
  it("shows the whole once, and then only what changes", async () => {
    const looks = [
      stateAt("running"),
      stateAt("running"),
      stateAt("stopping", stopped),
      stateAt("stopped", stopped),
    ];
    const { written, count } = await watching(looks, { seconds: 45 });
    expect(count).toBe(5);
    expect(written[0]).toContain("1 of 1 instance is not as it should be.");
    expect(written.slice(1)).toEqual([
      "",
      [
        "20:12:25  dev: dev-stop ran at 2026-11-23T11:12:20Z: 1 done",
        "20:12:25  dev: i-1 web running -> stopping, changing",
        "",
      ].join("\n"),
      "20:12:35  dev: i-1 web stopping -> stopped, as it should be\n",
      "",
    ]);
  });

  it("tells of instances that come and go", async () => {
    const two = (now: Date) =>
      statusIn({ targets: [target([instance(), instance({ instanceId: "i-2", state: "stopped" })])], now });
    const one = (now: Date) => statusIn({ targets: [target([instance()])], now });
    const { written } = await watching([one, two, one], { seconds: 25 });
    expect(written.slice(1)).toEqual([
      "20:12:15  dev: i-2 is new: stopped, as it should be\n",
      "20:12:25  dev: i-2 is no longer part of it\n",
    ]);
  });

  it("goes on after a look that failed, and tells of it", async () => {
    const looks = [
      stateAt("running"),
      () => new AwsError("AWS throttled ec2:DescribeInstances"),
      stateAt("stopped"),
    ];
    const { written, last } = await watching(looks, { seconds: 25 });
    expect(written[1]).toBe("No answer, trying again: AWS throttled ec2:DescribeInstances\n");
    expect(written[2]).toContain("running -> stopped");
    expect(last?.targets[0]?.counts.ok).toBe(1);
  });
});

describe("watching on a terminal", () => {
  it("draws each look over the one before", async () => {
    const { written } = await watching([stateAt("running"), stateAt("stopped")], {
      seconds: 15,
      interactive: true,
    });
    expect(written).toHaveLength(2);
    for (const text of written) expect(text.startsWith(CLEAR)).toBe(true);
    expect(written[0]).toMatch(
      /20:12:05.*1 of 1 instance is not.*\nRefreshed every 10 s, until Ctrl-C\.\n$/s,
    );
    expect(written[1]).toMatch(/20:12:15.*All is as it should be\.\n/s);
  });

  it("keeps the last look where one failed", async () => {
    const looks = [stateAt("running"), () => new AwsError("AWS throttled")];
    const { written } = await watching(looks, { seconds: 15, interactive: true });
    expect(written[1]).toMatch(/i-1.*No answer, trying again: AWS throttled\nRefreshed every/s);
  });
});

describe("the end of watching", () => {
  it("is the last look, or none where that failed", async () => {
    expect((await watching([stateAt("stopped")], { seconds: 15 })).last?.targets).toHaveLength(1);
    const failing = [stateAt("stopped"), () => new AwsError("no")];
    expect((await watching(failing, { seconds: 15 })).last).toBeUndefined();
  });

  it("is the failure of the first look, or any that is not AWS's", async () => {
    await expect(watching([() => new AwsError("denied")], { seconds: 15 })).rejects.toThrow("denied");
    const failing = [stateAt("stopped"), () => new TypeError("a fault")];
    await expect(watching(failing, { seconds: 15 })).rejects.toThrow("a fault");
  });

  it("comes at once, in the middle of a look too", async () => {
    const interruption = new AbortController();
    const watched = watchStatus({
      read: () => new Promise(() => undefined),
      screen: { show: () => undefined, showFailure: () => undefined },
      clock: new FakeClock(NOW),
      intervalSeconds: 10,
      interrupted: interruption.signal,
    });
    interruption.abort();
    expect(await watched).toBeUndefined();
  });
});
