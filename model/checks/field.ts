import type { WholeNumber } from "../../contract/limits";
import { closestName, show } from "../problem";
import { isUnresolved, isUnresolvedList } from "../terraform-text";

/** Receives one problem. */
export type ReportProblem = (path: string, expected: string, got: string) => void;

/** A text or a list of texts, in which items of a wrong type are undefined. */
type Texts = string | readonly (string | undefined)[];

/** Returns the members of a mapping; values of a wrong type are undefined. */
export function entriesOf<T>(map: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(map ?? {});
}

/** Returns the texts of a list, or the single text, each with its index. Tokens are left out. */
export function textsOf(value: Texts | undefined): [text: string, index: number][] {
  const list = typeof value === "string" ? [value] : (value ?? []);
  if (isUnresolvedList(list)) return [];
  return list.flatMap((item, index) => (item !== undefined && !isUnresolved(item) ? [[item, index]] : []));
}

/** Reports a known text that does not match the pattern. */
export function mustMatch(
  report: ReportProblem,
  path: string,
  value: string | undefined,
  pattern: RegExp,
  expected: string,
): void {
  if (value !== undefined && !isUnresolved(value) && !pattern.test(value))
    report(path, expected, show(value));
}

/** Reports a known number that is out of bounds. */
export function mustBeWithin(
  report: ReportProblem,
  path: string,
  value: number | undefined,
  { min, max, unit }: WholeNumber,
): void {
  if (value === undefined || isUnresolved(value) || (value >= min && value <= max)) return;
  const bound = (limit: number) => limit.toLocaleString("en-US");
  report(path, `a whole number of ${unit} from ${bound(min)} to ${bound(max)}`, show(value));
}

/** Reports a name that is not among the candidates. */
export function mustExist(
  report: ReportProblem,
  path: string,
  name: string,
  candidates: readonly string[],
  what: string,
): void {
  if (candidates.includes(name)) return;
  const near = closestName(name, candidates);
  const suggestion = near === undefined ? "" : ` (did you mean ${near}?)`;
  const listed = candidates.length > 0 && candidates.length <= 8 ? ` (${candidates.join(", ")})` : "";
  report(path, `the name of ${what}${listed}`, `${show(name)}${suggestion}`);
}
