import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { callsForTags, tagFilters } from "../../contract/instance-search";
import { narrowTarget } from "../../contract/request";
import {
  coversValue,
  demandsAtLeast,
  describeTags,
  excludingTag,
  isAny,
  leavesOutAtLeast,
  matchesAllTags,
  type TagValues,
} from "../../contract/tags";
import { matchesFilterValues, tagTexts } from "../support/ec2/simulator";
import { printedSeed, propertyRuns } from "../support/property";
import { instanceTags, targetTags } from "../support/tag-cases";

const tags = new Map([
  ["Environment", "qa"],
  ["Team", "db"],
  ["Owner", ""],
]);

describe("an instance's tags", () => {
  it("match if every key has one of its literal values", () => {
    expect(matchesAllTags(tags, { Environment: ["staging", "qa"], Team: ["db"] })).toBe(true);
    expect(matchesAllTags(tags, { Environment: ["staging"], Team: ["db"] })).toBe(false);
    expect(matchesAllTags(tags, { Environment: ["QA"] })).toBe(false);
    expect(matchesAllTags(tags, { Keep: [""] })).toBe(false);
  });

  it("match any value of a key, the empty one too, but not a missing key", () => {
    expect(matchesAllTags(tags, { Owner: [{ any: true }], Team: [{ any: true }] })).toBe(true);
    expect(matchesAllTags(tags, { Keep: [{ any: true }] })).toBe(false);
  });

  it("exclude it if any key has one of its values", () => {
    expect(excludingTag(tags, { Keep: ["true"], Team: ["web", "db"] })).toBe("Team=db");
    expect(excludingTag(tags, { Keep: ["true"], Team: ["web"] })).toBeUndefined();
    expect(excludingTag(tags, { Keep: [{ any: true }], Team: [{ like: "d?" }] })).toBe("Team=db");
  });

  it("are named in words", () => {
    expect(describeTags({ Stage: ["a", "b"], Name: ["db", { like: "web-*" }], Owner: [{ any: true }] })).toBe(
      "Stage=a|b, Name=db or Name like web-*, any Owner",
    );
  });
});

describe("a pattern of a tag's value", () => {
  it.each([
    ["web-*", ["web-", "web-1", "web-a-b", "web-*"], ["web", "Web-1", "my-web-1", ""]],
    ["*-db", ["-db", "a-db", "-db-db"], ["db", "a-db "]],
    ["a*b*c", ["abc", "aXbYc", "abcbc", "a\nb\nc"], ["ab", "acb", "abcd"]],
    ["web-?", ["web-1", "web-*", "web-\u{1F600}"], ["web-", "web-10"]],
    ["?*", ["a", "ab"], [""]],
    ["50\\*?", ["50*a"], ["50a", "50ab", "50*"]],
    ["\\\\*", ["\\", "\\a"], ["", "a"]],
    ["[a-c]*.${x}", ["[a-c].${x}", "[a-c]1.${x}"], ["a.${x}"]],
  ])("%s matches no other texts", (like, matching, others) => {
    expect(matching.filter((value) => !coversValue([{ like }], value))).toEqual([]);
    expect(others.filter((value) => coversValue([{ like }], value))).toEqual([]);
  });

  it("takes no longer for many stars", () => {
    const like = `${"*a".repeat(127)}*b`;
    expect(coversValue([{ like }], "a".repeat(256))).toBe(false);
  });

  it.each([
    ["web-*", "web-1*", true],
    ["web-*", "web-*", true],
    ["*", "web-?", true],
    ["web-?", "web-1", true],
    ["web-?", "web-??", false],
    ["web-1*", "web-*", false],
    ["*a*", "*ba*c", true],
    ["?*", "*", false],
    ["\\**", "\\*a", true],
    ["a\\*", "a*", false],
  ])("%s describes all of %s: %s", (wide, narrow, expected) => {
    expect(coversValue([{ like: wide }], { like: narrow })).toBe(expected);
  });
});

