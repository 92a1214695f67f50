import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The content of an app's output folder. */
export interface Synthesized {
  /** Paths in the whole folder, sorted. */
  readonly files: readonly string[];
  /** The stack's JSON without the ignored keys. */
  readonly stack: Json;
  /** The ignored keys with their values. */
  readonly ignored: Json;
}

export type Json = Readonly<Record<string, unknown>>;

/** Reads a stack's JSON, with some keys (given as paths of keys) set apart. */
export async function readSynthesized(
  outputFolder: string,
  stackName: string,
  ignoredKeys: readonly (readonly string[])[],
): Promise<Synthesized> {
  const stack = JSON.parse(await readFile(join(outputFolder, "stacks", stackName, "cdk.tf.json"), "utf8"));
  const ignored = ignoredKeys.map((path) => [path.join("."), take(stack, path)]);
  const files = await readdir(outputFolder, { recursive: true });
  return { files: files.sort(), stack, ignored: Object.fromEntries(ignored) };
}

/** Removes a key and returns its value. */
function take(object: Record<string, unknown>, [key = "", ...rest]: readonly string[]): unknown {
  const value = object[key];
  if (rest.length > 0) return take(value as Record<string, unknown>, rest);
  delete object[key];
  return value;
}
