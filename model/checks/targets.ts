import { callsForTags, MAX_CALLS_FOR_TAGS, VALUES_PER_FILTER } from "../../contract/instance-search";
import { HOLD_TAG, MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH } from "../../contract/limits";
import { IAM_POLICY_TEXT, INSTANCE_ID, REGION_CODE } from "../../contract/patterns";
import { pathTo, show } from "../problem";
import type { PartialProps, PartialTarget } from "../schema";
import { isUnresolved } from "../terraform-text";
import { entriesOf, mustMatch, type ReportProblem, textsOf } from "./field";
import { checkServices } from "./services";

/** Checks `targets`: each has instance ids or tags, and regions that match. */
export function checkTargets(
  report: ReportProblem,
  { targets, holdTag = HOLD_TAG.default }: Pick<PartialProps, "targets" | "holdTag">,
): void {
  if (targets !== undefined && Object.keys(targets).length === 0)
    report("targets", "at least one target", "none");
  for (const [name, target] of entriesOf(targets)) {
    if (target === undefined) continue;
    checkTarget(report, pathTo("targets", name), target);
    // Each instance of the target would bear it, and a hold would take the place of its value.
    if (target.tags !== undefined && Object.hasOwn(target.tags, holdTag)) {
      const expected = "a tag other than `holdTag`, whose value would hold each instance for ever";
      report(pathTo(`${pathTo("targets", name)}.tags`, holdTag), expected, show(holdTag));
    }
  }
}

function checkTarget(report: ReportProblem, path: string, target: PartialTarget): void {
  const { instanceIds, tags, exclude, regions, checks } = target;
  const hasIds = instanceIds !== undefined && instanceIds.length > 0;
  if (instanceIds === undefined && tags === undefined)
    report(path, "`instanceIds`, `tags` or both", "neither");
  if (instanceIds?.length === 0) {
    const without = tags === undefined ? "" : ", or no `instanceIds` at all";
    report(`${path}.instanceIds`, `at least one instance id${without}`, "none");
  }
  checkInstanceIds(report, `${path}.instanceIds`, instanceIds);
  checkRegions(report, `${path}.regions`, regions, hasIds);
  checkTagFilter(report, `${path}.tags`, tags);
  checkCallsForTags(report, `${path}.tags`, tags);
  checkPolicyText(report, `${path}.tags`, tags);
  checkTagFilter(report, `${path}.exclude`, exclude);
  checkServices(report, `${path}.checks`, checks);
}

function checkInstanceIds(
  report: ReportProblem,
  path: string,
  instanceIds: PartialTarget["instanceIds"],
): void {
  const first = new Map<string, number>();
  for (const [id, index] of textsOf(instanceIds)) {
    mustMatch(
      report,
      pathTo(path, index),
      id,
      INSTANCE_ID,
      "an instance id: `i-` and 17 (or 8) hexadecimal digits",
    );
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else report(pathTo(path, index), "each instance id once", `${show(id)} again, as at index ${earlier}`);
  }
}

function checkRegions(
  report: ReportProblem,
  path: string,
  regions: PartialTarget["regions"],
  hasIds: boolean,
): void {
  if (regions === undefined) return;
  if (regions.length === 0) report(path, "at least one region code, or no `regions` at all", "none");
  if (hasIds && regions.length > 1) {
    const advice =
      "one region, since instance ids live in one: make a target for each region, or name them by `tags`";
    report(path, advice, `${regions.length} regions`);
  }
  const seen = new Set<string>();
  for (const [region, index] of textsOf(regions)) {
    mustMatch(
      report,
      pathTo(path, index),
      region,
      REGION_CODE,
      "an AWS region code such as `ap-northeast-2`",
    );
    if (seen.has(region)) report(pathTo(path, index), "each region once", `${show(region)} again`);
    seen.add(region);
  }
}

/** Checks tags that select instances. Keys with the prefix `aws:`, which AWS itself sets, are allowed. */
function checkTagFilter(report: ReportProblem, path: string, tags: PartialTarget["tags"]): void {
  if (tags === undefined) return;
  if (Object.keys(tags).length === 0) report(path, "at least one tag, or no such setting at all", "none");
  const spelledOnce = new Map<string, string>();
  for (const [key, values] of entriesOf(tags)) {
    const keyPath = pathTo(path, key);
    checkTagKey(report, keyPath, key);
    if (!isUnresolved(key) && key.includes("${")) {
      report(keyPath, "a tag key without `${`, which IAM reads as a policy variable", show(key));
    }
    const other = spelledOnce.get(key.toLowerCase());
    if (other !== undefined) {
      report(
        keyPath,
        "keys that differ by more than upper and lower case, which IAM cannot tell apart",
        show(other),
      );
    }
    spelledOnce.set(key.toLowerCase(), key);
    checkTagValues(report, keyPath, values);
  }
}

/** DescribeInstances takes a bounded number of values in a filter, so tags with many values take several calls. */
function checkCallsForTags(report: ReportProblem, path: string, tags: PartialTarget["tags"]): void {
  const lists = entriesOf(tags).map(([key, values]) => [key, textsOf(values).map(([value]) => value)]);
  const calls = callsForTags(Object.fromEntries(lists));
  if (calls <= MAX_CALLS_FOR_TAGS) return;
  const expected = `tags that take at most ${MAX_CALLS_FOR_TAGS} calls of DescribeInstances, which takes ${VALUES_PER_FILTER} values of a tag: fewer values, or several targets`;
  report(path, expected, `${calls.toLocaleString("en-US")} calls`);
}

/** The policy of the role contains the tags of the instances, and IAM policies do not support every character. */
function checkPolicyText(report: ReportProblem, path: string, tags: PartialTarget["tags"]): void {
  for (const [key, values] of entriesOf(tags)) {
    for (const text of [key, ...textsOf(values).map(([value]) => value)]) {
      if (isUnresolved(text) || IAM_POLICY_TEXT.test(text)) continue;
      const expected =
        "characters up to U+00FF, since IAM policies take no others: use another tag, or `instanceIds`";
      report(pathTo(path, key), expected, show(text));
    }
  }
}

/** Checks the length and the characters of a tag's key. */
export function checkTagKey(report: ReportProblem, path: string, key: string): void {
  if (isUnresolved(key)) return;
  const length = [...key].length;
  if (length === 0 || length > MAX_TAG_KEY_LENGTH) {
    report(path, `a tag key of 1 to ${MAX_TAG_KEY_LENGTH} characters`, `${length} characters`);
  }
  if (/[\t\n]/.test(key)) report(path, "a tag key without control characters", show(key));
}

function checkTagValues(
  report: ReportProblem,
  path: string,
  values: NonNullable<PartialTarget["tags"]>[string],
): void {
  if (Array.isArray(values) && values.length === 0) report(path, "at least one value", "none");
  const seen = new Set<string>();
  for (const [value, index] of textsOf(values)) {
    const valuePath = typeof values === "string" ? path : pathTo(path, index);
    const length = [...value].length;
    if (length > MAX_TAG_VALUE_LENGTH) {
      report(valuePath, `a tag value of at most ${MAX_TAG_VALUE_LENGTH} characters`, `${length} characters`);
    }
    if (seen.has(value)) report(valuePath, "each value once", `${show(value)} again`);
    seen.add(value);
  }
}
