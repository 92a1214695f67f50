import { describe, expect, it } from "@jest/globals";
import { parseSince, resolveConfigFile } from "../../cli/options";

const NOW = new Date("2026-11-23T12:00:00Z");
const since = (text: string, timezone = "Asia/Seoul") => parseSince(text, NOW, timezone).toISOString();

describe("how far back to look", () => {
  it.each([
    ["90m", "2026-11-23T10:30:00.000Z"],
    ["12h", "2026-11-23T00:00:00.000Z"],
    ["7d", "2026-11-16T12:00:00.000Z"],
    ["2w", "2026-11-09T12:00:00.000Z"],
    ["0m", "2026-11-23T12:00:00.000Z"],
  ])("is a time before now: %s", (text, expected) => {
    expect(since(text)).toBe(expected);
  });

  it("is days of 24 hours, whatever the clocks do", () => {
    const afterChange = new Date("2026-11-01T12:00:00Z");
    expect(parseSince("1d", afterChange, "America/New_York").toISOString()).toBe("2026-10-31T12:00:00.000Z");
  });

  it.each([
    ["2026-11-23", "2026-11-22T15:00:00.000Z"],
    ["2026-11-23T08:00", "2026-11-22T23:00:00.000Z"],
    ["2026-11-23T08:00:00Z", "2026-11-23T08:00:00.000Z"],
    ["2026-11-23T08:00+02:00", "2026-11-23T06:00:00.000Z"],
  ])("is a date or time, local unless it has an offset: %s", (text, expected) => {
    expect(since(text)).toBe(expected);
  });

  it.each([
    ["", "--since: expected a time such as 90m"],
    ["7", "--since: expected a time such as 90m"],
    ["-7d", "--since: expected a time such as 90m"],
    ["7 days", "--since: expected a time such as 90m"],
    ["1.5h", "--since: expected a time such as 90m"],
    ["999999d", "--since: expected a time such as 90m"],
    ["7D", "--since: expected a time such as 90m"],
    ["2026-02-30", "--since: expected a date and time that exist"],
    ["2026-11-24", "--since: expected a time before now"],
  ])("refuses %j", (text, message) => {
    expect(() => since(text)).toThrow(message);
  });
});

describe("the config file", () => {
  it.each([
    [undefined, {}, "ec2-start-stop.yaml"],
    [undefined, { EC2_START_STOP_CONFIG: "" }, "ec2-start-stop.yaml"],
    [undefined, { EC2_START_STOP_CONFIG: "dev.yaml" }, "dev.yaml"],
    ["live.yaml", { EC2_START_STOP_CONFIG: "dev.yaml" }, "live.yaml"],
  ])("is, for --config %s and the environment %j, %s", (given, env, expected) => {
    expect(resolveConfigFile(given, env)).toBe(expected);
  });

  it("is never an empty path", () => {
    expect(() => resolveConfigFile("", {})).toThrow('--config: expected the path of a file, got ""');
  });
});
