import type { TimelineFiring } from "../../schedule/timeline";
import { minuteInZone } from "../time-text";
import { listItem, paragraph } from "../wrap";
import type { History } from "./history";
import { titleOf } from "./history-text";

/** What it means that CloudTrail has nothing, and what to look at next. */
export function noEventsText(history: History, last: TimelineFiring | undefined, width: number): string {
  const item = (text: string) => listItem(text, width);
  const lines = [
    ...paragraph(titleOf(history), width),
    ...history.notes.flatMap((note) => ["", ...paragraph(note, width)]),
    "",
    ...paragraph(
      "No event: nobody, and no schedule, asked EC2 to start, stop or terminate " +
        `${history.instance === undefined ? "any of them" : "it"} in that time. A function that finds all instances as they ` +
        "should be asks nothing either, and what happens without such a call leaves no event: a shutdown from inside an " +
        "instance, or one by EC2 itself (a spot interruption, a failing host).",
      width,
    ),
    ...(history.instance?.targets.length === 0
      ? []
      : ["", ...paragraph(dueText(last, history.timezone), width)]),
    "",
    "What to check next:",
    ...item("CloudTrail shows a call up to 15 minutes after it was made: if it is so recent, ask again."),
    ...item(
      `The region: events are kept where the instances are, and ${history.regions.join(", ")} ` +
        `${history.regions.length === 1 ? "was" : "were"} looked through. The account: that of the credentials.`,
    ),
    ...item("Whether the schedules are enabled, and as the config says: ec2-start-stop doctor"),
    ...item("Whether the functions ran, and what they found: ec2-start-stop logs"),
    ...(history.instance === undefined
      ? []
      : item("A call that EC2 refused may not be filed under the instance: history without --instance.")),
  ];
  return `${lines.join("\n")}\n`;
}

function dueText(last: TimelineFiring | undefined, timezone: string): string {
  if (last === undefined) return "By the config, no schedule was due in that time.";
  return `By the config, ${last.of.name} was the last schedule due, on ${minuteInZone(last.at, timezone)}.`;
}
