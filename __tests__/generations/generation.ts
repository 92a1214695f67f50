import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCommand } from "../support/moto/command";

export const PROJECT = resolve(__dirname, "../..");

/** A set of peer packages that the same sources support. */
export interface Generation {
  readonly name: string;
  /** The folder whose node_modules holds cdktf, constructs and the provider bindings. */
  readonly folder: string;
}

/** cdktf 0.21 with bindings for AWS 5.100, as in the project's own lock file. */
export const CDKTF: Generation = { name: "cdktf", folder: PROJECT };
/** cdktn 0.24 under cdktf's name, with bindings for AWS 6.x. */
export const CDKTN: Generation = { name: "cdktn", folder: join(__dirname, "cdktn") };

export function missingOf({ folder, name }: Generation): string | undefined {
  return existsSync(join(folder, "node_modules", "cdktf", "package.json"))
    ? undefined
    : `the packages of ${name} (npm ci --prefix __tests__/generations/${name})`;
}

/** The version of a package as installed for a generation. */
export function versionOf({ folder }: Generation, packageName: string): string {
  const manifest = readFileSync(join(folder, "node_modules", packageName, "package.json"), "utf8");
  return JSON.parse(manifest).version;
}

/** A user's project: this package as it is published, with the peers of a generation. */
export interface UserProject {
  readonly folder: string;
  /** Where this package is installed in it. */
  readonly installed: string;
}

/** Installs the packed package with the peers of a generation, without the network. */
export async function installFor(generation: Generation): Promise<UserProject> {
  const project = await installAlone(generation.name);
  const modules = join(project.folder, "node_modules");
  for (const peer of ["cdktf", "constructs", "@cdktf"]) {
    await symlink(join(generation.folder, "node_modules", peer), join(modules, peer), "junction");
  }
  return project;
}

/** Installs the packed package without its optional peers. */
export async function installAlone(name: string): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), `ec2-start-stop-${name}-`));
  const modules = join(folder, "node_modules");
  const installed = join(modules, "ec2-start-stop");
  await mkdir(modules, { recursive: true });
  const npm = spawnSync(`npm pack --json --ignore-scripts --pack-destination "${folder}"`, {
    cwd: PROJECT,
    encoding: "utf8",
    shell: true,
  });
  const [{ filename }] = JSON.parse(npm.stdout);
  await runCommand("tar", ["-xzf", join(folder, filename), "-C", modules]);
  await rename(join(modules, "package"), installed);
  return { folder, installed };
}
