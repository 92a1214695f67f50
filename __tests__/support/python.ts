import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const PROJECT = resolve(__dirname, "../..");

/** A Python package of which the tests need the very version that they pin: another one behaves otherwise. */
export interface PinnedPackage {
  readonly name: string;
  /** From the root of the project, the file that pins it. */
  readonly requirements: string;
  /** What must be importable, where the package alone is not enough. */
  readonly module?: string;
  /** From the root of the project, the virtual environment that .ci/run makes. */
  readonly venv: string;
}

export type PythonSearch = { readonly python: string } | { readonly missing: string };

/** The first of the programs that has the package at its pinned version; else, in one line, what they have instead. */
export function findPython(wanted: PinnedPackage, candidates = pythonsOf(wanted)): PythonSearch {
  const expected = pinnedVersion(wanted);
  const found: string[] = [];
  for (const python of candidates) {
    const version = versionIn(python, wanted);
    if (version === expected) return { python };
    found.push(
      `${relative(PROJECT, python).startsWith("..") ? python : relative(PROJECT, python)} has ${version}`,
    );
  }
  const { name, requirements, venv } = wanted;
  const install = `python3 -m venv ${venv} && ${venv}/bin/pip install --require-hashes -r ${requirements}`;
  return { missing: `${name} ${expected} (${found.join(", ") || "no Python"}; ${install})` };
}

/** The project's own environment, or what `variable` names instead of it, then those on the PATH. */
export function pythonsOf({ venv }: PinnedPackage, variable?: string): string[] {
  const named = variable === undefined ? undefined : process.env[variable];
  if (named) return [named];
  const own = ["bin/python", "Scripts/python.exe"].map((path) => join(PROJECT, venv, path));
  return [...own.filter((path) => existsSync(path)), "python3", "python"];
}

export function pinnedVersion({ name, requirements }: PinnedPackage): string {
  const [, version] =
    new RegExp(`^${name}==([^ ;\\\\]+)`, "m").exec(readFileSync(join(PROJECT, requirements), "utf8")) ?? [];
  if (version === undefined) throw new Error(`Expected a pinned ${name} in ${requirements}, found none`);
  return version;
}

/** The version that a Python has, in words where it has none. */
function versionIn(python: string, { name, module }: PinnedPackage): string {
  const load = module === undefined ? "" : `import ${module}; `;
  const program = `${load}from importlib.metadata import version; print(version(${JSON.stringify(name)}))`;
  const { error, status, stdout } = spawnSync(python, ["-c", program], { encoding: "utf8", timeout: 60_000 });
  if (error !== undefined) return `none (${"code" in error ? error.code : error.message})`;
  return status === 0 ? stdout.trim() : "none";
}
