import { readConfig } from "../config";
import { refuseWarnings } from "../config/warnings";
import { findWarnings } from "../constructs/validation";
import { configFile } from "./config-file";
import { parseInstant, startOfDay, startOfWeek } from "./instant";
import { previewOf } from "./preview-model";
import type { PreviewOptions } from "./preview-options";

/** `preview` of a config file: as text or JSON, with the pictures written once everything else was right. */
export async function previewConfig(options: PreviewOptions, now: Date): Promise<string> {
  const file = configFile(options.config, process.env);
  const config = await readConfig(file, { now });
  const from = beginning(options, config.timezone ?? "UTC", now);
  const preview = previewOf(config, from, options);
  const warnings = findWarnings(config, from);
  refuseWarnings(file, warnings, options.strict === true);
  const text = options.json
    ? (await import("./preview-json")).previewJson(preview, warnings)
    : (await import("./preview-text")).previewText(preview, warnings);
  if (!wantsPicture(options)) return text;
  const { writePictures } = await import("./picture-files");
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
