import { callsForTags, MAX_CALLS_FOR_TAGS, VALUES_PER_FILTER } from "../../contract/instance-search";
import { HOLD_TAG, MAX_RESOURCE_TAGS, MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH } from "../../contract/limits";
import { IAM_POLICY_TEXT, INSTANCE_ID, REGION_CODE } from "../../contract/patterns";
import { coversValue, isAny, type TagPattern, type TagValue } from "../../contract/tags";
import { pathTo, show } from "../problem";
import type { PartialProps, PartialTarget } from "../schema";
import { isUnresolved } from "../terraform-text";
import { entriesOf, mustMatch, mustShareCredentials, type ReportProblem, textsOf } from "./field";
import { checkServices } from "./services";

/** Checks `targets`: each has instance ids or tags, or all instances, and regions that match. */
export function checkTargets(
  report: ReportProblem,
  { region, targets, holdTag = HOLD_TAG.default }: Pick<PartialProps, "region" | "targets" | "holdTag">,
): void {
  if (targets !== undefined && Object.keys(targets).length === 0)
    report("targets", "at least one target", "none");
  for (const [name, target] of entriesOf(targets)) {
    if (target === undefined) continue;
    checkTarget(report, pathTo("targets", name), target, region);
    // Each instance of the target would bear it, and a hold would take the place of its value.
    if (target.tags !== undefined && Object.hasOwn(target.tags, holdTag)) {
      const expected = "a tag other than `holdTag`, whose value would hold each instance for ever";
      report(pathTo(`${pathTo("targets", name)}.tags`, holdTag), expected, show(holdTag));
    }
  }
}

function checkTarget(
  report: ReportProblem,
  path: string,
  target: PartialTarget,
  home: string | undefined,
): void {
  const { instanceIds, tags, all, exclude, regions, checks } = target;
  const hasIds = instanceIds !== undefined && instanceIds.length > 0;
  if (instanceIds === undefined && tags === undefined && all === undefined)
    report(path, "`instanceIds`, `tags` or both, or `all: true`", "neither");
  if (all !== undefined && (instanceIds !== undefined || tags !== undefined)) {
    const others = [instanceIds && "`instanceIds`", tags && "`tags`"].filter(Boolean).join(" and ");
    report(`${path}.all`, "no `instanceIds` and `tags` beside it, since it has them too", others);
  }
  if (instanceIds?.length === 0) {
    const without = tags === undefined ? "" : ", or no `instanceIds` at all";
    report(`${path}.instanceIds`, `at least one instance id${without}`, "none");
  }
  checkInstanceIds(report, `${path}.instanceIds`, instanceIds);
  checkRegions(report, `${path}.regions`, regions, { hasIds, home });
  const spelledOnce = new Map<string, string>();
  checkTagFilter(report, `${path}.tags`, tags, spelledOnce);
  checkTagCount(report, `${path}.tags`, tags);
  checkCallsForTags(report, `${path}.tags`, tags);
  checkPolicyText(report, `${path}.tags`, tags);
  checkTagFilter(report, `${path}.exclude`, exclude, spelledOnce);
  checkExclusion(report, `${path}.exclude`, tags, exclude);
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
  { hasIds, home }: { hasIds: boolean; home: string | undefined },
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
    mustShareCredentials(report, pathTo(path, index), region, home);
    if (seen.has(region)) report(pathTo(path, index), "each region once", `${show(region)} again`);
    seen.add(region);
  }
}

/**
 * Checks tags that select instances. Keys with the prefix `aws:`, which AWS itself sets, are allowed.
 * @param spelledOnce the keys of the target's other tags by their lower case, to which these are added
 */
