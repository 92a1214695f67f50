import { groupBy } from "../contract/collections";
import { coversValue, demandsAtLeast, type TagValue, type TagValues } from "../contract/tags";
import type { Ec2StartStopProps, TargetProps } from "./props";
import { tagLists } from "./requests";

/** What a target acts on, as texts. Texts that two targets have in common stand for instances that they share. */
export interface TargetCoverage {
  /** `<region> <id>` of each listed instance; of all instances of a region, those that other targets list. */
  readonly ids: readonly string[];
  /**
   * What the target finds by tags, in each region: its own tags (all instances are no tags), narrower ones of other targets,
   * and the parts with one of several values that another target finds too.
   */
  readonly tagSets: readonly string[];
}

/** The targets with the same tags and exclusions. */
interface TagClass {
  readonly key: string;
  readonly tags: TagValues;
  readonly exclude: TagValues;
  readonly members: { readonly name: string; readonly regions: readonly string[] }[];
}

/** Bounds the work on thousands of targets with overlapping lists of values. Beyond it only equal tags are compared. */
const MAX_COMPARISONS = 200_000;

/** Returns what each target acts on. Tags that merely may find the same instances are not considered. */
export function coverageOfTargets({
  targets,
  region,
}: Pick<Ec2StartStopProps, "region" | "targets">): ReadonlyMap<string, TargetCoverage> {
  const regionsOf = ({ regions }: TargetProps) => (regions?.length ? regions : [region]);
  const tagSets = tagSetsOf(targets, regionsOf);
  const listed = Object.entries(targets).flatMap(([of, target]) => {
    const [first = region] = regionsOf(target);
    return (target.instanceIds ?? []).map((id) => ({ of, region: first, place: `${first} ${id}` }));
  });
  const listedBy = groupBy(listed, ({ of }) => of);
  return new Map(
    Object.entries(targets).map(([name, target]) => {
      const isEverything = target.all && target.exclude === undefined;
      const own = isEverything
        ? listed.filter((each) => regionsOf(target).includes(each.region))
        : (listedBy.get(name) ?? []);
      return [name, { ids: own.map(({ place }) => place), tagSets: tagSets.get(name) ?? [] }];
    }),
  );
}

function tagSetsOf(
  targets: Ec2StartStopProps["targets"],
  regionsOf: (target: TargetProps) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const classes = tagClasses(targets, regionsOf);
  const finders = new Finders(classes);
  const wider = new Map(classes.map((each) => [each, finders.of(each, new Set([each]))]));
  const sets = new Map<string, string[]>();
  const add = (key: string, of: TagClass, by: Iterable<TagClass>) => {
    const regions = new Set(of.members.flatMap((member) => member.regions));
    for (const { name, regions: own } of [...by].flatMap(({ members }) => members)) {
      const known = sets.get(name) ?? [];
      sets.set(name, known);
      known.push(...own.filter((region) => regions.has(region)).map((region) => `${region} ${key}`));
    }
  };
  for (const each of classes) {
    const all = [each, ...(wider.get(each) ?? [])];
    const known = new Set(all);
    let isDivided = false;
    for (const [key, values] of Object.entries(each.tags).filter(([, { length }]) => length > 1)) {
      const shared = finders.ofParts(each, key, known);
      for (const { part, by } of shared) add(part.key, each, [...all, ...by]);
      isDivided ||= shared.length === values.length;
    }
    // Where others find each part, they find all of it, though none does so alone.
    if (!isDivided) add(each.key, each, all);
  }
  return sets;
}

/** Finds wider classes, as long as the work is bounded. */
class Finders {
  readonly #index: TagIndex;
  #comparisons = 0;

  constructor(classes: readonly TagClass[]) {
    this.#index = new TagIndex(classes);
  }

  /** Returns the classes that find all of what is narrower, but for known ones. */
  of(narrow: TagClass, known: ReadonlySet<TagClass>): TagClass[] {
    const found = new Set<TagClass>();
    for (const wide of this.#index.candidatesFor(narrow)) {
      if (++this.#comparisons > MAX_COMPARISONS) break;
      if (known.has(wide) || !findsAllOf(wide, narrow)) continue;
      found.add(wide);
      this.#comparisons += wide.members.length;
    }
    return [...found];
  }

  /** Divides a class by the values of a key. Returns the parts that classes but for known ones find, with these. */
  ofParts(
    { tags, exclude, members }: TagClass,
    key: string,
    known: ReadonlySet<TagClass>,
  ): { part: TagClass; by: TagClass[] }[] {
    const size = Object.values(tags).reduce((sum, { length }) => sum + length, 0);
    return this.#index.sharedValues(tags, key).flatMap((value) => {
      // Lists of values are compared with each other.
      this.#comparisons += size ** 2 / 1_000;
      if (this.#comparisons > MAX_COMPARISONS) return [];
      const narrower = { ...tags, [key]: [value] };
      const by = this.of({ key: "", tags: narrower, exclude, members }, known);
      if (by.length === 0) return [];
      return [{ part: { key: classKey(narrower, exclude), tags: narrower, exclude, members }, by }];
    });
  }
}

