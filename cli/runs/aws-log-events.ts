import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { allPages, callingFor } from "../aws/calling";
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
    return callingFor("logs:FilterLogEvents", async () => {
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
