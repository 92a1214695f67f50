import { describe, expect, it } from "@jest/globals";
import { describeAwsError } from "../../../../cli/aws/call";
import { RecentRunsReader } from "../../../../cli/commands/status/recent-runs";
import type { FunctionRun, RunPeriod, RunReader } from "../../../../cli/runs/run";
import type { Config } from "../../../../config";
import { OFFICE, planOf, run } from "./scene";

const STOP = "dev-StopEC2Instances";
const NOW = new Date("2026-11-23T11:12:00Z");

class FakeReader implements RunReader {
  readonly periods: RunPeriod[] = [];

  constructor(readonly answer: (name: string, from: Date) => readonly FunctionRun[] | undefined) {}

  async runs(name: string, period: RunPeriod): Promise<readonly FunctionRun[] | undefined> {
    this.periods.push(period);
    return this.answer(name, period.from)?.filter(({ startedAt }) => startedAt >= period.from);
  }

  async runOf(): Promise<undefined> {
    return undefined;
  }
}

const historyOf = (reader: RunReader, schedules: Config["schedules"] = OFFICE, logRetentionDays?: number) =>
  new RecentRunsReader({ reader, functionNames: [STOP], plan: planOf(schedules), logRetentionDays });
const readFrom = async (schedules: Config["schedules"], logRetentionDays?: number) => {
  const reader = new FakeReader(() => []);
  await historyOf(reader, schedules, logRetentionDays).read(NOW);
  return reader.periods[0]?.from.toISOString();
};

describe("the runs that are read", () => {
  it("go back to the last firing of each schedule, and a day at least", async () => {
    expect(await readFrom(OFFICE)).toBe("2026-11-22T11:12:00.000Z");
    expect(
      await readFrom({ weekly: { action: "stop", targets: "dev", expression: "cron(0 20 ? * WED *)" } }),
    ).toBe("2026-11-18T10:58:00.000Z");
  });

  it("go back no further than 30 days, or than logs are kept", async () => {
    const yearly = { off: { action: "stop", targets: "dev", expression: "cron(0 0 1 2 ? *)" } } as const;
    expect(await readFrom(yearly)).toBe("2026-10-24T11:12:00.000Z");
    expect(await readFrom(yearly, 7)).toBe("2026-11-16T11:12:00.000Z");
  });

  it("are read again only as far as they may have changed", async () => {
    const runs = [run("dev-stop", "2026-11-23T09:00:00Z"), run("dev-stop", "2026-11-23T11:00:10Z")];
    const reader = new FakeReader(() => runs);
    const history = historyOf(reader);
    await history.read(NOW);
    runs.push(run("dev-stop", "2026-11-23T11:12:05Z"));
    const later = await history.read(new Date("2026-11-23T11:12:10Z"));
    expect(reader.periods[1]?.from.toISOString()).toBe("2026-11-23T10:52:00.000Z");
    expect(later.runs).toEqual(runs);
  });

  it("are none of a function that has no log group", async () => {
    const read = await historyOf(new FakeReader(() => undefined)).read(NOW);
    expect(read).toMatchObject({ runs: [], functionsWithoutLogGroup: [STOP] });
  });

  it("are not known without the permission, and that is no failure", async () => {
    const refused = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    const read = await historyOf(
      new FakeReader(() => {
        throw describeAwsError("logs:FilterLogEvents", refused);
      }),
    ).read(NOW);
    expect(read.problem).toBe(
      "AWS refused: these credentials need the permission logs:FilterLogEvents (not authorized)",
    );
  });

  it("are a failure for any other reason", async () => {
    const throttled = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
    const reader = new FakeReader(() => {
      throw describeAwsError("logs:FilterLogEvents", throttled);
    });
    await expect(historyOf(reader).read(NOW)).rejects.toThrow("AWS throttled logs:FilterLogEvents");
  });
});
