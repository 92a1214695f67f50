import { readConfig } from "../../../config";
import { refuseWarnings } from "../../../config/error";
import { findWarnings } from "../../../model/validate";
import { Schedule, type UtcConversion } from "../../../schedule";
import { InputError } from "../../context";
import { configFile } from "../../options";
import { addDays, isoText, parseInstant, startOfDay, startOfWeek } from "../../terminal/time";
import type { PreviewOptions } from "./command";
import { previewOf } from "./model";

/** `preview` of a config file: as text or JSON, with the pictures written once everything else was right. */
export async function previewConfig(options: PreviewOptions, now: Date): Promise<string> {
  const file = configFile(options.config, process.env);
  const config = await readConfig(file, { now });
  const from = beginning(options, config.timezone ?? "UTC", now);
  const preview = previewOf(config, from, options);
  const warnings = findWarnings(config, from);
  refuseWarnings(file, warnings, options.strict === true);
  const text = options.json
    ? (await import("./json")).previewJson(preview, warnings)
    : (await import("./text")).previewText(preview, warnings);
  if (!wantsPicture(options)) return text;
  const { writePictures } = await import("./picture/page");
  const files = writePictures(options, preview);
  return options.json ? text : `${text}\nWrote ${files.join(" and ")}\n`;
}

/** A picture shows whole days, this week's unless another beginning is given. */
function beginning(options: PreviewOptions, timezone: string, now: Date): Date {
  if (options.from === undefined) {
    return wantsPicture(options) ? startOfWeek(now, timezone) : new Date(Math.floor(+now / 1000) * 1000);
  }
  const from = parseInstant(options.from, timezone, "--from");
  return wantsPicture(options) ? startOfDay(from, timezone) : from;
}

function wantsPicture({ svg, html }: PreviewOptions): boolean {
  return svg !== undefined || html !== undefined;
}

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
  const { expressionText } = await import("./text");
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
