export const CONFIG_MARKS = {
  begin: "<!-- Generated from config/ec2-start-stop.schema.json by `npm run build:schema`; do not edit. -->",
  end: "<!-- End of the generated tables. -->",
};

const DEFAULT = /\bDefault: /;
const HEAD = ["Key", "Description", "Type", "Default"];

/** Tables of a config's keys from its JSON Schema: those of the file itself, and those of each key that holds others. */
export function configTables(schema) {
  const own = Object.entries(schema.properties);
  return [
    table(HEAD, own.map(rowIn(schema))),
    ...own.flatMap(([key, property]) => blockTable(key, property)),
    "",
  ].join("\n\n");
}

/** The title and the table of what a key holds; neither where it holds no keys, or keys that are all alike. */
export function blockTable(key, property) {
  const [holder] = holders(property);
  if (holder === undefined || isUniform(holder)) return [];
  return [`### \`${pathOf(key, property)}\``, table(HEAD, rowsBelow(holder))];
}

/** The rows of an object's keys, those of objects within it right below their own, by their path. */
function rowsBelow(holder, prefix = "") {
  return Object.entries(holder.properties).flatMap(([key, property]) => [
    rowIn(holder, prefix)([key, property]),
    ...holders(property).flatMap((inner) => rowsBelow(inner, `${prefix}${pathOf(key, property)}.`)),
  ]);
}

function rowIn({ required = [] }, prefix = "") {
  return ([key, property]) => {
    const [text, fallback] = property.description.split(DEFAULT);
    const shown = required.includes(key) ? "required" : defaultOf(property, fallback);
    return [code(`${prefix}${pathOf(key, property)}`), text.trim(), typeOf(property), shown];
  };
}

function defaultOf(property, described) {
  if (described !== undefined) {
    const text = described.replace(/\.$/, "");
    return /^[\w.:/<>-]+$/.test(text) && text !== "none" ? code(text) : text;
  }
  const [holder] = holders(property);
  const hasDefaults =
    holder && Object.values(holder.properties).every(({ description }) => DEFAULT.test(description));
  return hasDefaults ? "those of its keys" : "none";
}

const isMap = ({ additionalProperties }) => typeof additionalProperties === "object";
const pathOf = (key, property) => (isMap(property) && holders(property).length > 0 ? `${key}.<name>` : key);

/** The objects that a key holds, as a value or in a map: several where it takes either of several. */
function holders(property) {
  const value = isMap(property) ? property.additionalProperties : property;
  return [value, ...(value.anyOf ?? [])].filter(({ properties }) => properties !== undefined);
}

/** Whether an object's keys are all alike, so that their names say all. */
function isUniform({ properties }) {
  const texts = Object.values(properties).map(({ description }) => description);
  return texts.length > 1 && new Set(texts).size === 1;
}

/** Whether a key takes a plain text too, where it takes an object. */
const takesText = ({ anyOf = [] }) => anyOf.some(({ type }) => type === "string");

function typeOf({ type, enum: values, const: only, anyOf, items, minimum, maximum, maxLength, ...property }) {
  const [holder] = holders({ ...property, anyOf });
  if (values) return values.map(code).join(" or ");
  if (only !== undefined) return code(String(only));
  if (anyOf && holder && takesText({ anyOf })) return "text, object, or list of these";
  if (anyOf && !holder) return anyOf.map(typeOf).join(", or ");
  if (type === "array") return `list of ${plural(typeOf(items))}`;
  if (isMap(property))
    return holder && !takesText(property.additionalProperties)
      ? "object by name"
      : `map of ${plural(typeOf(property.additionalProperties))}`;
  if (type === "object")
    return holder && isUniform(holder)
      ? `one of ${Object.keys(holder.properties).map(code).join(", ")}`
      : "object";
  if (type === "integer")
    return maximum === undefined ? "number" : `${inEnglish(minimum)} to ${inEnglish(maximum)}`;
  if (maxLength !== undefined) return `text, at most ${inEnglish(maxLength)} characters`;
  return type === "string" ? "text" : "`true` or `false`";
}

function plural(type) {
  return type === "text" ? "texts" : type.includes(" to ") ? `numbers from ${type}` : type;
}

function inEnglish(number) {
  const isYear = number >= 1970 && number <= 2199;
  return isYear ? String(number) : number.toLocaleString("en-US");
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function code(text) {
  return `\`${text}\``;
}
