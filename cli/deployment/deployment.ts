import { type Config, readConfig } from "../../config";
import type { Action } from "../../contract/actions";
import type { Names } from "../../model/names";
import { type PlannedSchedule, planOf } from "../../model/plan";
import { nearestName } from "../../schedule/nearest-name";
import type { AwsSettings } from "../aws/call";
import { type CommandContext, InputError } from "../context";
import { type OperatingOptions, resolveConfigFile } from "../options";

/** The deployment that a config file describes, and how to reach it. */
export interface Deployment {
  readonly file: string;
  readonly config: Config;
  readonly names: Names;
  /** All schedules as deployed; a schedule of `running` windows is several. */
  readonly plan: readonly PlannedSchedule[];
  /** Actions that some schedule has, each with a function of its own. */
  readonly actions: readonly Action[];
  readonly aws: AwsSettings;
}

/**
 * Reads the config file that a command is about.
 * @throws {ConfigError} for a config that is not valid
 * @throws {InputError} for options that contradict it
 */
export async function readDeployment(
  { config: asked, region, profile }: OperatingOptions,
  { env, trace }: Pick<CommandContext, "env" | "trace">,
  now: Date,
): Promise<Deployment> {
  const file = resolveConfigFile(asked, env);
  const config = await readConfig(file, { now });
  if (region !== undefined && region !== config.region) {
    throw new InputError(`--region: expected the region of ${file}, ${config.region}, got "${region}"`);
  }
  const { names, schedules: plan, actions } = planOf(config);
  return {
    file,
    config,
    names,
    plan,
    actions,
    aws: { region: config.region, profile: profile ?? config.provider?.profile, trace },
  };
}

/**
 * Finds schedules: one by its name as deployed, or all that a schedule of windows becomes.
 * @throws {InputError} for a name that the config does not have
 */
export function findSchedules({ plan, file }: Deployment, name: string): readonly PlannedSchedule[] {
  const found = plan.filter((planned) => planned.name === name || planned.key === name);
  if (found.length > 0) return found;
  throw unknownNameError("schedule", name, [...new Set(plan.flatMap((each) => [each.name, each.key]))], file);
}

/** @throws {InputError} for a name that the config does not have */
export function checkTargetName({ config, file }: Deployment, name: string): void {
  const names = Object.keys(config.targets);
  if (!names.includes(name)) throw unknownNameError("target", name, names, file);
}

/** Suggests the nearest name, or lists all. */
function unknownNameError(kind: string, name: string, names: readonly string[], file: string): InputError {
  const near = nearestName(name, names);
  const hint = near === undefined ? `it has ${names.join(", ")}` : `did you mean ${near}?`;
  return new InputError(`Expected a ${kind} of ${file}, got "${name}" (${hint})`);
}
