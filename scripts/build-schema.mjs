import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { CONFIG_MARKS, configTables } from "./config-tables.mjs";
import { withTables } from "./module-tables.mjs";

// Writes the JSON Schema of the config file from the built library, formatted as the rest of the
// project, and generates the tables of the page that explains its keys.
const require = createRequire(import.meta.url);
const { configJsonSchema } = require("../dist/config.js");
const file = "config/ec2-start-stop.schema.json";
writeFileSync(file, JSON.stringify(configJsonSchema(), null, 2));
execFileSync(process.execPath, [require.resolve("@biomejs/biome/bin/biome"), "format", "--write", file]);

const page = "docs/config.md";
const tables = configTables(configJsonSchema());
writeFileSync(page, withTables(readFileSync(page, "utf8"), tables, CONFIG_MARKS));
