import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommandEnvironment, InputError } from "../../context";

const MAX_DAYS = 366;
const MAX_COUNT = 1000;

/** Adds `preview`: what will happen, before anything is deployed. */
export function addPreviewCommand(
  program: Command,
  { clock, write }: Pick<CommandEnvironment, "clock" | "write">,
): void {
  program
    .command("preview")
    .description("Show the coming firings, of a config file or of one expression. Nothing is deployed.")
    .option("--config <file>", "config file (default: $EC2_START_STOP_CONFIG, or ec2-start-stop.yaml)")
    .option("--expression <text>", "one AWS expression instead of a config file")
    .option("--timezone <zone>", "IANA zone of the expression (default: UTC)")
    .addOption(
      new Option("--trigger <kind>", "also refuse what this trigger cannot do").choices([
        "event-rule",
        "scheduler",
      ]),
    )
    .option("--from <time>", "ISO 8601 date or time; without an offset, in the config's zone (default: now)")
    .addOption(
      new Option("--days <number>", `length of the period, 1 to ${MAX_DAYS} (default: 7)`)
        .argParser(wholeNumber(MAX_DAYS))
        .conflicts("count"),
    )
    .addOption(
      new Option("--count <number>", `the next so many firings instead, 1 to ${MAX_COUNT}`).argParser(
        wholeNumber(MAX_COUNT),
      ),
    )
    .option("--json", "print JSON")
    .addOption(new Option("--svg <file>", "also draw the week as an SVG picture").conflicts("count"))
    .addOption(
      new Option("--html <file>", "also write a page with the picture and the firings").conflicts("count"),
    )
    .option("--strict", "refuse a config that has warnings")
    .action(async (options: PreviewOptions) => {
      write(await preview(options, clock.now()));
    });
}

async function preview(options: PreviewOptions, now: Date): Promise<string> {
  const { expression } = options;
  if (expression === undefined) {
    refuse(options, ["timezone", "trigger"], "only with --expression; a config file has its own");
    const { previewConfig } = await import("./run");
    return await previewConfig(options, now);
  }
  refuse(options, ["config", "svg", "html", "strict"], "only without --expression");
  const { previewExpression } = await import("./run");
  return await previewExpression({ ...options, expression }, now);
}

function refuse(options: PreviewOptions, names: readonly (keyof PreviewOptions)[], why: string): void {
  const name = names.find((each) => options[each] !== undefined);
  if (name !== undefined) throw new InputError(`--${name}: ${why}`);
}

function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > max) throw new InvalidArgumentError(`Expected a whole number from 1 to ${max}.`);
    return value;
  };
}

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
