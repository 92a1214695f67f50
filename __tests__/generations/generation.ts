import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const PROJECT = resolve(__dirname, "../..");

/** One of the sets of packages that the same sources serve. */
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

/** A user's project: this package as it is published, beside the peers of a generation. */
export interface UserProject {
  readonly folder: string;
  /** Where this package is installed in it. */
  readonly installed: string;
}

export async function installFor(generation: Generation): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), `ec2-start-stop-${generation.name}-`));
  const modules = join(folder, "node_modules");
  const installed = join(modules, "ec2-start-stop");
  await mkdir(installed, { recursive: true });
  for (const peer of ["cdktf", "constructs", "@cdktf"]) {
    await symlink(join(generation.folder, "node_modules", peer), join(modules, peer), "junction");
  }
  await cp(join(PROJECT, "package.json"), join(installed, "package.json"));
  await cp(join(PROJECT, "dist"), join(installed, "dist"), { recursive: true });
  return { folder, installed };
}
