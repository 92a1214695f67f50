import { chunksOf } from "./collections";
import type { TagValues } from "./tags";

/** How many instances DescribeInstances returns on one page. With ids it takes no page size, and returns all of them. */
export const INSTANCES_PER_PAGE = 1000;

/** How many ids EC2 takes in one call. */
export const IDS_PER_CALL = 1000;

/** How many values EC2 takes in one filter. */
export const VALUES_PER_FILTER = 200;

/** The states from which an instance can be started or stopped, or already is: a terminated one is in no target by tags. */
const LIVING_STATES = ["pending", "running", "stopping", "stopped"];

/** A filter of DescribeInstances. */
export interface InstanceFilter {
  readonly Name: string;
  readonly Values: string[];
}

/**
 * The filters of each call that, together, find the living instances which carry all of these tag keys, each with one of
 * its literal values: every combination, none with more values than EC2 takes.
 */
export function tagFilters(tags: TagValues): InstanceFilter[][] {
  let combinations: InstanceFilter[][] = [[]];
  for (const [key, values] of Object.entries(tags)) {
    const parts = filterValues([...new Set(values)]);
    combinations = combinations.flatMap((filters) =>
      parts.map((Values) => [...filters, { Name: `tag:${key}`, Values }]),
    );
  }
  return combinations.map((filters) => [...filters, { Name: "instance-state-name", Values: LIVING_STATES }]);
}

/** The filters of each call that, together, find these ids. They are slower than ids, but accept unknown ones. */
export function idFilters(ids: readonly string[]): InstanceFilter[][] {
  return filterValues(ids).map((Values) => [{ Name: "instance-id", Values }]);
}

function filterValues(values: readonly string[]): string[][] {
  return chunksOf(values.map(escapeFilterValue), VALUES_PER_FILTER);
}

/** EC2 reads `*` and `?` in a filter's value as wildcards, unless a backslash stands before them. */
function escapeFilterValue(value: string): string {
  return value.replace(/[\\*?]/g, "\\$&");
}
