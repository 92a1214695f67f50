/** Those of the ids that a message of EC2's names. */
export function namedIds(message: string, ids: readonly string[]): string[] {
  const words = new Set(message.split(/[^A-Za-z0-9_-]+/));
  return ids.filter((id) => words.has(id) || (/[^A-Za-z0-9_-]/.test(id) && message.includes(id)));
}
