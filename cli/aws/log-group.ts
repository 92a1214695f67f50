import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type LogGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import { calling } from "./calling";

/** The log group of exactly this name. */
export async function findLogGroup(
  client: CloudWatchLogsClient,
  name: string,
): Promise<LogGroup | undefined> {
  const { logGroups = [] } = await calling("logs:DescribeLogGroups", () =>
    // Names are listed in order, so the exact one comes first among those that begin with it.
    client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
  );
  return logGroups.find(({ logGroupName }) => logGroupName === name);
}
