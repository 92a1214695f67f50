import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "@jest/globals";

const BUILT = "dist/lambda.zip";
const SHIPPED = "module/lambda.zip";

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

it("ships byte for byte what is built from the sources; if not: npm run build:module", () => {
  if (!existsSync(BUILT)) throw new Error(`Expected ${BUILT}, found none: run \`npm run build\` first`);
  expect({ file: SHIPPED, sha256: sha256(SHIPPED) }).toEqual({ file: SHIPPED, sha256: sha256(BUILT) });
});
