// Refreshes what module/ holds of things made elsewhere: the function's zip with the licenses of what is in it, and the
// tables of its README.
//   npm run build:module
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { moduleTables, withTables } from "./module-tables.mjs";

for (const file of ["lambda.zip", "lambda.THIRD-PARTY-NOTICES.txt"])
  copyFileSync(`dist/${file}`, `module/${file}`);

const readme = "module/README.md";
writeFileSync(readme, withTables(readFileSync(readme, "utf8"), await moduleTables("module")));
