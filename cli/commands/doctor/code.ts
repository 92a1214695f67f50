import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findBundle } from "../../../model/bundle";
import type { DeployedFunction, FunctionFiles } from "../../aws/lambda";
import { type CheckResult, type Difference, ok, unknown, wrong } from "./check";
import type { BuiltCode, CheckContext } from "./check-context";
import { compareValues } from "./compare";

const THIS_VERSION = "this version's";
const OTHER_CODE = "not this version's code";

/**
 * Checks that a function runs what this package built. With `code: zip` the hash decides. With `code: archive` Terraform
 * packs the files itself: an equal hash proves it, and otherwise the files are compared.
 */
export async function checkCode(
  { name, codeSha256 }: DeployedFunction,
  { deployment, read, fixes, builtCode }: Pick<CheckContext, "deployment" | "read" | "fixes" | "builtCode">,
): Promise<CheckResult> {
  if (builtCode === undefined) {
    return unknown("this package has no built function to compare with: npm run build");
  }
  const { zipSha256 } = builtCode;
  if (codeSha256 === zipSha256) return ok(`${THIS_VERSION} (SHA-256 ${shortenHash(zipSha256)})`);
  if (deployment.config.code === "zip") {
    return wrong(OTHER_CODE, fixes.deploy, compareValues("SHA-256", codeSha256, zipSha256));
  }
  const code = await read.code(name);
  if ("unreadable" in code) {
    return unknown(
      `Terraform packed it, and its files could not be fetched to be compared: ${code.unreadable}`,
    );
  }
  const differences = compareFiles(code, builtCode);
  return differences.length === 0
    ? ok(`${THIS_VERSION}, file by file`)
    : wrong(OTHER_CODE, fixes.deploy, differences);
}

function compareFiles({ files: deployed }: FunctionFiles, { files }: BuiltCode): Difference[] {
  const built = files();
  // A zip may list folders, too.
  const names = Object.keys(deployed).filter((name) => !name.endsWith("/"));
  return [...new Set([...Object.keys(built), ...names])].flatMap((name) =>
    compareValues(name, describeFile(deployed[name]), describeFile(built[name])),
  );
}

function describeFile(bytes: Uint8Array | undefined): string {
  return bytes === undefined
    ? "no such file"
    : `${bytes.length} bytes, SHA-256 ${shortenHash(sha256(bytes))}`;
}

function shortenHash(hash: string): string {
  return `${hash.slice(0, 10)}...`;
}

/** Finds the function that this package was built with; undefined in a source tree without a build. */
export function findBuiltCode(): BuiltCode | undefined {
  const bundle = findBuiltBundle();
  return (
    bundle && { zipSha256: sha256(readFileSync(bundle.zipFile)), files: () => readFilesIn(bundle.folder) }
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function findBuiltBundle() {
  try {
    return findBundle();
  } catch {
    return undefined;
  }
}

function readFilesIn(folder: string): Record<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path))]),
  );
}
