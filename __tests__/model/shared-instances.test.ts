import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { excludingTag, matchesAllTags, type TagValues } from "../../contract/tags";
import type { TargetProps } from "../../model/props";
import { instancesOfTargets } from "../../model/shared-instances";
import { printedSeed, propertyRuns } from "../support/property";
import { instanceTags, targetTags } from "../support/tag-cases";

/** Whether a target is known to find all that another one finds, in one of its regions. */
function findsAllOf(wide: TargetProps, narrow: TargetProps): boolean {
  const found = instancesOfTargets({ region: "us-east-1", targets: { wide, narrow } });
  const narrowest = instancesOfTargets({ region: "us-east-1", targets: { narrow } }).get("narrow")?.tagSets;
  return narrowest?.some((set) => found.get("wide")?.tagSets.includes(set)) ?? false;
}

describe("a target", () => {
  const [web, web1] = [{ Name: { like: "web-*" } }, { Name: "web-1" }];
  const owned = { Owner: { any: true as const } };

  it.each<[string, TargetProps, TargetProps, boolean]>([
    ["a pattern, a value of it", { tags: web }, { tags: web1 }, true],
    ["a value, a pattern of it", { tags: web1 }, { tags: web }, false],
    ["a pattern, a narrower one", { tags: web }, { tags: { Name: ["web-1", { like: "web-a*" }] } }, true],
    ["a pattern, another one", { tags: web }, { tags: { Name: { like: "*-web" } } }, false],
    ["any value, a pattern and more", { tags: owned }, { tags: { ...web, Owner: { like: "a*" } } }, true],
    ["all, a pattern", { all: true }, { tags: web }, true],
    ["all, all but some", { all: true }, { all: true, exclude: owned }, true],
    ["all but some, all", { all: true, exclude: owned }, { all: true }, false],
    ["all but some, what has others", { all: true, exclude: { Name: "db" } }, { tags: web }, true],
    [
      "all but some, what may have them",
      { all: true, exclude: { Name: { like: "*1" } } },
      { tags: web },
      false,
    ],
    ["all but few, all but more", { all: true, exclude: web1 }, { all: true, exclude: web }, true],
    ["all in another region", { all: true, regions: ["eu-west-1"] }, { tags: web }, false],
  ])("by %s: finds all of it as far as that is known", (_name, wide, narrow, expected) => {
    expect(findsAllOf(wide, narrow)).toBe(expected);
  });

  it("of all instances has those that other targets of its regions list, unless it leaves some out", () => {
    const targets = {
      dev: { instanceIds: ["i-0123456789abcdef0"] },
      far: { instanceIds: ["i-0123456789abcdef1"], regions: ["eu-west-1"] },
      all: { all: true as const },
      most: { all: true as const, exclude: { Keep: "true" } },
    };
    const found = instancesOfTargets({ region: "us-east-1", targets });
    expect([...found].map(([name, { ids }]) => [name, ids])).toEqual([
      ["dev", ["us-east-1 i-0123456789abcdef0"]],
      ["far", ["eu-west-1 i-0123456789abcdef1"]],
      ["all", ["us-east-1 i-0123456789abcdef0"]],
      ["most", []],
    ]);
  });

  it("is never said to find what it does not find", () => {
    let found = 0;
    const target = fc.tuple(
      fc.option(targetTags, { nil: undefined }),
      fc.option(targetTags, { nil: undefined }),
    );
    const property = fc.property(target, target, instanceTags, ([a, notA], [b, notB], instance) => {
      const propsOf = (tags?: TagValues, exclude?: TagValues): TargetProps => ({
        ...(tags ? { tags } : { all: true }),
        ...(exclude ? { exclude } : {}),
      });
      const [wide, narrow] = [propsOf(a, notA), propsOf(b, notB)];
      if (!findsAllOf(wide, narrow)) return true;
      const tags = new Map(Object.entries(instance));
      const isIn = (wanted: TagValues = {}, left: TagValues = {}) =>
        matchesAllTags(tags, wanted) && excludingTag(tags, left) === undefined;
      if (isIn(b, notB)) found++;
      return !isIn(b, notB) || isIn(a, notA);
    });
    fc.assert(property, { seed: printedSeed("targets within targets"), numRuns: propertyRuns(50_000) });
    expect(found).toBeGreaterThan(0);
  });
});
