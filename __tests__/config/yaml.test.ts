import { describe, expect, it } from "@jest/globals";
import { parseDocument } from "../../config/yaml";
import { problemsOf, VALID } from "../support/problems-of";

describe("YAML as text, not as guesses", () => {
  it.each(["", "%YAML 1.1\n---\n"])("keeps yes, dates and times of day as text (%j before them)", (head) => {
    const { value, problems } = parseDocument(
      `${head}a: yes\nb: 2027-01-01\nc: 20:00\nd: true\ne: 7\n2027: on\n`,
    );
    expect(problems).toEqual([]);
    expect(value).toEqual({ a: "yes", b: "2027-01-01", c: "20:00", d: true, e: 7, 2027: "on" });
  });

  it("reads CRLF line ends and aliases", () => {
    const { value, problems } = parseDocument("a: &ids [x, y]\r\nb: *ids\r\nc: [*ids]\r\n");
    expect(problems).toEqual([]);
    expect(value).toEqual({ a: ["x", "y"], b: ["x", "y"], c: [["x", "y"]] });
  });

  it("gives the line of each value: that of its key, or of the alias it is reached through", () => {
    const { locations } = parseDocument('a: &a\n  - x\n  - "z"\nb.c:\n  *a\n');
    expect([...locations].map(([path, { line, source }]) => [path, line, source])).toEqual([
      ["", 1, undefined],
      ["a", 1, undefined],
      ["a[0]", 2, "x"],
      ["a[1]", 3, "z"],
      ['["b.c"]', 4, undefined],
      ['["b.c"][0]', 5, "x"],
      ['["b.c"][1]', 5, "z"],
    ]);
  });
});

describe("invalid YAML", () => {
  it("is reported with the line and column of each syntax error", async () => {
    expect(await problemsOf("region: x\ntargets:\n\tdev: 1\n")).toEqual([
      "f.yaml:3:1: expected valid YAML, got a syntax error: Tabs are not allowed as indentation",
    ]);
  });

  it("is reported with the problems above a syntax error, not with those below it", async () => {
    expect(
      await problemsOf(
        'nam: x\nregion: 5\ntargets:\n  dev: { instanceIds: 7 }\nschedules:\n  a: 5\n   b: 7\nfoo: "x"\n',
      ),
    ).toEqual([
      'f.yaml:1: `nam`: expected a known key, got the unknown key "nam" (did you mean name?)',
      "f.yaml:2: `region`: expected an AWS region code, such as ap-northeast-2, got the number 5 without quotes",
      "f.yaml:4: `targets.dev.instanceIds`: expected a list of instance ids, got the number 7",
      "f.yaml:6:6: expected valid YAML, got a syntax error: Nested mappings are not allowed in compact mappings",
      "f.yaml:6:6: expected valid YAML, got a syntax error: Implicit keys need to be on a single line",
    ]);
  });

  it("is reported for duplicate keys at any depth, with other problems", async () => {
    const text = `${VALID}  dev-stop: { action: stop, targets: dev, expression: "cron(0 21 ? * MON-FRI *)" }\nregion: x\ncode: zap\n`;
    expect(await problemsOf(text)).toEqual([
      "f.yaml:6: `schedules.dev-stop`: expected each key once (first on line 5), got it again",
      "f.yaml:7: `region`: expected each key once (first on line 1), got it again",
      'f.yaml:8: `code`: expected archive or zip, got the text "zap" (did you mean zip?)',
    ]);
  });

  it.each([
    [
      "an alias without an anchor",
      "name: *nope\n",
      "f.yaml:6: `name`: expected an anchor `&nope` before its alias, got `*nope`",
    ],
    [
      "a value that holds itself",
      "tags: &t { a: *t }\n",
      "f.yaml:6: `tags.a`: expected an alias of a value that it is no part of, got `*t`",
    ],
    [
      "a merge key",
      "<<: { name: x }\n",
      'f.yaml:6: `["<<"]`: expected keys written out (YAML 1.2 merges none), got the merge key `<<`',
    ],
    ["a second document", "---\nname: x\n", "f.yaml: expected one YAML document, got 2, divided by `---`"],
    [
      "a tag",
      "name: !!binary dev\n",
      "f.yaml:6:7: expected valid YAML, got a syntax error: Unresolved tag: tag:yaml.org,2002:binary",
    ],
    [
      "a key that is no text",
      "[a]: x\n",
      "f.yaml:6:1: expected valid YAML, got a syntax error: With stringKeys, all keys must be strings",
    ],
  ])("refuses %s", async (_what, more, message) => {
    expect(await problemsOf(VALID + more)).toEqual([message]);
  });

  it.each(["", "\n", "# nothing but a comment\n", "---\n", "~\n"])("calls %j empty", async (text) => {
    expect(await problemsOf(text)).toEqual([
      "f.yaml: expected a config: region, targets, schedules and more, by key, got an empty value",
    ]);
  });
});

describe("oversized files", () => {
  const laughs = (levels: number) => {
    const level = (n: number) =>
      `l${n}: &l${n} [${Array(9)
        .fill(`*l${n - 1}`)
        .join(", ")}]\n`;
    return `l0: &l0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: levels }, (_, n) => level(n + 1)).join("")}`;
  };
  const many = "f.yaml: expected at most 100,000 values, counting an alias as all it stands for, got more";
  const deep = "f.yaml: expected values nested at most 50 deep, got deeper ones";

  it.each([
    ["an alias bomb", laughs(9), many],
    [
      "one large list behind many aliases",
      `a: &a [${"x,".repeat(5_000)}]\nb: [${"*a,".repeat(5_000)}]\n`,
      many,
    ],
    ["a million commas", `[${",".repeat(999_999)}`, many],
    ["half a million quotes", '"'.repeat(1_000_000), many],
    ["anchors without end", "&a ".repeat(300_000), many],
    ["brackets without end", "[".repeat(100_000), deep],
    ["lists within lists", "- ".repeat(10_000), deep],
    ["maps within maps", "{a: ".repeat(10_000), deep],
  ])("refuses %s in one line", async (_what, text, message) => {
    expect(await problemsOf(text)).toEqual([message]);
  });

  it("shows 50 problems and counts the rest", async () => {
    const lines = await problemsOf(Array.from({ length: 80 }, (_, n) => `key${n}: 1\n`).join(""));
    expect(lines).toHaveLength(51);
    expect(lines[50]).toBe("and 33 more");
  });
});
