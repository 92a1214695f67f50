import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { excludingTag, matchesAllTags, type TagValues } from "../../contract/tags";
import type { TargetProps } from "../../model/props";
import { coverageOfTargets } from "../../model/shared-instances";
import { printedSeed, propertyRuns } from "../support/property";
import { instanceTags, targetTags } from "../support/tag-cases";

/** Whether a target is known to find all that another one finds, in one of its regions. */
function findsAllOf(wide: TargetProps, narrow: TargetProps): boolean {
  const found = coverageOfTargets({ region: "us-east-1", targets: { wide, narrow } });
  const narrowest = coverageOfTargets({ region: "us-east-1", targets: { narrow } }).get("narrow")?.tagSets;
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

  /** The texts that two targets have in common, as tags and exclusions. */
  function sharedBy(a: TargetProps, b: TargetProps): { tags: TagValues; exclude: TagValues }[] {
    const found = coverageOfTargets({ region: "us-east-1", targets: { a, b } });
    const common = found.get("a")?.tagSets.filter((set) => found.get("b")?.tagSets.includes(set)) ?? [];
    return [...new Set(common)].map((set) => {
      const [tags, exclude] = JSON.parse(set.replace(/^\S+ /, "")).map((filter: [string, string[]][]) =>
        Object.fromEntries(filter.map(([key, values]) => [key, values.map((value) => JSON.parse(value))])),
      );
      return { tags, exclude };
    });
  }

  it.each<[string, TargetProps, TargetProps, readonly TagValues[]]>([
    ["a value", { tags: { Env: ["dev", "qa"] } }, { tags: { Env: ["qa", "prod"] } }, [{ Env: ["qa"] }]],
    [
      "a value, and what one of them demands beside it",
      { tags: { Env: ["dev", "qa"] } },
      { tags: { Env: ["qa", "prod"], Team: "web" } },
      [{ Env: ["qa"], Team: ["web"] }],
    ],
    [
      "a value that a pattern describes",
      { tags: { Name: [{ like: "web-*" }, "db"] } },
      { tags: { Name: ["web-1", "cache"] } },
      [{ Name: ["web-1"] }],
    ],
    ["no value", { tags: { Env: ["dev", "qa"] } }, { tags: { Env: ["prod", "test"] } }, []],
    ["a value of another key", { tags: { Env: ["dev", "qa"] } }, { tags: { Stage: ["dev", "qa"] } }, []],
    [
      "a value that may be left out",
      { tags: { Env: ["dev", "qa"] }, exclude: { Keep: "true" } },
      { tags: { Env: ["qa", "prod"] }, exclude: { Keep: "yes" } },
      [],
    ],
  ])("shares with another one %s", (_name, a, b, expected) => {
    expect(sharedBy(a, b).map(({ tags }) => tags)).toEqual(expected);
    expect(sharedBy(b, a).map(({ tags }) => tags)).toEqual(expected);
  });

  it("of several values is no more than its parts where others find each of them", () => {
    const targets = {
      both: { tags: { Env: ["dev", "qa"] } },
      dev: { tags: { Env: "dev" } },
      qa: { tags: { Env: "qa" } },
    };
    const found = coverageOfTargets({ region: "us-east-1", targets });
    const [dev = [], qa = []] = [found.get("dev")?.tagSets, found.get("qa")?.tagSets];
    expect(new Set(found.get("both")?.tagSets)).toEqual(new Set([...dev, ...qa]));
  });

  it("of thousands of values is compared within seconds, alone and with others", () => {
    const many = (last: string): TargetProps => ({
      tags: Object.fromEntries(
        Array.from({ length: 20 }, (_, key) => [
          `k${key}`,
          [...Array.from({ length: 200 }, (_, value) => `v${value}`), `${last}${key}`],
        ]),
      ),
    });
    const began = process.cpuUsage();
    const alone = coverageOfTargets({ region: "us-east-1", targets: { one: many("x") } });
    expect(alone.get("one")?.tagSets).toHaveLength(1);
    coverageOfTargets({
      region: "us-east-1",
      targets: { one: many("x"), two: many("y"), three: many("z") },
    });
    // The time of the processor, since other tests run at the same time.
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
  });

  it("of all instances has those that other targets of its regions list, unless it leaves some out", () => {
    const targets = {
      dev: { instanceIds: ["i-0123456789abcdef0"] },
      far: { instanceIds: ["i-0123456789abcdef1"], regions: ["eu-west-1"] },
      all: { all: true as const },
      most: { all: true as const, exclude: { Keep: "true" } },
    };
    const found = coverageOfTargets({ region: "us-east-1", targets });
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
      const tags = new Map(Object.entries(instance));
      const isIn = (wanted: TagValues = {}, left: TagValues = {}) =>
        matchesAllTags(tags, wanted) && excludingTag(tags, left) === undefined;
      return sharedBy(wide, narrow)
        .filter((shared) => isIn(shared.tags, shared.exclude))
        .every(() => {
          found++;
          return isIn(a, notA) && isIn(b, notB);
        });
    });
    fc.assert(property, { seed: printedSeed("targets that share instances"), numRuns: propertyRuns(50_000) });
    expect(found).toBeGreaterThan(0);
  });
});
