import { type Command, InvalidArgumentError, Option } from "commander";
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../contract/units";
import { quote } from "../schedule/error";
import { InputError } from "./context";
import { parseInstant } from "./terminal/time";

/** Options of every command about what is deployed. */
export interface OperatingOptions {
  readonly config?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/**
 * Adds those options, examples of use, and the line that says which permissions the command needs.
 * @param permissions IAM actions, such as `ec2:DescribeInstances`
 */
export function addOperatingOptions(
  command: Command,
  permissions: readonly string[],
  examples: readonly Example[],
): Command {
  command
    .option(...CONFIG_OPTION)
    .option("--region <code>", "AWS region of the functions (default: the config's, which it must equal)")
    .option("--profile <name>", "named profile of the AWS config files (default: $AWS_PROFILE)")
    .option("--json", "print JSON");
  addExamples(command, examples);
  return addPermissions(command, permissions);
}

/** Adds the line that says which IAM actions the command needs. */
export function addPermissions(command: Command, permissions: readonly string[]): Command {
  return command.addHelpText("after", `\nNeeds in IAM: ${permissions.join(", ")}`);
}

/** A call, without the program's name, and what it is for. */
export type Example = readonly [call: string, purpose: string];

/** Adds examples of use below the options. */
export function addExamples(command: Command, examples: readonly Example[]): Command {
  const lines = examples.flatMap(([call, purpose]) => [`  # ${purpose}`, `  $ ec2-start-stop ${call}`]);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

const DEFAULT_CONFIG = "ec2-start-stop.yaml";

/** Folder in which `synth` writes the stacks. */
export const DEFAULT_OUTDIR = "cdktf.out";

export const CONFIG_OPTION = [
  "--config <file>",
  `config file (default: $EC2_START_STOP_CONFIG, or ${DEFAULT_CONFIG})`,
] as const;

/**
 * Chooses the config file: that of `--config`, else that of the environment, else the one in the folder.
 * @throws {InputError} for an empty path
 */
export function resolveConfigFile(given: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given === "") throw new InputError('--config: expected the path of a file, got ""');
  return given ?? (env["EC2_START_STOP_CONFIG"] || DEFAULT_CONFIG);
}

/** Retention of CloudTrail's event history. */
export const EVENT_HISTORY_DAYS = 90;

/** Seconds between two refreshes of `status --watch`. */
export const WATCH_INTERVAL = { min: 2, max: 3600, default: 10 } as const;

/** Collects the values of an option that may be repeated. */
export function collectValues(value: string, values: readonly string[] = []): string[] {
  return [...values, value];
}

/**
 * Reads the value of an option that is a whole number.
 * @param unit such as `seconds`, for the message
 */
export function wholeNumberParser(min: number, max: number, unit = ""): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const what = unit === "" ? "a whole number" : `a whole number of ${unit}`;
    throw new InvalidArgumentError(`Expected ${what} from ${min} to ${max}.`);
  };
}

/**
 * Adds `--since`.
 * @param limit a limit to name in the help, such as `at most 90 days`
 */
export function addSinceOption(command: Command, defaultSince: string, limit = ""): Command {
  const forms = `${SINCE_FORMS} (in the config's zone)${limit === "" ? "" : `, ${limit}`}`;
  return command.addOption(
    new Option("--since <when>", `how far back: ${forms}`).default(defaultSince, defaultSince),
  );
}

const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS } as const;
const AGO = /^(\d{1,5})([mhdw])$/;

const SINCE_FORMS = "such as 90m, 12h, 7d, 2w, 2026-11-23 or 2026-11-23T08:00";

/**
 * Reads `--since`: minutes, hours, days of 24 hours or weeks before now, or an ISO 8601 date or time, in local time of
 * the zone unless it has an offset.
 *
 * @param option what to call it in a message
 * @throws {InputError} for any other text, and for a time in the future
 */
export function parseSince(text: string, now: Date, timezone: string, option = "--since"): Date {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined && isUnit(unit)) return new Date(+now - Number(count) * UNIT_MS[unit]);
  if (!/^\d{4}-/.test(text)) {
    throw new InputError(`${option}: expected a time ${SINCE_FORMS}, got ${quote(text)}`);
  }
  const since = parseInstant(text, timezone, option);
  if (since > now) throw new InputError(`${option}: expected a time before now, got ${quote(text)}`);
  return since;
}

function isUnit(unit: string | undefined): unit is keyof typeof UNIT_MS {
  return unit !== undefined && unit in UNIT_MS;
}
