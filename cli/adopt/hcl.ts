/** A value as HCL reads it back: JSON, but for templates, and for objects as Terraform's formatter lays them out. */
export function hcl(value: unknown, indent = ""): string {
  if (Array.isArray(value)) return `[${value.map((item) => hcl(item, indent)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return ["{", ...argumentLines(Object.entries(value), `${indent}  `), `${indent}}`].join("\n");
  }
  return JSON.stringify(value).replace(/[$%](?=\{)/g, "$&$&");
}

/**
 * `name = value`, a line each or more, their equals signs beneath each other; what is undefined is left out.
 * @param comments what stands behind a value, by its name
 */
export function argumentLines(
  entries: readonly (readonly [string, unknown])[],
  indent: string,
  comments: Readonly<Record<string, string>> = {},
): string[] {
  const given = entries
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name: hclName(name), key: name, value }));
  const width = (at: number) => {
    // Values of several lines stand on their own: what is before and what is after them is aligned by itself.
    const isLong = (index: number) => isBlock(given[index]?.value);
    if (isLong(at)) return 0;
    let [first, last] = [at, at];
    while (first > 0 && !isLong(first - 1)) first -= 1;
    while (last < given.length - 1 && !isLong(last + 1)) last += 1;
    return Math.max(...given.slice(first, last + 1).map(({ name }) => name.length));
  };
  return given.map(({ name, key, value }, index) => {
    const comment = comments[key] === undefined ? "" : ` # ${comments[key]}`;
    return `${indent}${name.padEnd(width(index))} = ${hcl(value, indent)}${comment}`;
  });
}

/** The name of an attribute, in quotes only where Terraform needs them: it takes `for` for the begin of an expression. */
export function hclName(name: string): string {
  return /^(?!for$)[A-Za-z_][\w-]*$/.test(name) ? name : hcl(name);
}

function isBlock(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
