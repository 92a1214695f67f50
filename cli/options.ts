import type { Command } from "commander";
import { quote } from "../schedule/error";
import { InputError } from "./context";
import { parseInstant } from "./terminal/time";

/** Options of every command that looks at what is deployed. */
export interface OperatingOptions {
  readonly config?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/**
 * Adds those options, and the line that says which permissions the command needs.
 * @param permissions IAM actions, such as `ec2:DescribeInstances`
 */
export function addOperatingOptions(command: Command, permissions: readonly string[]): Command {
  return command
    .option("--config <file>", "config file (default: $EC2_START_STOP_CONFIG, or ec2-start-stop.yaml)")
    .option("--region <code>", "AWS region of the functions (default: the config's, which it must equal)")
    .option("--profile <name>", "named profile of the AWS config files (default: $AWS_PROFILE)")
    .option("--json", "print JSON")
    .addHelpText("after", `\nNeeds in IAM: ${permissions.join(", ")}`);
}

const DEFAULT_CONFIG = "ec2-start-stop.yaml";

/** Which config file is meant: the one that was asked for, else the environment's, else the one in the folder. */
export function configFile(asked: string | undefined, environment: NodeJS.ProcessEnv): string {
  return asked ?? (environment["EC2_START_STOP_CONFIG"] || DEFAULT_CONFIG);
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const AGO = /^(\d{1,5})([mhdw])$/;

/** For the help of an option, such as `--since <when>`. */
export const SINCE_FORMS = "such as 90m, 12h, 7d, 2w, 2026-11-23 or 2026-11-23T08:00";

/**
 * Reads how far back to look: minutes, hours, days of 24 hours or weeks before now, or an ISO 8601 date or time, which is
 * local in the zone where it has no offset.
 *
 * @param option what to call it in a message
 * @throws {InputError} for what is none of these, and for the future
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
