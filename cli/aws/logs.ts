import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type LogGroup,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogEvent, LogEventQuery, LogEventReader } from "../runs/parse";
import { type AwsSettings, allPages, awsCall, awsCallOrUndefined, awsClient } from "./call";

/** The log group of exactly this name. */
export async function findLogGroup(
  client: CloudWatchLogsClient,
  name: string,
): Promise<LogGroup | undefined> {
  const { logGroups = [] } = await awsCall("logs:DescribeLogGroups", () =>
    // Names are listed in order, so the exact one comes first among those that begin with it.
    client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
  );
  return logGroups.find(({ logGroupName }) => logGroupName === name);
}

/** Reads log events through the AWS SDK. */
export class AwsLogEvents implements LogEventReader {
  readonly #client: CloudWatchLogsClient;

  constructor(settings: AwsSettings) {
    this.#client = awsClient(CloudWatchLogsClient, settings);
  }

  events(logGroupName: string, { from, to, containing }: LogEventQuery): Promise<LogEvent[] | undefined> {
    const request = {
      logGroupName,
      startTime: +from,
      ...(to === undefined ? {} : { endTime: +to }),
      ...(containing === undefined ? {} : { filterPattern: `"${containing.replaceAll('"', "")}"` }),
    };
    return awsCallOrUndefined("logs:FilterLogEvents", async () => {
      const pages = await allPages(paginateFilterLogEvents({ client: this.#client }, request));
      return pages.flatMap(({ events = [] }) =>
        events.map(({ eventId = "", timestamp = 0, logStreamName = "", message = "" }) => ({
          id: eventId,
          timestamp,
          streamName: logStreamName,
          message,
        })),
      );
    });
  }
}
