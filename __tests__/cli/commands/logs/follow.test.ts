import { beforeEach, describe, expect, it } from "@jest/globals";
import { describeAwsError } from "../../../../cli/aws/call";
import { type FollowedLog, followLogs } from "../../../../cli/commands/logs/run";
import { RunFollower } from "../../../../cli/runs/follow";
import { FakeClock, fakeContext } from "../../../support/fake-context";
import { FakeLogs } from "../../../support/fake-logs";
import { A, at, platform, stream } from "../../../support/recorded-runs";

const run = stream("s", [
  [0, platform.start(A)],
  [1, platform.report(A)],
]);
const throttled = () => describeAwsError("logs:FilterLogEvents", fault("ThrottlingException"));
const fault = (name: string) => Object.assign(new Error("Rate exceeded"), { name });

let logs: FakeLogs;
beforeEach(() => {
  logs = new FakeLogs();
  logs.add("stop");
  logs.add("start");
});

/** Follows until so many sleeps have passed. */
async function follow(
  names: readonly string[],
  sleeps: number,
  meanwhile: (sleep: number) => void = () => undefined,
) {
  const interruption = new AbortController();
  const clock = new FakeClock(at(5), (number) => {
    meanwhile(number);
    if (number >= sleeps) interruption.abort();
  });
  const shown: FollowedLog[] = [];
  const followers = names.map((name) => new RunFollower(name, logs, at(-60)));
  await followLogs(
    followers,
    (found) => shown.push(...found),
    fakeContext(clock, { interrupted: interruption.signal }),
  );
  return {
    sleeps: clock.slept.map((milliseconds) => milliseconds / 1000),
    ids: shown.flatMap(({ runs = [] }) => runs.map(({ requestId }) => requestId)),
  };
}

describe("following logs", () => {
  it("looks every five seconds, until it is interrupted", async () => {
    const { sleeps, ids } = await follow(["stop"], 4, (sleep) => {
      if (sleep === 2) logs.add("stop", ...run);
    });
    expect(sleeps).toEqual([5, 5, 5, 5]);
    expect(ids).toEqual([A]);
  });

  it("looks more slowly while AWS throttles, and as before once it does not", async () => {
    logs.faults.push(...Array.from({ length: 6 }, throttled));
    const { sleeps, ids } = await follow(["stop"], 8, (sleep) => {
      if (sleep === 1) logs.add("stop", ...run);
    });
    expect(sleeps).toEqual([10, 20, 40, 60, 60, 60, 5, 5]);
    expect(ids).toEqual([A]);
  });

  it("gives up when it never passes", async () => {
    logs.faults.push(...Array.from({ length: 50 }, throttled));
    await expect(follow(["stop"], 50)).rejects.toThrow("AWS throttled logs:FilterLogEvents");
  });

  it("ends at once where waiting does not help, but shows what the other log gave", async () => {
    logs.add("start", ...run);
    logs.faults.push(describeAwsError("logs:FilterLogEvents", fault("AccessDeniedException")));
    const shown: FollowedLog[] = [];
    const followers = ["stop", "start"].map((name) => new RunFollower(name, logs, at(-60)));
    const context = fakeContext(new FakeClock(at(5)));
    await expect(followLogs(followers, (found) => shown.push(...found), context)).rejects.toThrow(
      "need the permission logs:FilterLogEvents",
    );
    expect(shown).toMatchObject([{ functionName: "start", runs: [{ requestId: A }] }]);
  });

  it("loses nothing of one log while the other is throttled", async () => {
    logs.add("start", ...run);
    logs.faults.push(throttled());
    expect((await follow(["stop", "start"], 2)).ids).toEqual([A]);
  });
});
