import { readJsonLine } from "./json-line";
import type { LogLine } from "./log-line";
import { readTextLine } from "./text-line";

/** Reads a line in either of Lambda's log formats; undefined for what tells nothing of how a run went. */
export function readLogLine(message: string): LogLine | undefined {
  return message.startsWith("{") ? readJsonLine(message) : readTextLine(message);
}
