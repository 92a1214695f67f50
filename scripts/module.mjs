// Copies the function's zip and its third-party notices into module/, and generates facts.tf and the tables of README.md.
//   npm run build:module
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { moduleFacts } from "./module-facts.ts";
import { moduleTables, withTables } from "./module-tables.mjs";

for (const file of ["lambda.zip", "lambda.THIRD-PARTY-NOTICES.txt"])
  copyFileSync(`dist/${file}`, `module/${file}`);

const schema = JSON.parse(readFileSync("config/ec2-start-stop.schema.json", "utf8"));
writeFileSync("module/facts.tf", moduleFacts(schema));

const readme = "module/README.md";
writeFileSync(readme, withTables(readFileSync(readme, "utf8"), await moduleTables("module", schema)));
