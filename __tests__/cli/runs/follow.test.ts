import { beforeEach, describe, expect, it } from "@jest/globals";
import { RunFollower } from "../../../cli/runs/follow";
import { FakeLogs } from "../../support/fake-logs";
import { A, at, B, platform, reportLine, stream } from "../../support/recorded-runs";

const STOP = "dev-StopEC2Instances";
let logs: FakeLogs;
let follower: RunFollower;
beforeEach(() => {
  logs = new FakeLogs();
  logs.add(STOP);
  follower = new RunFollower(STOP, logs, at(-3600));
});

const poll = async (seconds: number) =>
  (await follower.poll(at(seconds)))?.map(({ requestId, attempt, ending }) => [requestId, attempt, ending]);

describe("following the log of a function", () => {
  it("gives a run once, though its events are read again and again", async () => {
    logs.add(
      STOP,
      ...stream("s", [
        [0, platform.start(A)],
        [1, reportLine(A)],
        [1, platform.report(A)],
      ]),
    );
    expect(await poll(5)).toEqual([[A, 1, "reported"]]);
    expect(await poll(10)).toEqual([]);
    expect(await poll(15)).toEqual([]);
  });

  it("gives a run when it is over, however long that takes", async () => {
    const [start, end] = stream("s", [
      [0, platform.start(A)],
      [899, platform.report(A, { status: "timeout", durationMs: 899_000 })],
    ]);
    const others = stream("t", [
      [600, platform.start(B)],
      [601, platform.report(B)],
    ]);
    logs.add(STOP, ...(start ? [start] : []));
    expect(await poll(5)).toEqual([]);
    logs.add(STOP, ...others);
    expect(await poll(605)).toEqual([[B, 1, "unreported"]]);
    logs.add(STOP, ...(end ? [end] : []));
    expect(await follower.poll(at(905))).toMatchObject([
      { requestId: A, ending: "timed-out", startedAt: at(0), error: "timed out after 899 s" },
    ]);
    expect(await poll(910)).toEqual([]);
  });

  it("gives what comes late, and earlier lines of what it gave not again", async () => {
    logs.add(STOP, ...stream("late-start", [[101, reportLine(B)]]));
    expect(await poll(105)).toEqual([[B, 1, "reported"]]);
    logs.add(
      STOP,
      ...stream("first-lines", [
        [0, platform.start(A)],
        [1, reportLine(A)],
      ]),
      ...stream("late-start", [
        [99, ""],
        [99.6, platform.start(B)],
        [102, platform.report(B)],
      ]).slice(1),
    );
    expect(await poll(110)).toEqual([[A, 1, "reported"]]);
    logs.add(
      STOP,
      ...stream("first-lines", [
        [0, ""],
        [0, ""],
        [2, platform.report(A)],
      ]).slice(2),
    );
    expect(await poll(115)).toEqual([]);
  });

  it("gives each attempt of an invocation that Lambda tries again", async () => {
    const attempt = (seconds: number, index: number) =>
      stream("s", [
        [seconds, platform.start(A)],
        [seconds + 1, reportLine(A, { status: "failed" })],
        [seconds + 1, platform.report(A, { status: "error" })],
      ]).map((event) => ({ ...event, id: `${event.id}-${index}` }));
    logs.add(STOP, ...attempt(0, 1));
    expect(await poll(5)).toEqual([[A, 1, "reported"]]);
    logs.add(STOP, ...attempt(61, 2));
    expect(await poll(65)).toEqual([[A, 2, "reported"]]);
    logs.add(STOP, ...attempt(1000, 3));
    expect(await poll(1005)).toEqual([[A, 3, "reported"]]);
    expect(await poll(1010)).toEqual([]);
    // By now the earlier ones are forgotten.
    logs.add(STOP, ...attempt(2000, 4));
    expect(await poll(2005)).toEqual([[A, 2, "reported"]]);
    expect(await poll(2010)).toEqual([]);
  });

  it("reads again only what is near the newest event, whatever the clock here shows", async () => {
    logs.add(
      STOP,
      ...stream("s", [
        [0, platform.start(A)],
        [1, platform.report(A)],
      ]),
    );
    await poll(9999);
    await poll(-9999);
    expect(logs.reads).toEqual([at(-3600), at(-299)]);
  });

  it("gives no run that began before", async () => {
    logs.add(STOP, ...stream("s", [[-3590, platform.report(A, { durationMs: 60_000 })]]));
    expect(await poll(0)).toEqual([]);
  });

  it("says that there is no log group, until there is one", async () => {
    logs.groups.clear();
    expect(await poll(0)).toBeUndefined();
    logs.add(
      STOP,
      ...stream("s", [
        [0, platform.start(A)],
        [1, platform.report(A)],
      ]),
    );
    expect(await poll(5)).toEqual([[A, 1, "unreported"]]);
  });
});
