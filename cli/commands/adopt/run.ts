import { ConfigError, parseConfig } from "../../../config";
import { defined } from "../../../contract/collections";
import { REGION_CODE } from "../../../contract/patterns";
import { ScheduleError } from "../../../schedule/error";
import { parseTimezone } from "../../../schedule/timezone";
import { AwsError } from "../../aws/call";
import { AwsCli } from "../../aws/cli-commands";
import { type AwsReader, createAwsReader } from "../../aws/reader";
import { type CommandContext, InputError } from "../../context";
import { replaceFile } from "../../files";
import { printJson } from "../../json";
import { resolveConfigFile } from "../../options";
import { type ExistingConfig, editConfig, readExistingConfig } from "./config-edit";
import { takeInventory } from "./inventory";
import { adoptJson } from "./json";
import { renderModule } from "./module-imports";
import { type Proposal, propose } from "./proposal";
import { renderConfigChange, renderProposal } from "./text";

const MODULE_ADDRESS = /^module\.[A-Za-z_][\w-]*(?:\.module\.[A-Za-z_][\w-]*)*$/;

/** The options of `adopt`, as commander reads them. */
export interface AdoptOptions {
  readonly config?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly timezone?: string;
  readonly write?: boolean;
  readonly json?: boolean;
  readonly moduleAddress?: string;
}

export type OpenAwsReader = (region: string) => AwsReader;

/**
 * Prints what an account has and how it can be adopted. Writes the config file where `--write` asks for it, and nothing
 * else.
 * @throws {InputError} for options that cannot be
 * @throws {AwsError} where AWS cannot be read, or has nothing to adopt
 */
export async function runAdopt(
  options: AdoptOptions,
  context: CommandContext,
  open: OpenAwsReader = (region) =>
    createAwsReader({ region, profile: options.profile, trace: context.trace }),
): Promise<void> {
  checkOptions(options);
  const { moduleAddress, profile, timezone } = options;
  const write = options.write === true;
  const config = resolveConfigFile(options.config, context.env);
  const existing = moduleAddress === undefined ? await readExistingConfig(config) : { file: "", given: {} };
  const region = chooseRegion(options, existing, context.env);
  const aws = open(region);
  const inventory = await takeInventory(aws, region);
  if (inventory.functions.length === 0 && inventory.triggers.length === 0) {
    throw new AwsError(
      `Nothing to adopt in ${region}: no Lambda function that may start or stop instances, and no schedule that does`,
    );
  }
  const proposal = await propose(aws, inventory, {
    existing,
    now: context.now(),
    cli: new AwsCli(region, profile),
    module: moduleAddress !== undefined,
    ...defined({ timezone }),
  });
  if (moduleAddress !== undefined) {
    context.out(renderModule(proposal, moduleAddress, context));
    return;
  }
  const text = editConfig(existing.text, proposal.additions);
  await checkResult(text, existing, proposal);
  if (write && text !== existing.text) writeConfig(existing.file, text);
  if (options.json) printJson(context, adoptJson(proposal, existing.file, write));
  else context.out(`${renderProposal(proposal, context)}\n${renderConfigChange(existing, text, write)}`);
}

function checkOptions({ region, timezone, moduleAddress, ...options }: AdoptOptions): void {
  const unused = (["config", "write", "json"] as const).find((name) => options[name] !== undefined);
  if (moduleAddress !== undefined && unused !== undefined) {
    throw new InputError(
      `--${unused}: only without --module-address, which prints Terraform and writes nothing`,
    );
  }
  if (region !== undefined && !REGION_CODE.test(region)) {
    throw new InputError(`--region: expected an AWS region code such as ap-northeast-2, got "${region}"`);
  }
  if (moduleAddress !== undefined && !MODULE_ADDRESS.test(moduleAddress)) {
    const expected = "an address such as module.office_hours";
    throw new InputError(`--module-address: expected ${expected}, got "${moduleAddress}"`);
  }
  try {
    if (timezone !== undefined) parseTimezone(timezone);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new InputError(`--timezone: expected ${error.expected}, got ${error.got}`, { cause: error });
  }
}

function chooseRegion(
  { region }: AdoptOptions,
  { given, file }: ExistingConfig,
  environment: NodeJS.ProcessEnv,
): string {
  if (region !== undefined && given.region !== undefined && region !== given.region) {
    throw new InputError(`--region: expected the region of ${file}, ${given.region}, got "${region}"`);
  }
  const found = region ?? given.region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
  if (found === undefined || found === "") {
    const where = `neither --region, nor ${file}, nor AWS_REGION says it`;
    throw new InputError(`--region: expected an AWS region code, got none: ${where}`);
  }
  return found;
}

/** The result must be a valid config, apart from what is left to be filled in. */
async function checkResult(text: string, { file }: ExistingConfig, { notes }: Proposal): Promise<void> {
  try {
    await parseConfig(text, file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const toFillIn = notes.map((note) => note.slice(0, note.indexOf(":")));
    const isExpected = ({ path }: { path: string }) =>
      toFillIn.some((missing) => missing === path || missing.startsWith(`${path}.`));
    const rest = error.problems.filter((problem) => !isExpected(problem));
    if (rest.length > 0) throw new ConfigError(`${file} with what was found`, rest);
  }
}

function writeConfig(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new InputError(`--config: expected a file that can be written, got "${file}" (${reason})`, {
      cause,
    });
  }
}
