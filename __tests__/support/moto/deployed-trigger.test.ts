import { describe, expect, it } from "@jest/globals";
import { transformInput } from "./deployed-trigger";

const EVENT = { time: "2026-11-23T11:00:00Z", detail: { state: "stopped" } };

describe("transformInput", () => {
  it("fills a placeholder in quotes", () => {
    expect(transformInput('{"scheduledTime":"<time>"}', { time: "$.time" }, EVENT)).toBe(
      '{"scheduledTime":"2026-11-23T11:00:00Z"}',
    );
  });

  it("puts a string in quotes where the template has none", () => {
    expect(transformInput('{"state":<state>}', { state: "$.detail.state" }, EVENT)).toBe(
      '{"state":"stopped"}',
    );
  });

  it("fills no placeholder that Terraform's jsonencode has escaped", () => {
    const escaped = '{"scheduledTime":"\\u003ctime\\u003e"}';
    expect(transformInput(escaped, { time: "$.time" }, EVENT)).toBe(escaped);
  });
});
