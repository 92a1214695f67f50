import { describe, expect, it } from "@jest/globals";
import type { LogEvent, LogEventQuery } from "../../../cli/aws/logs";
import { LogRuns } from "../../../cli/runs/follow";
import { A, at, B, platform, reportLine, stream } from "../../support/recorded-runs";

const events = [
  ...stream("s", [
    [0, platform.start(A)],
    [60, platform.report(A, { status: "timeout", durationMs: 60_000 })],
    [100, platform.start(B)],
    [101, platform.report(B)],
  ]),
  ...stream("t", [
    [120, platform.start(A)],
    [121, reportLine(A)],
    [121, platform.report(A)],
  ]),
];

function reading(found: readonly LogEvent[] | undefined) {
  const asked: (LogEventQuery & { readonly group: string })[] = [];
  const reader = {
    events: async (group: string, query: LogEventQuery) => {
      asked.push({ group, ...query });
      return found;
    },
  };
  return { asked, runs: new LogRuns(reader, { now: () => at(600) }) };
}

describe("reading the runs of a function", () => {
  it("gives those that began in a period, though their ends come after it", async () => {
    const { asked, runs } = reading(events);
    const found = await runs.runs("dev-StopEC2Instances", { from: at(0), to: at(110) });
    expect(found?.map(({ requestId, ending }) => [requestId, ending])).toEqual([
      [A, "timed-out"],
      [B, "unreported"],
    ]);
    expect(asked).toEqual([{ group: "/aws/lambda/dev-StopEC2Instances", from: at(0), to: at(110 + 960) }]);
  });

  it("leaves out one that began before", async () => {
    const { runs } = reading(stream("s", [[10, platform.report(A, { durationMs: 60_000 })]]));
    expect(await runs.runs("f", { from: at(0) })).toEqual([]);
  });

  it("gives the last attempt of an invocation, asking for no other", async () => {
    const { asked, runs } = reading(events.filter(({ message }) => message.includes(A)));
    expect(await runs.runOf("f", A, at(0))).toMatchObject({ requestId: A, attempt: 2, ending: "reported" });
    expect(asked).toEqual([{ group: "/aws/lambda/f", from: at(-60), containing: A }]);
  });

  it("says that there is no log group, and so no run", async () => {
    const { runs } = reading(undefined);
    expect(await runs.runs("f", { from: at(0) })).toBeUndefined();
    expect(await runs.runOf("f", A, at(0))).toBeUndefined();
  });
});
