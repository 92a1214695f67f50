import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import {
  CODE,
  FUNCTION_SETTINGS,
  HOLD_TAG,
  LATEST_MINUTES,
  MAX_INSTANCES,
  NAME,
  TIMEZONE,
  TRIGGER,
} from "../../contract/limits";

const project = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(project, file), "utf8");
const inEnglish = (value: number) => value.toLocaleString("en-US");

describe("the doc comments of the props", () => {
  // The first of a name is that of the whole config, as with timezone.
  const comments = new Map(
    [...read("model/props.ts").matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s+readonly (\w+)\?:/g)]
      .reverse()
      .map(([, comment = "", key = ""]) => [key, comment.replace(/\s*\n\s*\* ?/g, " ")] as const),
  );
  const { timeoutSeconds, memoryMb, logRetentionDays, runtime, architecture } = FUNCTION_SETTINGS;

  it.each([
    ["name", NAME],
    ["timezone", TIMEZONE],
    ["trigger", TRIGGER],
    ["code", CODE],
    ["maxInstances", MAX_INSTANCES],
    ["holdTag", HOLD_TAG],
    ["timeoutSeconds", timeoutSeconds],
    ["memoryMb", memoryMb],
    ["logRetentionDays", logRetentionDays],
    ["runtime", runtime],
    ["architecture", architecture],
  ])("say the default of %s", (key, { default: value }) => {
    const [, said] = /@default (.*?)\s*(?:@see|$)/.exec(comments.get(key) ?? "") ?? [];
    expect(said?.replaceAll('"', "")).toBe(String(value));
  });

  it("say the bounds", () => {
    expect(comments.get("timeoutSeconds")).toContain(`${timeoutSeconds.min} to ${timeoutSeconds.max}.`);
    expect(comments.get("memoryMb")).toContain(`${memoryMb.min} to ${inEnglish(memoryMb.max)}.`);
    const { min, max, default: minutes } = LATEST_MINUTES;
    expect(comments.get("latestMinutes")).toContain(`minutes (${min} to ${inEnglish(max)})`);
    expect(comments.get("latestMinutes")).toContain(`@default ${minutes}, or less`);
  });
});
