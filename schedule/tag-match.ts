/** Values that count, by tag key. */
export type TagValues = Readonly<Record<string, readonly string[]>>;

/** Whether an instance carries all of these keys, each with one of its literal values: then it is part of the target. */
export function carriesAll(tags: ReadonlyMap<string, string>, wanted: TagValues): boolean {
  return Object.entries(wanted).every(([key, values]) => {
    const value = tags.get(key);
    return value !== undefined && values.includes(value);
  });
}

/** The first tag, as `key=value`, by which an instance is excluded from a target: any one of them is enough. */
export function excludingTag(tags: ReadonlyMap<string, string>, exclude: TagValues): string | undefined {
  for (const [key, values] of Object.entries(exclude)) {
    const value = tags.get(key);
    if (value !== undefined && values.includes(value)) return `${key}=${value}`;
  }
  return undefined;
}
