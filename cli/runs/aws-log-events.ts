import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { allPages, calling } from "../aws/calling";
import type { AwsSettings } from "../aws/settings";
import type { LogEvent, LogEventQuery, LogEventReader } from "./log-event";

/** Reads log events through the AWS SDK. */
export class AwsLogEvents implements LogEventReader {
  readonly #client: CloudWatchLogsClient;

  constructor(settings: AwsSettings) {
    this.#client = new CloudWatchLogsClient(settings);
  }

  events(logGroupName: string, { from, to, containing }: LogEventQuery): Promise<LogEvent[] | undefined> {
    const request = {
      logGroupName,
      startTime: +from,
      ...(to === undefined ? {} : { endTime: +to }),
      ...(containing === undefined ? {} : { filterPattern: `"${containing.replaceAll('"', "")}"` }),
    };
    return calling("logs:FilterLogEvents", async () => {
      try {
        const pages = await allPages(paginateFilterLogEvents({ client: this.#client }, request));
        return pages.flatMap(({ events = [] }) =>
          events.map(({ eventId = "", timestamp = 0, logStreamName = "", message = "" }) => ({
            id: eventId,
            timestamp,
            streamName: logStreamName,
            message,
          })),
        );
      } catch (error) {
        // That is how CloudWatch Logs says that there is no such group.
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw error;
      }
    });
  }
}
