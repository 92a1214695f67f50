import { distance } from "fastest-levenshtein";

/** Returns the name that `text` most likely meant, or undefined where none is near. Case is ignored. */
export function nearestName(text: string, names: Iterable<string>): string | undefined {
  if (text.length > 64) return undefined;
  const wanted = text.toLowerCase();
  const maxDistance = Math.min(4, Math.ceil(wanted.length / 3));
  let nearest: string | undefined;
  let smallest = maxDistance + 1;
  for (const name of names) {
    const found = distance(wanted, name.toLowerCase());
    if (found < smallest) {
      smallest = found;
      nearest = name;
    }
  }
  return nearest;
}
