import { chunksOf } from "./collections";
import { isAny, type TagValue, type TagValues, writePattern } from "./tags";

/** Instances on one page of DescribeInstances. A call with ids accepts no page size, and returns all of them. */
export const INSTANCES_PER_PAGE = 1000;

/** Ids that EC2 accepts in one call. */
export const IDS_PER_CALL = 1000;

/** Values that EC2 accepts in one filter. */
export const VALUES_PER_FILTER = 200;

/** The states of instances that can be started or stopped, or already are. A target by tags has no terminated ones. */
const LIVING_STATES = ["pending", "running", "stopping", "stopped"];

/** A filter of DescribeInstances. */
export interface InstanceFilter {
  readonly Name: string;
  readonly Values: string[];
}

/**
 * Calls that one target's tags may take in a region. With more than {@link VALUES_PER_FILTER} values of several keys, every
 * combination of their parts is a call of its own.
 */
export const MAX_CALLS_FOR_TAGS = 100;

/** Returns how many calls {@link tagFilters} needs. */
export function callsForTags(tags: TagValues): number {
  return Object.values(tags).reduce((calls, values) => calls * filterValuesOf(values).length, 1);
}

/**
 * Returns the filters of each call that are needed to find the living instances with all of these tag keys, each with a
 * value that matches: every combination of values, split by what EC2 accepts in one filter. They find a little more where
 * several keys may have any value, since of these one is asked for, and where a pattern has a `?`: compare the tags again.
 *
 * @throws Error for tags that take more than MAX_CALLS_FOR_TAGS calls
 */
export function tagFilters(tags: TagValues): InstanceFilter[][] {
  const calls = callsForTags(tags);
  if (calls > MAX_CALLS_FOR_TAGS) {
    throw new Error(
      `Expected tags that take at most ${MAX_CALLS_FOR_TAGS} calls of DescribeInstances, got ${calls}`,
    );
  }
  const anyKey = Object.keys(tags).find((key) => tags[key]?.some(isAny));
  let combinations: InstanceFilter[][] = [
    anyKey === undefined ? [] : [{ Name: "tag-key", Values: [filterValueOf(anyKey)] }],
  ];
  for (const [key, values] of Object.entries(tags)) {
    if (values.some(isAny)) continue;
    const parts = filterValuesOf(values);
    combinations = combinations.flatMap((filters) =>
      parts.map((Values) => [...filters, { Name: `tag:${key}`, Values }]),
    );
  }
  return combinations.map((filters) => [...filters, { Name: "instance-state-name", Values: LIVING_STATES }]);
}

/** Returns the filters of each call that are needed to find these ids. Filters are slower than ids, but accept unknown ones. */
export function idFilters(ids: readonly string[]): InstanceFilter[][] {
  return filterValuesOf(ids).map((Values) => [{ Name: "instance-id", Values }]);
}

function filterValuesOf(values: readonly TagValue[]): string[][] {
  if (values.some(isAny)) return [["*"]];
  return chunksOf([...new Set(values.map(filterValueOf))], VALUES_PER_FILTER);
}

/**
 * Writes a value as that of a filter, in which a backslash makes `*` and `?` literal. The `?` of a pattern becomes `*`,
 * so that nothing depends on what EC2 counts as one character.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
function filterValueOf(value: TagValue): string {
  return writePattern(value, { anyText: "*", anyCharacter: "*" }, (character) =>
    character.replace(/[\\*?]/, "\\$&"),
  );
}
