import { truncate } from "../../contract/collections";
import { clockTime } from "../../contract/date-time";
import { regionOfArn } from "../../contract/patterns";
import { withRetry } from "../ec2-calls";
import type { Runtime } from "../runtime";

/** SNS's limit of a subject, in ASCII characters. */
const MAX_SUBJECT_LENGTH = 100;
export const MAX_SHOWN_NAME_LENGTH = 64;
export const MAX_REASON_LENGTH = 400;
/** Instances that the message names: more than a person holds one by one, and well within SNS's 256 KB. */
export const MAX_LISTED = 100;

/**
 * Publishes a message to a topic, of whatever region.
 * @throws if SNS does not take it until the deadline
 */
export async function publish(
  topicArn: string,
  message: { readonly Subject: string; readonly Message: string },
  deadline: number,
  { clock, random, connectSns }: Pick<Runtime, "clock" | "random" | "connectSns">,
): Promise<void> {
  const api = await connectSns(regionOfArn(topicArn) ?? "");
  await withRetry((abort) => api.publish({ TopicArn: topicArn, ...message }, abort), {
    clock,
    random,
    until: deadline,
  });
}

/** Returns the name of a schedule as text, and the subject of a message about it. */
export function subjectOf(schedule: string, what: string) {
  const name = printable(schedule, MAX_SHOWN_NAME_LENGTH);
  const ascii = name.replace(/[^\x20-\x7e]/g, "?");
  const room = MAX_SUBJECT_LENGTH - `ec2-start-stop:  ${what}`.length;
  return { name, subject: `ec2-start-stop: ${truncate(ascii, room)} ${what}` };
}

/** Removes what would end a line, steer a terminal or reverse the order of characters, and shortens the rest. */
export function printable(text: string, maxLength: number): string {
  return truncate(text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ""), maxLength);
}

/** Returns what clocks show at an instant, with the zone. */
export function localMinute(at: number, timezone: string): string {
  return `${clockTime(at, timezone).replace("T", " ")} ${timezone}`;
}

/** Returns an instant in UTC, to the minute. */
export function utcMinute(at: number): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
}
