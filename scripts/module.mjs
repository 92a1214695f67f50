// Copies the function's zip and its third-party notices into module/, and generates the tables of its README.
//   npm run build:module
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { moduleTables, withTables } from "./module-tables.mjs";

for (const file of ["lambda.zip", "lambda.THIRD-PARTY-NOTICES.txt"])
  copyFileSync(`dist/${file}`, `module/${file}`);

const readme = "module/README.md";
writeFileSync(readme, withTables(readFileSync(readme, "utf8"), await moduleTables("module")));
