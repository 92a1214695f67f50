import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGE_NAME = "ec2-start-stop";

/** The built code of the functions. */
export interface Bundle {
  /** Folder with the bundled `index.js`. */
  readonly folder: string;
  /** Zip of that folder, with the same bytes on every machine. */
  readonly zipFile: string;
}

/**
 * Finds the built function in this package, starting from a folder of its sources or of `dist`.
 * @throws Error if it is not built
 */
export function findBundle(from = __dirname): Bundle {
  const dist = join(packageRoot(from), "dist");
  const bundle = { folder: join(dist, "lambda"), zipFile: join(dist, "lambda.zip") };
  if (!existsSync(join(bundle.folder, "index.js")) || !existsSync(bundle.zipFile)) {
    throw new Error(`Expected the built function in ${dist}, found none: run \`npm run build\` first`);
  }
  return bundle;
}

function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === PACKAGE_NAME) return folder;
    if (folder === dirname(folder)) {
      throw new Error(`Expected the package ${PACKAGE_NAME} in or above ${from}, found none`);
    }
  }
}