function tagClasses(
  targets: Ec2StartStopProps["targets"],
  regionsOf: (target: TargetProps) => readonly string[],
): readonly TagClass[] {
  const classes = new Map<string, TagClass>();
  for (const [name, target] of Object.entries(targets)) {
    const tags = target.all ? {} : tagLists(target.tags);
    if (tags === undefined) continue;
    const exclude = tagLists(target.exclude) ?? {};
    const key = classKey(tags, exclude);
    const known = classes.get(key) ?? { key, tags, exclude, members: [] };
    classes.set(key, known);
    known.members.push({ name, regions: regionsOf(target) });
  }
  return [...classes.values()];
}

function classKey(tags: TagValues, exclude: TagValues): string {
  return JSON.stringify([sorted(tags), sorted(exclude)]);
}

function sorted(tags: TagValues): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(tags)
    .map(([key, values]) => [key, values.map((value) => JSON.stringify(value)).sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether tags find every instance that narrower ones find. */
function findsAllOf(wide: TagClass, narrow: TagClass): boolean {
  return (
    demandsAtLeast(narrow.tags, wide.tags) &&
    Object.entries(wide.exclude).every(([key, values]) => {
      const [found, left] = [ownValues(narrow.tags, key), ownValues(narrow.exclude, key) ?? []];
      return values.every(
        (value) =>
          coversValue(left, value) || (found !== undefined && !found.some((each) => mayOverlap(each, value))),
      );
    })
  );
}

function ownValues(tags: TagValues, key: string): readonly TagValue[] | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

/** Whether a value may be described by both. Of two patterns that is assumed. */
function mayOverlap(a: TagValue, b: TagValue): boolean {
  return (typeof a !== "string" && typeof b !== "string") || coversValue([a], b) || coversValue([b], a);
}

/** Index of classes by the literal values of their rarest key, so that few pairs need a comparison. */
class TagIndex {
  readonly #counts = new Map<string, number>();
  readonly #classes = new Map<string, TagClass[]>();
  /** Counts of the classes with patterns, by key. */
  readonly #patternKeys = new Map<string, number>();
  /** Those without a key of literal values only. */
  readonly #patterns: TagClass[] = [];

  constructor(classes: readonly TagClass[]) {
    for (const { tags } of classes) {
      for (const pair of Object.entries(tags).flatMap(pairsOf))
        this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + 1);
      for (const [key] of Object.entries(tags).filter((entry) => !isLiteral(entry)))
        this.#patternKeys.set(key, (this.#patternKeys.get(key) ?? 0) + 1);
    }
    for (const each of classes) {
      const keys = Object.entries(each.tags).filter(isLiteral).map(pairsOf);
      const rarest = least(keys, (pairs) => this.#sum(pairs));
      if (rarest === undefined) this.#patterns.push(each);
      for (const pair of rarest ?? []) {
        const known = this.#classes.get(pair);
        if (known === undefined) this.#classes.set(pair, [each]);
        else known.push(each);
      }
    }
  }

  /** Returns the classes that may find all instances of this one: those with each key's rarest value, and those by patterns. */
  *candidatesFor({ tags }: TagClass): Iterable<TagClass> {
    for (const entry of Object.entries(tags).filter(isLiteral)) {
      const rarest = least(pairsOf(entry), (pair) => this.#sum([pair]));
      yield* (rarest !== undefined && this.#classes.get(rarest)) || [];
    }
    yield* this.#patterns;
  }

  /** Returns the values of a key that another class has too, or may describe by a pattern. */
  sharedValues(tags: TagValues, key: string): readonly TagValue[] {
    const values = tags[key] ?? [];
    const ownPatterns = isLiteral([key, values]) ? 0 : 1;
    if ((this.#patternKeys.get(key) ?? 0) > ownPatterns) return values;
    return values.filter((value) => this.#sum(pairsOf([key, [value]])) > 1);
  }

  #sum(pairs: readonly string[]): number {
    return pairs.reduce((sum, pair) => sum + (this.#counts.get(pair) ?? 0), 0);
  }
}

/** Whether a key has literal values only. No others describe all that a pattern describes. */
function isLiteral([, values]: readonly [string, readonly TagValue[]]): boolean {
  return values.every((value) => typeof value === "string");
}

function pairsOf([key, values]: readonly [string, readonly TagValue[]]): string[] {
  return values.map((value) => JSON.stringify([key, value]));
}

function least<T>(items: readonly T[], sizeOf: (item: T) => number): T | undefined {
  return items.reduce<{ item: T; size: number } | undefined>((smallest, item) => {
    const size = sizeOf(item);
    return smallest === undefined || size < smallest.size ? { item, size } : smallest;
  }, undefined)?.item;
}
