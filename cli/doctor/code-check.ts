import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, findBundle } from "../../constructs/bundle";
import type { DeployedFunction } from "../functions/functions";
import type { Around } from "./around";
import { type Difference, type Finding, ok, unknown, wrong } from "./check";
import type { FunctionFiles } from "./reading/reading";

const THIS_VERSION = "this version's";
const OTHER_CODE = "not this version's code";

/**
 * Whether a function runs what this package has built. Of `code: zip` the hash decides. Of `code: archive` Terraform
 * packs the files itself, so an equal hash proves it, and with another one the files are compared.
 */
export async function codeFinding(
  { name, codeSha256 }: DeployedFunction,
  { deployment, read, fixes }: Pick<Around, "deployment" | "read" | "fixes">,
  bundle: Bundle | undefined = builtBundle(),
): Promise<Finding> {
  if (bundle === undefined)
    return unknown("this package has no built function to compare with: npm run build");
  const expected = createHash("sha256").update(readFileSync(bundle.zipFile)).digest("base64");
  if (codeSha256 === expected) return ok(`${THIS_VERSION} (SHA-256 ${short(expected)})`);
  if (deployment.config.code === "zip") {
    return wrong(OTHER_CODE, fixes.deploy, [{ what: "SHA-256", got: codeSha256, expected }]);
  }
  const code = await read.code(name);
  if ("unreadable" in code) {
    return unknown(
      `Terraform packed it, and its files could not be fetched to be compared: ${code.unreadable}`,
    );
  }
  const differences = fileDifferences(code, bundle.folder);
  return differences.length === 0
    ? ok(`${THIS_VERSION}, file by file`)
    : wrong(OTHER_CODE, fixes.deploy, differences);
}

function fileDifferences({ files }: FunctionFiles, folder: string): Difference[] {
  const built = Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path))]),
  );
  // A zip may list folders, too.
  const deployed = Object.keys(files).filter((name) => !name.endsWith("/"));
  return [...new Set([...Object.keys(built), ...deployed])].flatMap((name) => {
    const [got, expected] = [describe(files[name]), describe(built[name])];
    return got === expected ? [] : [{ what: name, got, expected }];
  });
}

function describe(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "no such file";
  return `${bytes.length} bytes, SHA-256 ${short(createHash("sha256").update(bytes).digest("base64"))}`;
}

function short(hash: string): string {
  return `${hash.slice(0, 10)}...`;
}

function builtBundle(): Bundle | undefined {
  try {
    return findBundle();
  } catch {
    return undefined;
  }
}
