import type { WholeNumber } from "../../contract/limits";
import { REGION_CODE, regionOfArn } from "../../contract/patterns";
import { partitionOf } from "../arns";
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

/** Reports a known ARN of another region than that of the functions, or of another partition. */
export function mustBeInRegion(
  report: ReportProblem,
  path: string,
  arn: string | undefined,
  region: string | undefined,
  what: string,
): void {
  const found = arn === undefined || isUnresolved(arn) ? undefined : regionOfArn(arn);
  if (!isKnownRegion(found) || !isKnownRegion(region)) return;
  if (found === region) mustBeInPartition(report, path, arn, region);
  else report(path, `${what} in the region of the functions, ${region}`, `one in ${found}`);
}

/** Reports a known ARN of another partition than that of the region: AWS accepts no ARN across partitions. */
export function mustBeInPartition(
  report: ReportProblem,
  path: string,
  arn: string | undefined,
  region: string | undefined,
): void {
  if (arn === undefined || isUnresolved(arn) || !isKnownRegion(region)) return;
  const [, partition] = arn.split(":");
  const expected = partitionOf(region);
  if (partition === expected || !arn.startsWith("arn:aws")) return;
  report(path, `an ARN of the partition of ${region}, arn:${expected}:...`, show(arn));
}

/** Reports a known region of another partition than that of the functions, whose credentials AWS takes in their own only. */
export function mustShareCredentials(
  report: ReportProblem,
  path: string,
  region: string,
  home: string | undefined,
): void {
  if (!isKnownRegion(region) || !isKnownRegion(home)) return;
  const [expected, found] = [partitionOf(home), partitionOf(region)];
  if (found !== expected)
    report(path, `a region of the partition of ${home}, ${expected}`, `${show(region)} of ${found}`);
}

function isKnownRegion(region: string | undefined): region is string {
  return region !== undefined && REGION_CODE.test(region);
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
  known: Readonly<Record<string, unknown>>,
  what: string,
): void {
  if (Object.hasOwn(known, name)) return;
  const candidates = namesOf.get(known) ?? Object.keys(known);
  namesOf.set(known, candidates);
  const near = candidates.length <= MAX_COMPARED_NAMES ? closestName(name, candidates) : undefined;
  const suggestion = near === undefined ? "" : ` (did you mean ${near}?)`;
  const listed = candidates.length > 0 && candidates.length <= 8 ? ` (${candidates.join(", ")})` : "";
  report(path, `the name of ${what}${listed}`, `${show(name)}${suggestion}`);
}

/** Listed once, as thousands of names may not exist. */
const namesOf = new WeakMap<object, readonly string[]>();
/** Thousands of names that do not exist are not compared with thousands that do. */
const MAX_COMPARED_NAMES = 1_000;
