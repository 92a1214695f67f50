import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { defined } from "../../contract/collections";
import { type AwsSettings, callAws, callAwsOrUndefined, createAwsClient, readAllPages } from "./call";

/** Reads log groups. */
export interface LogGroupReader {
  /** The log group of exactly this name. */
  logGroup(name: string): Promise<LogGroup | undefined>;
  logGroupTagKeys(arn: string): Promise<readonly string[]>;
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  /** Absent if events never expire. */
  readonly retentionDays?: number;
  readonly kmsKeyArn?: string;
}

export function createLogGroupReader(settings: AwsSettings): LogGroupReader {
  const client = createAwsClient(CloudWatchLogsClient, settings);
  return {
    async logGroup(name) {
      const { logGroups = [] } = await callAws("logs:DescribeLogGroups", () =>
        // Names are listed in order, so the exact one comes first among those that begin with it.
        client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name })),
      );
      const found = logGroups.find(({ logGroupName }) => logGroupName === name);
      if (found === undefined) return undefined;
      const { arn = "", retentionInDays, kmsKeyId } = found;
      return {
        name,
        // The group itself, where its ARN stands for its streams too.
        arn: arn.replace(/:\*$/, ""),
        ...defined({ retentionDays: retentionInDays, kmsKeyArn: kmsKeyId }),
      };
    },

    async logGroupTagKeys(resourceArn) {
      const { tags = {} } = await callAws("logs:ListTagsForResource", () =>
        client.send(new ListTagsForResourceCommand({ resourceArn })),
      );
      return Object.keys(tags);
    },
  };
}

/** One event of a log group of CloudWatch Logs. */
export interface LogEvent {
  /** CloudWatch's, unique in the log group. */
  readonly id: string;
  /** When it happened, in milliseconds since 1970. */
  readonly timestamp: number;
  /** One for each of Lambda's execution environments, which do one invocation after the other. */
  readonly streamName: string;
  readonly message: string;
}

export interface LogEventQuery {
  readonly from: Date;
  /** @default now */
  readonly to?: Date;
  /** Only events with this text, a word such as a request id. */
  readonly containing?: string;
}

/** Reads the events of a log group. */
export interface LogEventReader {
  /**
   * All events of a period; undefined where there is no such log group.
   * @throws {AwsError}
   */
  events(logGroupName: string, query: LogEventQuery): Promise<readonly LogEvent[] | undefined>;
}

/** Reads log events through the AWS SDK. */
export class AwsLogEvents implements LogEventReader {
  readonly #client: CloudWatchLogsClient;

  constructor(settings: AwsSettings) {
    this.#client = createAwsClient(CloudWatchLogsClient, settings);
  }

  events(logGroupName: string, { from, to, containing }: LogEventQuery): Promise<LogEvent[] | undefined> {
    const request = {
      logGroupName,
      startTime: +from,
      ...(to === undefined ? {} : { endTime: +to }),
      ...(containing === undefined ? {} : { filterPattern: `"${containing.replaceAll('"', "")}"` }),
    };
    return callAwsOrUndefined("logs:FilterLogEvents", async () => {
      const pages = await readAllPages(paginateFilterLogEvents({ client: this.#client }, request));
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
