/** `2 failed, 1 done`: what there is any of. */
export function countsText(counts: Iterable<readonly [what: string, count: number]>): string {
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}

/**
 * How often each word is there.
 * @param order of the words; by default as they come
 */
export function tally(words: readonly string[], order: readonly string[] = []): Map<string, number> {
  const counts = new Map(order.map((word) => [word, 0]));
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