function checkTagFilter(
  report: ReportProblem,
  path: string,
  tags: PartialTarget["tags"],
  spelledOnce: Map<string, string>,
): void {
  if (tags === undefined) return;
  if (Object.keys(tags).length === 0) report(path, "at least one tag, or no such setting at all", "none");
  for (const [key, values] of entriesOf(tags)) {
    const keyPath = pathTo(path, key);
    checkTagKey(report, keyPath, key);
    if (!isUnresolved(key) && key.includes("${")) {
      report(keyPath, "a tag key without `${`, which IAM reads as a policy variable", show(key));
    }
    const other = spelledOnce.get(key.toLowerCase());
    if (other !== undefined && other !== key) {
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

/** An instance that has all of the tags can exist. Those with the prefix `aws:` do not count towards AWS's limit. */
function checkTagCount(report: ReportProblem, path: string, tags: PartialTarget["tags"]): void {
  const count = Object.keys(tags ?? {}).filter((key) => !/^aws:/i.test(key)).length;
  if (count > MAX_RESOURCE_TAGS)
    report(path, `at most ${MAX_RESOURCE_TAGS} tags, since an instance has no more`, `${count}`);
}

/** DescribeInstances takes a bounded number of values in a filter, so tags with many values take several calls. */
function checkCallsForTags(report: ReportProblem, path: string, tags: PartialTarget["tags"]): void {
  const lists = entriesOf(tags).map(([key, values]) => [key, valuesOf("", values).map(([value]) => value)]);
  const calls = callsForTags(Object.fromEntries(lists));
  if (calls <= MAX_CALLS_FOR_TAGS) return;
  const expected = `tags that take at most ${MAX_CALLS_FOR_TAGS} calls of DescribeInstances, which takes ${VALUES_PER_FILTER} values of a tag: fewer values, or several targets`;
  report(path, expected, `${calls.toLocaleString("en-US")} calls`);
}

/** The policy of the role contains the tags of the instances, and IAM policies do not support every character. */
function checkPolicyText(report: ReportProblem, path: string, tags: PartialTarget["tags"]): void {
  for (const [key, values] of entriesOf(tags)) {
    const texts = valuesOf("", values).map(([value]) =>
      typeof value === "string" ? value : (value.like ?? ""),
    );
    for (const text of [key, ...texts]) {
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

/** Checks the values of one tag key. */
function checkTagValues(report: ReportProblem, path: string, values: TagSetting): void {
  if (Array.isArray(values) && values.length === 0) report(path, "at least one value", "none");
  const known = valuesOf(path, values);
  const seen = new Set<string>();
  for (const [value, valuePath] of known) {
    if (typeof value === "string") checkValueLength(report, valuePath, value);
    else checkPattern(report, valuePath, value);
    const text = JSON.stringify(value);
    if (seen.has(text)) report(valuePath, "each value once", `${show(value)} again`);
    else if (isAny(value) && known.length > 1)
      report(valuePath, "`any` alone, since it has the other values too", `${known.length} values`);
    seen.add(text);
  }
  // IAM would read the wildcards of a text that only Terraform knows.
  const hasToken =
    Array.isArray(values) && values.some((value) => typeof value === "string" && isUnresolved(value));
  if (hasToken && known.some(([value]) => typeof value !== "string"))
    report(path, "texts that are known at synth beside a pattern", "a Terraform token");
}

function checkPattern(report: ReportProblem, path: string, { like, any }: TagPattern): void {
  if ((like === undefined) === (any === undefined)) {
    report(path, "either `like` or `any`", like === undefined ? "neither" : "both");
    return;
  }
  if (like === undefined) return;
  const likePath = `${path}.like`;
  checkValueLength(report, likePath, like);
  const wildcards = like.replace(/\\[*?\\]/g, "");
  if (wildcards.includes("\\"))
    report(likePath, "a backslash only before `*`, `?` or another backslash", show(like));
  else if (!/[*?]/.test(wildcards))
    report(likePath, "a pattern with `*` or `?`: write a literal value without `like`", show(like));
  else if (/^\*+$/.test(like)) report(likePath, "`{ any: true }` for every value", show(like));
}

function checkValueLength(report: ReportProblem, path: string, value: string): void {
  const length = [...value].length;
  if (length > MAX_TAG_VALUE_LENGTH)
    report(path, `a tag value of at most ${MAX_TAG_VALUE_LENGTH} characters`, `${length} characters`);
}

/** Checks that exclusions leave some of what the tags find. */
function checkExclusion(
  report: ReportProblem,
  path: string,
  tags: PartialTarget["tags"],
  exclude: PartialTarget["exclude"],
): void {
  for (const [key, values] of entriesOf(exclude)) {
    const wanted = tags !== undefined && Object.hasOwn(tags, key) ? valuesOf("", tags[key]) : [];
    const left = valuesOf("", values).map(([value]) => value);
    if (wanted.length > 0 && wanted.every(([value]) => coversValue(left, value)))
      report(pathTo(path, key), "exclusions that leave some of what `tags` demands of this key", "all of it");
  }
}

type TagSetting = NonNullable<PartialTarget["tags"]>[string];

/** Returns the values of a tag with their paths; tokens and values of a wrong type are left out. */
function valuesOf(path: string, values: TagSetting): [value: TagValue, path: string][] {
  const list = Array.isArray(values) ? values : [values];
  return list.flatMap((value, index): [TagValue, string][] => {
    if (value === undefined || (typeof value === "string" && isUnresolved(value))) return [];
    return [[value as TagValue, Array.isArray(values) ? pathTo(path, index) : path]];
  });
}
