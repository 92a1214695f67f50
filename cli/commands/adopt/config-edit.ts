import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { type Config, ConfigError, parseConfig } from "../../../config";
import { readConfigText } from "../../../config/file";
import { parseDocument as parseConfigDocument } from "../../../config/yaml";
import { isRecord } from "../../../contract/collections";

/** The config file that adopting adds to. */
export interface ExistingConfig {
  readonly file: string;
  /** Undefined if the file does not exist yet. */
  readonly text?: string;
  /** Its values, which may lack parts that adopting fills in. */
  readonly given: Partial<Config>;
  /** Set where it is a valid config already. */
  readonly whole?: Config;
}

/**
 * Reads a config that may still lack its region, targets and schedules.
 * @throws ConfigError with everything else that is wrong with it
 */
export async function readExistingConfig(file: string): Promise<ExistingConfig> {
  if (!existsSync(file)) return { file, given: {} };
  const text = readConfigText(file);
  try {
    const whole = await parseConfig(text, file);
    return { file, text, given: whole, whole };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const given = parseConfigDocument(text).value ?? {};
    const isMissing = ({ path }: { path: string }) =>
      isRecord(given) &&
      (path === "" ? Object.keys(given).length === 0 : FILLED_IN.has(path) && !Object.hasOwn(given, path));
    if (!isRecord(given) || !error.problems.every(isMissing)) throw error;
    return { file, text, given };
  }
}

const FILLED_IN = new Set(["region", "targets", "schedules"]);

/** Additions to a config, by top-level key. */
export type ConfigAdditions = Pick<Partial<Config>, "region" | "timezone" | "trigger"> &
  Pick<Partial<Config>, "functions" | "permissionsBoundaryArn" | "targets" | "schedules" | "adopt">;

// Keeps the author's line breaks.
const LAYOUT = { lineWidth: 0, flowCollectionPadding: true } as const;

/** Deeper values are written on one line. */
const FLOW_DEPTH = 3;

/**
 * Adds to a config's text. Existing keys, values, comments and line ends stay as they are.
 */
export function editConfig(text: string | undefined, additions: ConfigAdditions): string {
  if (text === undefined) return `${HEADER}${renderAdditions(additions)}`;
  const edited = addToText(text, additions);
  // The YAML library writes line feeds only.
  return edited !== text && /^[^\n]*\r\n/.test(text) ? edited.replace(/\r?\n/g, "\r\n") : edited;
}

function addToText(text: string, additions: ConfigAdditions): string {
  const document = parseDocument(text);
  const keys = Object.entries(additions);
  const present = keys.filter(([key]) => document.has(key));
  const absent = Object.fromEntries(keys.filter(([key]) => !document.has(key)));
  const missing = present.flatMap(([key, value]) => missingMembers(document, [key], value));
  const inserted = insertLines(document, text, missing);
  for (const { path, value } of missing) document.setIn(path, document.createNode(value));
  const hasAbsent = Object.keys(absent).length > 0;
  if (hasAbsent && !mayGoOn(document, text)) return addToRoot(document, absent);
  const kept = isSameDocument(inserted, document) ? inserted : document.toString(LAYOUT);
  if (!hasAbsent) return kept;
  const gap = kept.trim() === "" ? "" : kept.endsWith("\n") ? "\n" : "\n\n";
  return `${kept}${gap}${renderAdditions(absent)}`;
}

/** Whether keys may follow the text: not after braces, after indented keys, or after the mark of the end. */
function mayGoOn({ contents, directives }: Document.Parsed, text: string): boolean {
  if (directives.docEnd) return false;
  if (isScalar(contents)) return contents.source === "";
  if (!isMap(contents)) return contents === null;
  const [start = 0] = contents.range ?? [];
  return contents.flow !== true && (start === 0 || text[start - 1] === "\n");
}

