import {
  DescribeSpotInstanceRequestsCommand,
  type EC2Client,
  type SpotInstanceRequest,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../aws/aws-error";
import { calling, eachOf } from "../aws/calling";
import { chunksOf } from "./chunks";

/** The IAM action that tells one-time spot requests from others. Where it is not allowed, that stays unknown. */
export const DESCRIBE_SPOT_REQUESTS = "ec2:DescribeSpotInstanceRequests";

const VALUES_PER_FILTER = 200;

export type SpotKind = "one-time" | "persistent" | "unknown";

/** What kind of request each of these spot instances comes from. */
export async function spotKinds(
  client: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, SpotKind>> {
  const parts = await eachOf(chunksOf(instanceIds, VALUES_PER_FILTER), async (Values) => {
    try {
      return await calling(DESCRIBE_SPOT_REQUESTS, () => requestsOf(client, Values));
    } catch (error) {
      if (error instanceof AwsError && error.missingPermission !== undefined) return [];
      throw error;
    }
  });
  return new Map(parts.flat().map(({ InstanceId = "", Type }) => [InstanceId, kindOf(Type)]));
}

async function requestsOf(client: EC2Client, instanceIds: string[]): Promise<SpotInstanceRequest[]> {
  const Filters = [{ Name: "instance-id", Values: instanceIds }];
  const answer = await client.send(new DescribeSpotInstanceRequestsCommand({ Filters }));
  return answer.SpotInstanceRequests ?? [];
}

function kindOf(type: SpotInstanceRequest["Type"]): SpotKind {
  return type === "one-time" || type === "persistent" ? type : "unknown";
}
