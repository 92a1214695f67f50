import { chunksOf } from "./collections";
import type { TagValues } from "./tags";

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
  return Object.values(tags).reduce(
    (calls, values) => calls * Math.ceil(new Set(values).size / VALUES_PER_FILTER),
    1,
  );
}

/**
 * Returns the filters of each call that are needed to find the living instances with all of these tag keys, each with one
 * of its literal values: every combination of values, split by what EC2 accepts in one filter.
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
  let combinations: InstanceFilter[][] = [[]];
  for (const [key, values] of Object.entries(tags)) {
    const parts = filterValues([...new Set(values)]);
    combinations = combinations.flatMap((filters) =>
      parts.map((Values) => [...filters, { Name: `tag:${key}`, Values }]),
    );
  }
  return combinations.map((filters) => [...filters, { Name: "instance-state-name", Values: LIVING_STATES }]);
}

/** Returns the filters of each call that are needed to find these ids. Filters are slower than ids, but accept unknown ones. */
export function idFilters(ids: readonly string[]): InstanceFilter[][] {
  return filterValues(ids).map((Values) => [{ Name: "instance-id", Values }]);
}

function filterValues(values: readonly string[]): string[][] {
  return chunksOf(values.map(escapeFilterValue), VALUES_PER_FILTER);
}

/** Escapes `*` and `?`, which are wildcards in a filter's value. */
function escapeFilterValue(value: string): string {
  return value.replace(/[\\*?]/g, "\\$&");
}
