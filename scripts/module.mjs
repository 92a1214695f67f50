// Refreshes what module/ holds of things made elsewhere: the function's zip, and the tables of its README.
//   npm run build:module
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { moduleTables, withTables } from "./module-tables.mjs";

copyFileSync("dist/lambda.zip", "module/lambda.zip");

const readme = "module/README.md";
writeFileSync(readme, withTables(readFileSync(readme, "utf8"), await moduleTables("module")));
