import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { App } from "cdktf";
import { propsOf } from "../../../config/config";
import { ConfigError, refuseWarnings } from "../../../config/error";
import { findLeftBehind, stateNameOf } from "../../../config/left-behind";
import { readConfig } from "../../../config/read";
import { ConfigStack } from "../../../config/stack";
import { renderSummary } from "../../../config/summary";
import { givenRoles } from "../../../model/blueprint";
import { planOf } from "../../../model/plan";
import { validPlan } from "../../../model/validate";
import { InputError } from "../../context";
import { moveFiles, temporaryName } from "../../files";

export interface SynthOptions {
  readonly configFile: string;
  readonly outdir: string;
  /** Refuses warnings, too. */
  readonly strict: boolean;
  readonly now: Date;
}

/**
 * Writes Terraform JSON of a config file.
 * @returns what was made, and when it fires, as text
 * @throws {InputError} for a config that is not valid: nothing is written then
 */
export async function synth(options: SynthOptions): Promise<string> {
  try {
    return await writeStack(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new InputError(`${error.message}\nNothing was written.`, { cause: error });
  }
}

async function writeStack({ configFile, outdir, strict, now }: SynthOptions): Promise<string> {
  const config = await readConfig(configFile, { now });
  const { plan, warnings: ofProps } = validPlan(propsOf(config));
  const place = { configFile, outdir, cwd: process.cwd() };
  const warnings = [...findLeftBehind(config, place), ...ofProps];
  refuseWarnings(configFile, warnings, strict);

  // A refused config leaves everything as it was, so all checks come before anything is written, and so does a disk that
  // is full: the app writes into a temporary folder first.
  const missing = makeFolder(outdir);
  const temporary = join(outdir, temporaryName());
  try {
    const app = new App({ outdir: temporary });
    const stack = new ConfigStack(app, config, stateNameOf(place));
    app.synth();
    moveFiles(temporary, outdir);
    const file = join(outdir, app.manifest.forStack(stack).synthesizedStackPath);
    const made = JSON.parse(readFileSync(file, "utf8"));
    rmSync(temporary, { recursive: true });
    const roles = givenRoles(planOf(propsOf(config), plan));
    return renderSummary({ plan, givenRoles: roles, warnings, file, stack: made, now });
  } catch (error) {
    rmSync(missing ?? temporary, { recursive: true, force: true });
    if (isSystemError(error)) throw folderError(outdir, error);
    throw error;
  }
}

/**
 * Makes a folder and those above it. Node's own recursive mkdir never ends in a folder such as /proc, which takes none.
 * @returns the topmost folder that was missing, if any
 */
function makeFolder(folder: string): string | undefined {
  try {
    const missing: string[] = [];
    for (let path = resolve(folder); !existsSync(path); path = dirname(path)) missing.unshift(path);
    for (const path of missing) mkdirSync(path);
    if (folder === "" || !statSync(folder).isDirectory()) throw new Error("no folder");
    return missing[0];
  } catch (error) {
    throw folderError(folder, error);
  }
}

function folderError(folder: string, error: unknown): InputError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InputError(
    `Expected a folder to write to, got ${JSON.stringify(folder)}: ${reason}\nNothing was written.`,
    { cause: error },
  );
}

/** Whether the operating system refused something: no room, no permission. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
