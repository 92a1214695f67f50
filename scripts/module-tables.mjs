import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";

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

/** Renders tables of a module's inputs and outputs, and of the fields of each input that is an object. */
export async function moduleTables(folder) {
  const variables = await blocks(folder, "variables.tf", "variable");
  const outputs = await blocks(folder, "outputs.tf", "output");
  const objects = variables.filter(({ fields }) => fields.length > 0);
  return [
    "## Inputs",
    table(["Name", "Description", "Type", "Default"], variables.map(inputRow)),
    ...objects.flatMap(({ name, fields }) => [
      `### Fields of \`${name}\``,
      table(["Name", "Description", "Type", "Default"], fields.map(fieldRow)),
    ]),
    "## Outputs",
    table(
      ["Name", "Description"],
      outputs.map(({ name, summary }) => [code(name), summary]),
    ),
    "",
  ].join("\n\n");
}

/** Reads the blocks of one kind in a file, in its order. */
async function blocks(folder, file, kind) {
  const text = readFileSync(join(folder, file), "utf8");
  const parsed = (await parse(file, text))[kind] ?? {};
  const names = [...text.matchAll(new RegExp(`^${kind} "(\\w+)"`, "gm"))].map(([, name]) => name);
  return names.map((name) => {
    const block = parsed[name][0];
    const [summary, ...bullets] = block.description.trim().split("\n");
    return { ...block, name, summary, fields: fieldsOf(name, block, bullets) };
  });
}

/**
 * Reads the fields of an object's type, those of nested objects by their path. Each is described by a bullet of the
 * variable's description that begins with the field's name.
 */
function fieldsOf(variable, { type = "" }, bullets) {
  const texts = new Map(
    bullets.flatMap((line) => [...line.matchAll(/^- `([\w.]+)`: (.+)$/g)].map((m) => [m[1], m[2]])),
  );
  const fields = typeLines(type).map(({ name, ...field }) => {
    const description = texts.get(name);
    if (description === undefined)
      throw new Error(`Expected "- \`${name}\`: ..." in the description of ${variable}, found none`);
    texts.delete(name);
    return { name, description, ...field };
  });
  if (texts.size > 0)
    throw new Error(`Expected only fields of ${variable} in its description, got ${[...texts.keys()]}`);
  return fields;
}

/** Reads names, types and defaults of an object's fields, each on a line of its own. */
function typeLines(type) {
  const fields = [];
  const open = [];
  for (const line of type.split("\n").slice(1, -1)) {
    const closing = line.match(/^\s*\}\)+(?:, (.+)\))?$/);
    if (closing) {
      const field = open.pop();
      if (closing[1] !== undefined) field.fallback = closing[1];
      continue;
    }
    const [, name, rest] = line.match(/^\s*(\w+)\s*= (.+)$/) ?? [];
    const path = [...open, { name }].map((each) => each.name.slice(each.name.lastIndexOf(".") + 1)).join(".");
    const nested = rest.match(/^(optional\()?((?:map\()?object)\(\{$/);
    if (nested) {
      const [, optional, kind] = nested;
      const field = { name: path, type: kind.startsWith("map") ? "map(object)" : kind };
      if (optional) field.fallback = "null";
      fields.push(field);
      open.push(field);
      continue;
    }
    const [, optional, fallback = "null"] = rest.match(/^optional\((.+?)(?:, ([^,]+))?\)$/) ?? [];
    fields.push({
      name: path,
      type: optional ?? rest,
      fallback: optional === undefined ? undefined : fallback,
    });
  }
  return fields;
}

function inputRow({ name, summary, type, fields, ...block }) {
  const plainType = fields.length > 0 ? type.replace(/\(\{[\s\S]*\}\)/, "") : type;
  const fallback = Object.hasOwn(block, "default") ? code(JSON.stringify(block.default)) : "required";
  return [code(name), summary, code(plainType.replace(/^\$\{|\}$/g, "")), fallback];
}

function fieldRow({ name, description, type, fallback }) {
  return [code(name), description, code(type), fallback === undefined ? "required" : code(fallback)];
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function code(text) {
  return `\`${text}\``;
}
