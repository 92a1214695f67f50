import { distance } from "fastest-levenshtein";

/** The name that `text` most likely meant, or undefined where none is near. Names that differ in case only are nearest. */
export function nearestName(text: string, names: Iterable<string>): string | undefined {
  if (text.length > 64) return undefined;
  const wanted = text.toLowerCase();
  const farthest = Math.min(4, Math.ceil(wanted.length / 3));
  let nearest: string | undefined;
  let least = farthest + 1;
  for (const name of names) {
    const far = distance(wanted, name.toLowerCase());
    if (far < least) {
      least = far;
      nearest = name;
    }
  }
  return nearest;
}
