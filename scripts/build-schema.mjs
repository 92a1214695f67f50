import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

// Writes the JSON Schema of the config file from the built library, formatted as the rest of the project.
const require = createRequire(import.meta.url);
const { configJsonSchema } = require("../dist/config.js");
const file = "config/ec2-start-stop.schema.json";
writeFileSync(file, JSON.stringify(configJsonSchema(), null, 2));
execFileSync(process.execPath, [require.resolve("@biomejs/biome/bin/biome"), "format", "--write", file]);
