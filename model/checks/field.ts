import { isRecord } from "../../contract/collections";
import type { WholeNumber } from "../../contract/limits";
import { nearest, show } from "../problem";
import { isUnresolved, isUnresolvedList } from "../terraform-text";

/** Takes one problem: its path, what must hold, and what is there. */
export type Report = (path: string, expected: string, got: string) => void;

/** Members of a plain object; none of anything else, which the check of shapes has reported. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** The strings of a list, or of one string, each with its place; tokens and whatever else is there are left out. */
export function textsOf(value: unknown): [text: string, index: number][] {
  const list = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  if (isUnresolvedList(list)) return [];
  return list.flatMap((item, index) =>
    typeof item === "string" && !isUnresolved(item) ? [[item, index]] : [],
  );
}

/** Whether a value is present and known, so that it can be checked. */
export function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && !isUnresolved(value) && !isUnresolvedList(value);
}

/** Reports a value that is present and does not match. */
export function mustMatch(
  report: Report,
  path: string,
  value: unknown,
  pattern: RegExp,
  expected: string,
): void {
  if (isKnown(value) && !(typeof value === "string" && pattern.test(value)))
    report(path, expected, show(value));
}

/** Reports a number that is present and not a whole one within bounds. */
export function mustBeWithin(
  report: Report,
  path: string,
  value: unknown,
  { min, max, unit }: WholeNumber,
): void {
  if (!isKnown(value)) return;
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const bound = (limit: number) => limit.toLocaleString("en-US");
  report(path, `a whole number of ${unit} from ${bound(min)} to ${bound(max)}`, show(value));
}

/** Reports a value that is present and none of the choices. */
export function mustBeOneOf(report: Report, path: string, value: unknown, choices: readonly string[]): void {
  if (!isKnown(value) || (typeof value === "string" && choices.includes(value))) return;
  report(path, choices.map((choice) => `\`${choice}\``).join(" or "), withSuggestion(value, choices));
}

/** Reports a name that none of the candidates has. */
export function mustExist(
  report: Report,
  path: string,
  name: string,
  candidates: readonly string[],
  what: string,
): void {
  if (candidates.includes(name)) return;
  const listed = candidates.length > 0 && candidates.length <= 8 ? ` (${candidates.join(", ")})` : "";
  report(path, `the name of ${what}${listed}`, withSuggestion(name, candidates));
}

function withSuggestion(value: unknown, candidates: readonly string[]): string {
  const suggestion = typeof value === "string" ? nearest(value, candidates) : undefined;
  return suggestion === undefined ? show(value) : `${show(value)} (did you mean ${suggestion}?)`;
}
