import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const PROJECT = resolve(__dirname, "../..");

/** The notices that the build wrote about bundled packages: for the programs and library, and for the function. */
export const NOTICES = ["THIRD-PARTY-NOTICES.txt", "lambda.THIRD-PARTY-NOTICES.txt"].map((name) =>
  join(PROJECT, "dist", name),
);

export interface BundledPackage {
  readonly name: string;
  readonly license: string;
}

export function bundledPackages(file: string): BundledPackage[] {
  return [...readFileSync(file, "utf8").matchAll(/^(@?[\w./-]+) \d+\.\d+\.\d+\S* \((.+)\)$/gm)].map(
    ([, name = "", license = ""]) => ({ name, license }),
  );
}

/** The license texts, one for each group of packages that share it. */
export function licenseTexts(file: string): string[] {
  const [, ...sections] = readFileSync(file, "utf8").split(/^-{80}\n/m);
  return sections.map((section) => section.slice(section.indexOf("\n\n")).trim());
}