describe("the filters of DescribeInstances", () => {
  const filtersOf = (wanted: TagValues) => tagFilters(wanted).map((call) => call.slice(0, -1));

  it("take literals without their wildcards, patterns with them, and any value by its key", () => {
    expect(filtersOf({ Note: ["a*", "b?\\", { like: "web-*\\*?" }], "Own*r": [{ any: true }] })).toEqual([
      [
        { Name: "tag-key", Values: ["Own\\*r"] },
        { Name: "tag:Note", Values: ["a\\*", "b\\?\\\\", "web-*\\**"] },
      ],
    ]);
  });

  it("ask for one of several keys with any value, and for no tag where all instances are wanted", () => {
    expect(filtersOf({ A: [{ any: true }], B: [{ any: true }] })).toEqual([
      [{ Name: "tag-key", Values: ["A"] }],
    ]);
    expect(filtersOf({})).toEqual([[]]);
    expect(callsForTags({ A: [{ any: true }], B: ["x"] })).toBe(1);
  });

  it("find whatever the function matches, and nothing else but for ? and several keys with any value", () => {
    let matches = 0;
    const property = fc.property(targetTags, instanceTags, (wanted, instance) => {
      const isFound = tagFilters(wanted).some((call) =>
        call
          .filter(({ Name }) => Name !== "instance-state-name")
          .every(({ Name, Values }) => matchesFilterValues(Values, tagTexts(instance, Name))),
      );
      const isMatch = matchesAllTags(new Map(Object.entries(instance)), wanted);
      const lists = Object.values(wanted);
      const isExact =
        lists.filter((values) => values.some(isAny)).length <= 1 && !JSON.stringify(lists).includes("?");
      if (isMatch) matches++;
      return isFound === isMatch || (!isExact && isFound);
    });
    fc.assert(property, { seed: printedSeed("tags and filters"), numRuns: propertyRuns(20_000) });
    expect(matches).toBeGreaterThan(0);
  });
});

describe("tags that are narrower than others", () => {
  it("match no instance that the others do not match, and leave out every instance that they leave out", () => {
    const counts = { narrower: 0, leaving: 0 };
    const property = fc.property(targetTags, targetTags, instanceTags, (a, b, tagsByKey) => {
      const instance = new Map(Object.entries(tagsByKey));
      const isNarrower = demandsAtLeast(a, b) && matchesAllTags(instance, a);
      const isLeftOut = leavesOutAtLeast(a, b) && excludingTag(instance, b) !== undefined;
      if (isNarrower) counts.narrower++;
      if (isLeftOut) counts.leaving++;
      return (
        (!isNarrower || matchesAllTags(instance, b)) &&
        (!isLeftOut || excludingTag(instance, a) !== undefined)
      );
    });
    fc.assert(property, { seed: printedSeed("narrower tags"), numRuns: propertyRuns(50_000) });
    expect(Object.values(counts).every((count) => count > 0)).toBe(true);
  });
});

describe("a target narrowed to some of its instances", () => {
  const region = "us-east-1";
  const one = { instanceId: "i-1", region, tags: new Map([["Keep", "yes"]]) };
  const two = { instanceId: "i-2", region, tags: new Map([["Name", "web-2"]]) };
  const elsewhere = { instanceId: "i-3", region: "eu-west-1", tags: new Map() };

  it("keeps `all`, with the ids of what it has", () => {
    const target = { region, all: true as const, exclude: { Keep: [{ any: true as const }] } };
    expect(narrowTarget(target, [one, two, elsewhere])).toEqual({ ...target, only: ["i-2"] });
    expect(narrowTarget({ ...target, only: ["i-1"] }, [one, two])).toBeUndefined();
  });

  it("keeps its patterns, with the ids of what they match", () => {
    const target = { region, tags: { Name: [{ like: "web-*" }] } };
    expect(narrowTarget(target, [one, two])).toEqual({ ...target, only: ["i-2"] });
  });
});
