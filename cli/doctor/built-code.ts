import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findBundle } from "../../constructs/bundle";

/** What the functions of this version run. */
export interface BuiltCode {
  /** Base64 of the SHA-256 of the zip, as Lambda's CodeSha256. */
  readonly zipSha256: string;
  /** By their names in the zip. */
  readonly files: () => Readonly<Record<string, Uint8Array>>;
}

/** What this package has built; undefined where it was not. */
export function builtCode(): BuiltCode | undefined {
  const bundle = builtBundle();
  return bundle && { zipSha256: sha256(readFileSync(bundle.zipFile)), files: () => filesIn(bundle.folder) };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function builtBundle() {
  try {
    return findBundle();
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): Record<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path))]),
  );
}