/** Adds keys as the last ones of a document, which becomes one key a line. */
function addToRoot(document: Document.Parsed, absent: ConfigAdditions): string {
  const { contents } = document;
  const added = parseDocument(renderAdditions(absent)).contents;
  if (isMap(contents) && contents.items.length > 0 && isMap(added)) {
    contents.flow = false;
    contents.items.push(...added.items);
  } else if (added !== null) {
    added.commentBefore = contents?.commentBefore ?? null;
    added.comment = contents?.comment ?? null;
    document.contents = added;
  }
  document.directives.docEnd = false;
  return document.toString(LAYOUT);
}

const HEADER =
  "# Written by `ec2-start-stop adopt` from what was found in the account. Check it, then: ec2-start-stop synth\n\n";

/** A value that a mapping of a document lacks, by its path. */
interface MissingMember {
  readonly path: readonly string[];
  readonly value: unknown;
}

function missingMembers(
  document: Document.Parsed,
  path: readonly string[],
  value: unknown,
): readonly MissingMember[] {
  if (!document.hasIn(path)) return [{ path, value }];
  if (typeof value !== "object" || value === null || !isMap(document.getIn(path))) return [];
  return Object.entries(value).flatMap(([key, member]) => missingMembers(document, [...path, key], member));
}

/** Inserts each value below the last member of its mapping, where that is one key a line. Everything else stays. */
function insertLines(document: Document.Parsed, text: string, missing: readonly MissingMember[]): string {
  const lines = missing.flatMap(({ path, value }) => {
    const map = document.getIn(path.slice(0, -1));
    const [first] = isMap(map) ? map.items : [];
    const [start, end] = [isNode(first?.key) ? first.key.range?.[0] : undefined, endOf(map)];
    if (start === undefined || end === undefined) return [];
    const indent = start - (text.lastIndexOf("\n", start - 1) + 1);
    const newline = text.indexOf("\n", end - 1);
    const at = newline < 0 ? text.length : newline + 1;
    const rendered = renderMember(path, value).replace(/^(?=.)/gm, " ".repeat(indent));
    return [{ at, indent, rendered: newline < 0 ? `\n${rendered.trimEnd()}` : rendered }];
  });
  // From the end, so that places stay. Of several at one place each goes before those that are inserted already.
  return lines
    .toReversed()
    .toSorted((a, b) => b.at - a.at || a.indent - b.indent)
    .reduce((result, { at, rendered }) => result.slice(0, at) + rendered + result.slice(at), text);
}

/** Where the last value in a node ends; undefined in braces. */
function endOf(node: unknown): number | undefined {
  if (isPair(node)) return endOf(node.value) ?? endOf(node.key);
  if (!isCollection(node)) return isNode(node) ? node.range?.[1] : undefined;
  return node.flow ? undefined : endOf(node.items.at(-1));
}

function isSameDocument(text: string, document: Document.Parsed): boolean {
  const parsed = parseDocument(text);
  // The bound on values is checked where the config is read.
  const all = { maxAliasCount: -1 };
  return parsed.errors.length === 0 && isDeepStrictEqual(parsed.toJS(all), document.toJS(all));
}

function renderMember(path: readonly string[], value: unknown): string {
  const document = new Document({ [path.at(-1) ?? ""]: value });
  setFlowStyle(document.contents, path.length);
  if (isMap(document.contents)) document.contents.flow = false;
  return document.toString(LAYOUT);
}

function renderAdditions(additions: ConfigAdditions): string {
  const document = new Document(additions);
  for (const [name, target] of Object.entries(additions.targets ?? {})) {
    if (target.instanceIds?.length !== 0) continue;
    const ids = document.getIn(["targets", name, "instanceIds"], true);
    if (isSeq(ids)) {
      ids.comment = " fill in: [i-0123456789abcdef0, ...]";
    }
  }
  setFlowStyle(document.contents, 1);
  return document.toString(LAYOUT);
}

function setFlowStyle(node: unknown, depth: number): void {
  if (isSeq(node)) node.flow = true;
  if (!isMap(node)) return;
  if (depth > FLOW_DEPTH) node.flow = true;
  for (const { value } of node.items) setFlowStyle(value, depth + 1);
}
