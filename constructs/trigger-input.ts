import type { StartStopRequest } from "../schedule/request";
import { type TokenWriter, toJson } from "./json";

/** Placeholder of the input transformer for the firing's time; EventBridge adds the quotes of a string itself. */
export const RULE_TIME_PLACEHOLDER = "<time>";
/** What the placeholder stands for, in the event of a rule. */
export const RULE_INPUT_PATHS = { time: "$.time" } as const;
/** Context attribute of EventBridge Scheduler, replaced as it stands. */
const SCHEDULER_TIME_PLACEHOLDER = '"<aws.scheduler.scheduled-time>"';

/** Input template of a rule's target: the request, with the firing's time filled in by EventBridge. */
export function ruleInputTemplate(request: StartStopRequest, writeToken?: TokenWriter): string {
  return withScheduledTime(request, RULE_TIME_PLACEHOLDER, writeToken);
}

/** Input of a schedule: the request, with the firing's time filled in by EventBridge Scheduler. */
export function schedulerInput(request: StartStopRequest, writeToken?: TokenWriter): string {
  return withScheduledTime(request, SCHEDULER_TIME_PLACEHOLDER, writeToken);
}

/** The placeholder is put in raw, after everything of the user's was escaped. */
function withScheduledTime(request: StartStopRequest, placeholder: string, writeToken?: TokenWriter): string {
  const { schedule, action, ...rest } = request;
  const head = toJson({ schedule, action }, writeToken).slice(0, -1);
  const tail = toJson(rest, writeToken).slice(1);
  return `${head},"scheduledTime":${placeholder},${tail}`;
}
