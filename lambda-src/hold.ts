import { holdOf } from "../schedule/hold";

/** Why the value of an instance's opt-out tag holds it now, or undefined when it does not. */
export function readHold(tag: string, value: string, now: number): string | undefined {
  const hold = holdOf(value, now);
  if (hold === undefined) return undefined;
  if (hold.unreadable) {
    return `held by tag ${tag}: its value ${JSON.stringify(value)} is no ISO 8601 date-time, so it holds for ever`;
  }
  return `held by tag ${tag}${hold.until === undefined ? "" : ` until ${hold.until.toISOString()}`}`;
}
