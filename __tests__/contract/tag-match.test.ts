import { describe, expect, it } from "@jest/globals";
import { excludingTag, matchesAllTags } from "../../contract/tags";

const tags = new Map([
  ["Environment", "qa"],
  ["Team", "db"],
]);

describe("an instance's tags", () => {
  it("match if every key has one of its literal values", () => {
    expect(matchesAllTags(tags, { Environment: ["staging", "qa"], Team: ["db"] })).toBe(true);
    expect(matchesAllTags(tags, { Environment: ["staging"], Team: ["db"] })).toBe(false);
    expect(matchesAllTags(tags, { Environment: ["QA"] })).toBe(false);
    expect(matchesAllTags(tags, { Owner: [""] })).toBe(false);
  });

  it("exclude it if any key has one of its values", () => {
    expect(excludingTag(tags, { Keep: ["true"], Team: ["web", "db"] })).toBe("Team=db");
    expect(excludingTag(tags, { Keep: ["true"], Team: ["web"] })).toBeUndefined();
  });
});
