import type { LogEvent } from "../../../cli/aws/logs";
import { awsFault, type Route } from "./aws-server";

/** Events by log group. */
export type LogGroups = Readonly<Record<string, readonly LogEvent[]>>;

/** FilterLogEvents as CloudWatch Logs answers it: oldest first, in pages, of which some are empty. */
export function logRoute(groups: () => LogGroups, pageSize = 10_000): Route {
  return ({ operation, body }) => {
    if (operation !== "FilterLogEvents") return undefined;
    const { logGroupName, startTime = 0, endTime, filterPattern, nextToken } = JSON.parse(body.toString());
    const events = groups()[logGroupName];
    if (events === undefined) {
      return awsFault("ResourceNotFoundException", "The specified log group does not exist.");
    }
    const found = events
      .filter(({ timestamp }) => timestamp >= startTime && timestamp <= (endTime ?? Number.POSITIVE_INFINITY))
      .filter(({ message }) => !filterPattern || message.includes(filterPattern.replaceAll('"', "")))
      .toSorted((a, b) => a.timestamp - b.timestamp);
    const page = nextToken === undefined ? 0 : Number(nextToken);
    // Every second page has nothing, and says that more follow.
    const first = (page / 2) * pageSize;
    const read = page % 2 === 0 ? found.slice(first, first + pageSize) : [];
    const more = found.length > (Math.floor(page / 2) + 1) * pageSize;
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({
        events: read.map(({ id, timestamp, streamName, message }) => ({
          eventId: id,
          timestamp,
          ingestionTime: timestamp + 500,
          logStreamName: streamName,
          message,
        })),
        ...(more ? { nextToken: String(page + 1) } : {}),
      }),
    };
  };
}
