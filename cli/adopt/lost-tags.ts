/** What becomes of the tags of an adopted thing, to be told after something else; AWS's own tags stay. */
export function lostTags(tagKeys: readonly string[]): string {
  const own = tagKeys.filter((key) => !key.startsWith("aws:"));
  if (own.length === 0) return "";
  const [tags, go] = own.length === 1 ? ["tag", "goes unless it is"] : ["tags", "go unless they are"];
  return `; its ${tags} ${own.join(", ")} ${go} in \`tags\``;
}
