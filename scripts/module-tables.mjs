import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { blockTable, code, table } from "./config-tables.mjs";

const MODULE_MARKS = {
  begin: "<!-- Generated from variables.tf and outputs.tf by `npm run build:module`; do not edit. -->",
  end: "<!-- End of the generated tables. -->",
};

/** Puts the tables into a page, between their marks. */
export function withTables(page, tables, { begin, end } = MODULE_MARKS) {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before)
    throw new Error(`Expected "${begin}" and "${end}" in the page, found none`);
  return `${page.slice(0, before)}${begin}\n\n${tables}\n${page.slice(after)}`;
}

/** Keys that have an effect only in a config file. */
const FILE_ONLY = ["log_group", "code", "region", "backend", "provider", "allowed_account_ids"];
/** Blocks of a config that are variables of the module. */
const BLOCKS = ["functions", "targets", "schedules", "alerts", "adopt"];
const REQUIRED_WITHOUT_CONFIG = ["targets", "schedules"];

/**
 * Renders tables of a module's requirements, inputs, resources and outputs, and of the keys of each input that is a block of the
 * config file: those of the file's schema, in snake case.
 */
export async function moduleTables(folder, schema) {
  const variables = await blocks(folder, "variables.tf", "variable");
  const outputs = await blocks(folder, "outputs.tf", "output");
  const { terraform } = await read(folder, "versions.tf");
  const [{ required_version, required_providers }] = terraform;
  const providers = Object.entries(required_providers[0]).map(([name, { version }]) => [name, version]);
  const resources = readdirSync(folder)
    .filter((file) => file.endsWith(".tf"))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), "utf8").matchAll(/^(resource|data) "(\w+)" "(\w+)"/gm),
    ])
    .map(([, kind, type, name]) => [code(`${type}.${name}`), kind === "data" ? "data source" : "resource"])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "## Requirements",
    table(
      ["Name", "Version"],
      [["terraform", required_version], ...providers].map((row) => row.map(code)),
    ),
    "## Inputs",
    table(["Name", "Description", "Type", "Default", "Required"], variables.map(inputRow)),
    ...BLOCKS.flatMap((name) => keysOf(name, schema, variables)),
    "## Outputs",
    table(
      ["Name", "Description"],
      outputs.map(({ name, summary }) => [code(name), summary]),
    ),
    "## Resources",
    table(["Name", "Kind"], resources),
    "",
  ].join("\n\n");
}

/** The table of a block's keys, with those that the module has in addition: bullets of the variable's description. */
function keysOf(name, schema, variables) {
  const [title, rows] = blockTable(name, snakeCase(schema.properties[name]));
  const { bullets } = variables.find((variable) => variable.name === name);
  const added = bullets.flatMap((line) =>
    [...line.matchAll(/^- `(\w+)`: (.+)$/g)].map(([, key, text]) => `| ${code(key)} | ${text} | | none |`),
  );
  return [title, [rows, ...added].join("\n")];
}

/** A part of the schema with its keys, and those that its texts name, in snake case. */
function snakeCase(part) {
  const snake = (key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (Array.isArray(part)) return part.map(snakeCase);
  if (typeof part === "string")
    return part.replace(/`[a-z]+[A-Z]\w*`/g, snake).replace("the config", "the module");
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (key === "pattern" || key === "enum") return [key, value];
      if (key === "required" && Array.isArray(value)) return [key, value.map(snake)];
      if (key !== "properties") return [key, snakeCase(value)];
      const properties = Object.entries(value)
        .map(([name, each]) => [snake(name), snakeCase(each)])
        .filter(([name]) => !FILE_ONLY.includes(name));
      return [key, Object.fromEntries(properties)];
    }),
  );
}

/** Reads the blocks of one kind in a file, in its order. */
async function blocks(folder, file, kind) {
  const text = readFileSync(join(folder, file), "utf8");
  const parsed = (await read(folder, file))[kind] ?? {};
  const names = [...text.matchAll(new RegExp(`^${kind} "(\\w+)"`, "gm"))].map(([, name]) => name);
  return names.map((name) => {
    const block = parsed[name][0];
    const [summary, ...bullets] = block.description.trim().split("\n");
    return { ...block, name, summary, bullets };
  });
}

async function read(folder, file) {
  return await parse(file, readFileSync(join(folder, file), "utf8"));
}

function inputRow({ name, summary, type, ...block }) {
  const fallback = Object.hasOwn(block, "default") ? code(JSON.stringify(block.default)) : "none";
  const required = REQUIRED_WITHOUT_CONFIG.includes(name) ? "without `config`" : "no";
  return [code(name), summary, code(type.replace(/^\$\{|\}$/g, "")), fallback, required];
}
