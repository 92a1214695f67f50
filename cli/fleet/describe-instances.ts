import {
  type DescribeInstancesCommandInput,
  type EC2Client,
  type Filter,
  type Instance,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import type { TagValues } from "../../schedule/tag-match";
import { allPages, calling, eachOf } from "../aws/calling";
import { chunksOf } from "./chunks";

/** The IAM action of all that is read here. */
export const DESCRIBE_INSTANCES = "ec2:DescribeInstances";

/** EC2 takes this many ids in one call. */
const IDS_PER_CALL = 1000;
/** EC2 returns at most this many instances a page; with ids it takes no size, and returns them all. */
const PAGE = 1000;
const VALUES_PER_FILTER = 200;
/** As the functions look: what is terminated is no longer a part of a target found by tags. */
const LIVING = ["pending", "running", "stopping", "stopped"];

/** Those of the instances that EC2 knows. */
export async function describeIds(client: EC2Client, ids: readonly string[]): Promise<Instance[]> {
  const parts = await eachOf(chunksOf(ids, IDS_PER_CALL), (InstanceIds) =>
    calling(DESCRIBE_INSTANCES, async () => {
      try {
        return await describe(client, { InstanceIds });
      } catch (error) {
        // One unknown id, and EC2 tells nothing of the others.
        if (error instanceof Error && error.name.startsWith("InvalidInstanceID")) return undefined;
        throw error;
      }
    }).then((found) => found ?? describeByIdFilter(client, InstanceIds)),
  );
  return parts.flat();
}

/** A filter on ids is slower, but does not mind unknown ones. */
async function describeByIdFilter(client: EC2Client, ids: readonly string[]): Promise<Instance[]> {
  const parts = await eachOf(chunksOf(ids.map(literal), VALUES_PER_FILTER), (Values) =>
    describeFiltered(client, [{ Name: "instance-id", Values }]),
  );
  return parts.flat();
}

/** The living instances that carry all of these tag keys, each with one of its literal values. */
export async function describeTagged(client: EC2Client, tags: TagValues): Promise<Instance[]> {
  const parts = await eachOf(tagFilters(tags), (filters) =>
    describeFiltered(client, [...filters, { Name: "instance-state-name", Values: LIVING }]),
  );
  return parts.flat();
}

/** Every combination of filters that together cover all values, none with more values than EC2 takes. */
function tagFilters(tags: TagValues): Filter[][] {
  return Object.entries(tags).reduce<Filter[][]>(
    (combinations, [key, values]) => {
      const parts = chunksOf([...new Set(values)].map(literal), VALUES_PER_FILTER);
      return combinations.flatMap((filters) =>
        parts.map((Values) => [...filters, { Name: `tag:${key}`, Values }]),
      );
    },
    [[]],
  );
}

/** EC2 reads `*` and `?` in a filter's value as wildcards, unless a backslash stands before them. */
function literal(value: string): string {
  return value.replace(/[\\*?]/g, "\\$&");
}

function describeFiltered(client: EC2Client, Filters: Filter[]): Promise<Instance[]> {
  return calling(DESCRIBE_INSTANCES, () => describe(client, { Filters, MaxResults: PAGE }));
}

async function describe(client: EC2Client, input: DescribeInstancesCommandInput): Promise<Instance[]> {
  const pages = await allPages(paginateDescribeInstances({ client }, input));
  return pages.flatMap(({ Reservations = [] }) => Reservations).flatMap(({ Instances = [] }) => Instances);
}
