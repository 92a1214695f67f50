import {
  DescribeSpotInstanceRequestsCommand,
  type EC2Client,
  type SpotInstanceRequest,
} from "@aws-sdk/client-ec2";
import { calling, eachOf } from "../aws/calling";
import { chunksOf } from "./chunks";

/** The IAM action that tells one-time spot requests from others. Where it is not allowed, that stays unknown. */
export const DESCRIBE_SPOT_REQUESTS = "ec2:DescribeSpotInstanceRequests";

const VALUES_PER_FILTER = 200;
const NOT_ALLOWED = /UnauthorizedOperation|AccessDenied/;

export type SpotKind = "one-time" | "persistent" | "unknown";

/** What kind of request each of these spot instances comes from. */
export async function spotKinds(
  client: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, SpotKind>> {
  const parts = await eachOf(chunksOf(instanceIds, VALUES_PER_FILTER), (Values) =>
    calling(DESCRIBE_SPOT_REQUESTS, async () => {
      try {
        const Filters = [{ Name: "instance-id", Values }];
        return (await client.send(new DescribeSpotInstanceRequestsCommand({ Filters }))).SpotInstanceRequests;
      } catch (error) {
        if (error instanceof Error && NOT_ALLOWED.test(error.name)) return [];
        throw error;
      }
    }),
  );
  return new Map(
    parts.flatMap((requests = []) => requests).map(({ InstanceId = "", Type }) => [InstanceId, kindOf(Type)]),
  );
}

function kindOf(type: SpotInstanceRequest["Type"]): SpotKind {
  return type === "one-time" || type === "persistent" ? type : "unknown";
}
