import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isRecord } from "../contract/collections";
import { regionOfArn } from "../contract/patterns";
import { type Warning, warningAt } from "../model/warnings";
import { backendOf } from "./backend";
import type { Config } from "./config";

/** Where a config is, and where its stack will be written. */
export interface StackPlace {
  readonly configFile: string;
  readonly outdir: string;
  /** Folder from which the paths start. */
  readonly cwd: string;
}

/**
 * Returns the name of a config's local state: the config file's, so that a changed `name` or `region` keeps its state, and
 * each of several configs has its own. `prod/office.yaml` gives `prod-office`; a file outside the working folder its own
 * name, since the path to it differs between machines.
 */
export function stateNameOf({ configFile, cwd }: StackPlace): string {
  const path = relative(cwd, resolve(cwd, configFile));
  const inside = path.startsWith("..") || isAbsolute(path) ? basename(path) : path;
  return inside.replace(/\.ya?ml$/i, "").replace(/[^\w.-]+/g, "-") || "config";
}

/**
 * Finds deployments that a config would leave behind: Terraform would no longer know them, or look for them in another
 * region, and so neither change nor destroy them, while their schedules go on firing.
 */
export function findLeftBehind(config: Config, place: StackPlace): Warning[] {
  const outdir = resolve(place.cwd, place.outdir);
  const folder = dirname(outdir);
  const stateName = stateNameOf(place);
  const { local } = backendOf(config.backend, stateName);
  const stack = join(outdir, "stacks", "stack");
  const ownFile =
    local === undefined ? undefined : resolve(stack, String(local["path"] ?? "terraform.tfstate"));
  const isOther = (region: string) => region !== config.region;
  const deployed = ownFile === undefined ? undefined : regionsInState(ownFile).find(isOther);
  const written =
    ownFile === undefined ? regionsOfEarlierStacks(config, outdir, stateName).find(isOther) : undefined;
  return [
    ...(deployed && ownFile
      ? [otherRegion(config, deployed, `${relative(folder, ownFile)} has a deployment in ${deployed}, which`)]
      : []),
    ...(written
      ? [
          otherRegion(
            config,
            written,
            `${place.outdir} was written for ${written}: what was deployed from it`,
          ),
        ]
      : []),
    ...formerStates([folder, place.cwd], place.cwd, stateName, ownFile),
    ...orphanedStates(folder, place.cwd, stateName, ownFile),
  ];
}

function otherRegion({ region }: Config, found: string, what: string): Warning {
  const message = `region: ${what} goes on firing when Terraform looks for it in ${region}: set region back to ${found}, run terraform destroy, and then change it`;
  return warningAt("region", "left-behind", message);
}

/** Returns warnings about the config's default state files, where it keeps its state elsewhere now. */
function formerStates(
  folders: readonly string[],
  cwd: string,
  own: string,
  ownFile: string | undefined,
): Warning[] {
  const files = new Set(folders.map((folder) => join(folder, `terraform.${own}.tfstate`)));
  return [...files].flatMap((file) => {
    if (file === ownFile || regionsInState(file).length === 0) return [];
    const message = `${relative(cwd, file)} has a deployment, and this config keeps its state elsewhere: move it there (terraform init -migrate-state) and delete the file, or run terraform destroy with it, or it goes on firing`;
    return [warningAt("", "left-behind", message)];
  });
}

/** Returns warnings about state files in a folder that belong to no config file any more. */
function orphanedStates(folder: string, cwd: string, own: string, ownFile: string | undefined): Warning[] {
  return namesIn(folder).flatMap((file) => {
    const [, name = ""] = /^terraform\.(.+)\.tfstate$/.exec(file) ?? [];
    if (name === "" || name === own || join(folder, file) === ownFile) return [];
    const configs = [name, name.replaceAll("-", "/")].flatMap((path) => [`${path}.yaml`, `${path}.yml`]);
    if (configs.some((path) => existsSync(join(cwd, path)))) return [];
    if (regionsInState(join(folder, file)).length === 0) return [];
    const message = `${file} has a deployment, and there is no ${name}.yaml: if it is this config's, rename the file to terraform.${own}.tfstate before you apply; if not, run terraform destroy with it, or it goes on firing`;
    return [warningAt("", "left-behind", message)];
  });
}

/** Returns the regions of earlier stacks in the output folder that keep their state in the same place. */
function regionsOfEarlierStacks(config: Config, outdir: string, stateName: string): string[] {
  const backend = JSON.stringify(backendOf(config.backend, stateName));
  return namesIn(join(outdir, "stacks")).flatMap((stack) => {
    const json = readJson(join(outdir, "stacks", stack, "cdk.tf.json"));
    const { terraform, provider } = json as {
      terraform?: { backend?: unknown; cloud?: unknown };
      provider?: { aws?: readonly { region?: unknown }[] };
    };
    const own = terraform?.cloud === undefined ? terraform?.backend : { cloud: terraform.cloud };
    const region = provider?.aws?.[0]?.region;
    return JSON.stringify(own) === backend && typeof region === "string" ? [region] : [];
  });
}

/** Returns the regions of the Lambda functions in a state file; none if it cannot be read. */
function regionsInState(file: string): string[] {
  const { resources } = readJson(file);
  if (!Array.isArray(resources)) return [];
  const functions = resources.filter((each) => isRecord(each) && each["type"] === "aws_lambda_function");
  const instances = functions.flatMap(({ instances: all }) => (Array.isArray(all) ? all : []));
  return instances.flatMap((instance) => {
    const region = regionOfArn(String(instance?.attributes?.arn ?? ""));
    return region ? [region] : [];
  });
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
