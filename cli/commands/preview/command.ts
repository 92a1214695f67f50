import { type Command, Option } from "commander";
import type { CommandContext } from "../../context";
import { addExamples, CONFIG_OPTION, wholeNumberParser } from "../../options";
import type { PreviewOptions } from "./run";

const MAX_DAYS = 366;
const MAX_COUNT = 1000;

/** Adds `preview`: what will happen, before anything is deployed. */
export function addPreviewCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("preview")
    .description("Show the coming firings, of a config file or of one expression. Nothing is deployed.")
    .option(...CONFIG_OPTION)
    .option("--expression <text>", "one AWS expression instead of a config file")
    .option("--timezone <zone>", "IANA zone of the expression (default: UTC)")
    .addOption(
      new Option("--trigger <kind>", "also refuse an expression that this trigger cannot have").choices([
        "event-rule",
        "scheduler",
      ]),
    )
    .option(
      "--from <time>",
      "ISO 8601 date or time; without an offset, in the config's zone (default: now, or with a picture the Monday of this week)",
    )
    .addOption(
      new Option("--days <number>", `length of the period, 1 to ${MAX_DAYS} (default: 7)`)
        .argParser(wholeNumberParser(1, MAX_DAYS))
        .conflicts("count"),
    )
    .addOption(
      new Option("--count <number>", `number of firings to list instead, 1 to ${MAX_COUNT}`).argParser(
        wholeNumberParser(1, MAX_COUNT),
      ),
    )
    .option("--json", "print JSON")
    .addOption(new Option("--svg <file>", "also draw the week as an SVG picture").conflicts("count"))
    .addOption(
      new Option("--html <file>", "also write a page with the picture and the firings").conflicts("count"),
    )
    .option("--strict", "refuse a config that has warnings");
  addExamples(command, [
    ["preview --days 14 --html week.html", "The next two weeks, as text and as a page"],
    [
      'preview --expression "cron(0 20 ? * MON-FRI *)" --timezone Asia/Seoul',
      "When does an expression fire?",
    ],
  ]).action(async (options: PreviewOptions) => {
    // Loaded for this command only.
    const { runPreview } = await import("./run");
    await runPreview(options, context);
  });
}
