import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPython, type PinnedPackage, pythonsOf } from "../python";
import { tryCommand } from "./command";

/** What the end-to-end tests need and this place has. */
export interface Tools {
  /** A Python with moto's server, at the version that is pinned. */
  readonly python: string;
  /** Providers that `terraform init` fetched while looking, so that no test waits for them again. */
  readonly pluginCache: string;
  /** Whether `terraform init` gets the provider hashicorp/archive. */
  readonly archiveProvider: boolean;
  /** Temporary folder for everything the tests write. */
  readonly folder: string;
}

export interface Search {
  readonly tools?: Tools;
  /** Empty when all was found. */
  readonly missing: readonly string[];
}

/** The first with mock_provider, which the module's own tests need. */
const MIN_TERRAFORM = "1.7.0";

async function versionOfTerraform(): Promise<string | undefined> {
  try {
    const { stdout } = await tryCommand("terraform", ["version", "-json"], { timeoutSeconds: 60 });
    return /"terraform_version": *"([\d.]+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

const isAtLeast = (version: string, minimum: string): boolean =>
  version.localeCompare(minimum, "en", { numeric: true }) >= 0;

export const MOTO: PinnedPackage = {
  name: "moto",
  requirements: "__tests__/e2e/requirements.txt",
  module: "moto.server",
  venv: ".venv",
};

async function canFetchProvider(name: string, folder: string, pluginCache: string): Promise<boolean> {
  const probe = join(folder, `probe-${name}`);
  await mkdir(probe, { recursive: true });
  const requirement = { terraform: { required_providers: { [name]: { source: `hashicorp/${name}` } } } };
  await writeFile(join(probe, "main.tf.json"), JSON.stringify(requirement));
  const result = await tryCommand("terraform", ["init", "-backend=false", "-input=false"], {
    cwd: probe,
    env: { ...process.env, ...pluginCacheVariables(pluginCache) },
    timeoutSeconds: 180,
  });
  await rm(probe, { recursive: true, force: true });
  return result.code === 0;
}

/** Terraform uses its cache only for locked providers, unless told that it may. */
export const pluginCacheVariables = (pluginCache: string): NodeJS.ProcessEnv => ({
  CHECKPOINT_DISABLE: "1",
  TF_PLUGIN_CACHE_DIR: pluginCache,
  TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
});

/** Looks for everything; leaves a temporary folder behind only when nothing is missing. */
export async function findTools(): Promise<Search> {
  const missing: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "e2e-"));
  const pluginCache = process.env["TF_PLUGIN_CACHE_DIR"] ?? join(folder, "plugins");
  await mkdir(pluginCache, { recursive: true });

  const moto = findPython(MOTO, pythonsOf(MOTO, "MOTO_PYTHON"));
  if ("missing" in moto) missing.push(moto.missing);
  const terraform = await versionOfTerraform();
  if (!isAtLeast(terraform ?? "0", MIN_TERRAFORM)) {
    missing.push(`terraform ${MIN_TERRAFORM} or newer on the PATH (found ${terraform ?? "none"})`);
  }
  // Last, and only if it will be used: where there is no mirror, this downloads a provider of 150 MB.
  let archiveProvider = false;
  if (missing.length === 0) {
    if (await canFetchProvider("aws", folder, pluginCache)) {
      archiveProvider = await canFetchProvider("archive", folder, pluginCache);
    } else {
      missing.push(
        "the Terraform provider hashicorp/aws (from the registry, or a mirror by TF_CLI_CONFIG_FILE)",
      );
    }
  }
  if ("missing" in moto || missing.length > 0) {
    await rm(folder, { recursive: true, force: true });
    return { missing };
  }
  return { missing, tools: { python: moto.python, pluginCache, archiveProvider, folder } };
}
