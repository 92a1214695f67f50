import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryCommand } from "./command";
import { PROJECT } from "./paths";

/** What the end-to-end tests need and this place has. */
export interface Tools {
  /** A Python that can import moto's server. */
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

const runs = async (program: string, args: readonly string[]): Promise<boolean> => {
  try {
    return (await tryCommand(program, args, { timeoutSeconds: 60 })).code === 0;
  } catch {
    return false;
  }
};

async function findPython(): Promise<string | undefined> {
  const named = process.env["MOTO_PYTHON"];
  const inProject = [".venv/bin/python", ".venv/Scripts/python.exe"].map((path) => join(PROJECT, path));
  const candidates = named ? [named] : [...inProject.filter((path) => existsSync(path)), "python3", "python"];
  for (const candidate of candidates) {
    if (await runs(candidate, ["-c", "import moto.server"])) return candidate;
  }
  return undefined;
}

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
  const folder = await mkdtemp(join(tmpdir(), "ec2-start-stop-e2e-"));
  const pluginCache = process.env["TF_PLUGIN_CACHE_DIR"] ?? join(folder, "plugins");
  await mkdir(pluginCache, { recursive: true });

  const python = await findPython();
  if (python === undefined) missing.push("moto (pip install -r __tests__/e2e/requirements.txt in .venv)");
  if (!(await runs("terraform", ["version"]))) missing.push("terraform on the PATH");
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
  if (python === undefined || missing.length > 0) {
    await rm(folder, { recursive: true, force: true });
    return { missing };
  }
  return { missing, tools: { python, pluginCache, archiveProvider, folder } };
}
