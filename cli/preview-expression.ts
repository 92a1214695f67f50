import { Schedule, type UtcConversion } from "../schedule";
import { InputError } from "./input-error";
import { addDays, isoText, parseInstant } from "./instant";
import type { PreviewOptions } from "./preview-options";

const DEFAULT_COUNT = 10;

/** `preview --expression`: one expression, as text or JSON. */
export async function previewExpression(
  options: PreviewOptions & { readonly expression: string },
  now: Date,
): Promise<string> {
  const { expression, timezone, trigger } = options;
  const schedule = Schedule.parse(expression, timezone === undefined ? {} : { timezone });
  const from = options.from === undefined ? now : parseInstant(options.from, schedule.timezone, "--from");
  const utc = schedule.toUtc({ from });
  if (trigger === "event-rule" && utc.expressions === null) {
    throw new InputError(
      `expression: expected one that an event rule can have, got ${schedule} in ${schedule.timezone}: ${utc.reason}; --trigger scheduler takes it as it is`,
    );
  }
  const next = schedule.next({
    from,
    ...(options.days === undefined
      ? { count: options.count ?? DEFAULT_COUNT }
      : { until: addDays(from, options.days, schedule.timezone) }),
  });
  if (options.json) return json(schedule, next, utc);
  const { expressionText } = await import("./expression-text");
  return expressionText(schedule, next, utc);
}

function json(schedule: Schedule, next: readonly Date[], utc: UtcConversion): string {
  const { expression, timezone, kind } = schedule;
  const answer = {
    expression,
    timezone,
    kind,
    description: schedule.describe(),
    next: next.map(isoText),
    utc: utc.expressions,
    ...(utc.expressions === null && { reason: utc.reason }),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
