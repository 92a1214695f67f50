import { findWarnings, readConfig } from "../../../config";
import { refuseWarnings } from "../../../config/error";
import { TIMEZONE } from "../../../contract/limits";
import { Schedule } from "../../../schedule";
import { type CommandContext, InputError } from "../../context";
import { formatJson } from "../../json";
import { resolveConfigFile } from "../../options";
import { addLocalDays, parseInstant, startOfDay, startOfWeek } from "../../terminal/time";
import { expressionJson, previewJson } from "./json";
import { computePreview, MAX_FIRINGS } from "./model";
import { writePictures } from "./picture/page";
import { renderExpression, renderPreview } from "./text";

/** The options of `preview`, as commander reads them. */
export interface PreviewOptions {
  readonly config?: string;
  readonly expression?: string;
  readonly timezone?: string;
  readonly trigger?: "event-rule" | "scheduler";
  readonly from?: string;
  readonly days?: number;
  readonly count?: number;
  readonly json?: boolean;
  readonly svg?: string;
  readonly html?: string;
  readonly strict?: boolean;
}

/** Prints the coming firings of a config file or of one expression. */
export async function runPreview(options: PreviewOptions, context: CommandContext): Promise<void> {
  const { expression } = options;
  if (expression === undefined) {
    refuseOptions(options, ["timezone", "trigger"], "only with --expression; a config file has its own");
    context.out(await previewConfig(options, context));
  } else {
    refuseOptions(options, ["config", "svg", "html", "strict"], "only without --expression");
    context.out(previewExpression({ ...options, expression }, context));
  }
}

function refuseOptions(options: PreviewOptions, names: readonly (keyof PreviewOptions)[], why: string): void {
  const name = names.find((each) => options[each] !== undefined);
  if (name !== undefined) throw new InputError(`--${name}: ${why}`);
}

/** Prints text or JSON. Pictures are written last, so that a wrong option or config writes none. */
async function previewConfig(options: PreviewOptions, context: CommandContext): Promise<string> {
  const now = context.now();
  const file = resolveConfigFile(options.config, context.env);
  const config = await readConfig(file, { now });
  const from = chooseBeginning(options, config.timezone ?? TIMEZONE.default, now);
  const preview = computePreview(config, from, options);
  const warnings = findWarnings(config, from);
  refuseWarnings(file, warnings, options.strict === true);
  const text = options.json
    ? formatJson(previewJson(preview, warnings))
    : renderPreview(preview, warnings, context);
  if (!wantsPicture(options)) return text;
  const files = writePictures(options, preview);
  return options.json ? text : `${text}\nWrote ${files.join(" and ")}\n`;
}

/** A picture shows whole days, this week's unless another beginning is given. */
function chooseBeginning(options: PreviewOptions, timezone: string, now: Date): Date {
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

function previewExpression(
  options: PreviewOptions & { readonly expression: string },
  context: CommandContext,
): string {
  const now = context.now();
  const { expression, timezone, trigger } = options;
  const schedule = Schedule.parse(expression, timezone === undefined ? {} : { timezone });
  const from = options.from === undefined ? now : parseInstant(options.from, schedule.timezone, "--from");
  const utc = schedule.toUtc({ from });
  if (trigger === "event-rule" && utc.expressions === null) {
    throw new InputError(
      `expression: expected one that an event rule can have, got ${schedule} in ${schedule.timezone}: ${utc.reason}; --trigger scheduler takes it as it is`,
    );
  }
  const found = schedule.next({
    from,
    ...(options.days === undefined
      ? { count: options.count ?? DEFAULT_COUNT }
      : { until: addLocalDays(from, options.days, schedule.timezone), count: MAX_FIRINGS + 1 }),
  });
  const next = found.slice(0, MAX_FIRINGS);
  const isCapped = found.length > next.length;
  if (options.json) return formatJson(expressionJson(schedule, next, utc, isCapped));
  return renderExpression(schedule, next, utc, isCapped, context);
}
