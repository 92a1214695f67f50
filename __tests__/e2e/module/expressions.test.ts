import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { MINUTE_MS } from "../../../contract/units";
import { Schedule } from "../../../schedule";
import { cronFields } from "../../support/cron-arbitrary";
import { REGION } from "../../support/moto/aws";
import { describeEndToEnd } from "../../support/moto/suite";
import { printedSeed } from "../../support/property";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

/** What the module makes of expressions. */
interface Reading {
  /** By the place of the expression in the list. */
  readonly problems: readonly (readonly string[])[];
  /** The expressions of their warnings, by the same place; null where the module makes none. */
  readonly warnings: readonly (string | null)[];
  readonly refusals: readonly string[];
}

const VALID = [
  "cron(0 20 ? * MON-FRI *)",
  "cron(*/5 08-18/2 1,15 * ? *)",
  "cron(0/15 * ? JAN-MAR,12 2-6 2027-2030)",
  "cron(59 23 L * ? *)",
  "cron(0 9 15W JAN,MAR ? *)",
  "cron(0 9 31W * ? *)",
  "cron(0 9 15w aug-Dec ? *)",
  "cron(0 9 l * ? *)",
  "cron(0 9 ? jan Mon-fri *)",
  "cron(0 9 ? * friL *)",
  "cron(0 9 ? * 6L *)",
  "cron(0 9 ? * FRI#5 2027/2)",
  "rate(1 day)",
  "rate(15 minutes)",
  "rate(99999999 hours)",
  "at(2028-02-29T20:00:00)",
];

/** A mistake each, with the message for it. */
const REFUSED: Readonly<Record<string, string>> = {
  "0 20 ? * MON-FRI *": "cron(...), rate(...) or at(...)",
  "cron(0 20 ? * MON-FRI)":
    "six fields in cron(...): minutes hours day-of-month month day-of-week year, one space between them",
  "cron(0  20 ? * MON-FRI *)":
    "six fields in cron(...): minutes hours day-of-month month day-of-week year, one space between them",
  "cron(0 20 ? * MON-FRIN *)":
    "a day-of-week of 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1 (not MON-FRIN)",
  "cron(71 20 ? * MON *)": "minutes of 0-59 with , - * / (not 71)",
  "cron(*/60 20 ? * MON *)": "minutes of 0-59 with , - * / (not */60)",
  "cron(0/0 20 ? * MON *)": "minutes of 0-59 with , - * / (not 0/0)",
  "cron(0, 20 ? * MON *)": "minutes of 0-59 with , - * / (not 0,)",
  "cron(*,5 20 ? * MON *)": "minutes of 0-59 with , - * / (not *,5)",
  "cron(0 24 ? * MON *)": "hours of 0-23 with , - * / (not 24)",
  "cron(0 20 32 * ? *)": "a day-of-month of 1-31 with , - * /, or ?, L, or a day with W such as 15W (not 32)",
  "cron(0 20 LW * ? *)": "a day-of-month of 1-31 with , - * /, or ?, L, or a day with W such as 15W (not LW)",
  "cron(0 20 L-3 * ? *)":
    "a day-of-month of 1-31 with , - * /, or ?, L, or a day with W such as 15W (not L-3)",
  "cron(0 20 ? 13 MON *)": "a month of 1-12 or JAN-DEC with , - * / (not 13)",
  "cron(0 20 ? MAR/4 MON *)": "a month of 1-12 or JAN-DEC with , - * / (not MAR/4)",
  "cron(0 20 ? * mo *)":
    "a day-of-week of 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1 (not mo)",
  "cron(0 20 ? * 8#2 *)":
    "a day-of-week of 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1 (not 8#2)",
  "cron(0 20 ? * MON 1969)": "a year of 1970-2199 with , - * / (not 1969)",
  "cron(0 20 * * MON *)": "exactly one of day-of-month and day-of-week to be ?",
  "cron(0 20 ? * ? *)": "exactly one of day-of-month and day-of-week to be ?",
  "cron(0 20 ? * FRI-MON *)": "ranges that do not wrap around (FRI,SAT,SUN,MON rather than FRI-MON)",
  "cron(0 20 ? * fri-mon *)": "ranges that do not wrap around (FRI,SAT,SUN,MON rather than FRI-MON)",
  "cron(0 20-8 ? * MON *)": "ranges that do not wrap around (FRI,SAT,SUN,MON rather than FRI-MON)",
  "cron(0 20 31 FEB ? *)": "a date that exists in day-of-month and month",
  "cron(0 20 31w apr ? *)": "a date that exists in day-of-month and month",
  "rate(1 days)":
    "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with minute, hour or day",
  "rate(2 day)":
    "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with minute, hour or day",
  "rate(0 days)":
    "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with minute, hour or day",
  "rate(5 seconds)":
    "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with minute, hour or day",
  "at(2027-02-29T20:00:00)": "a local time of 1970 to 2199 in at(...), as yyyy-mm-ddThh:mm:ss",
  "at(2027-02-28T24:00:00)": "a local time of 1970 to 2199 in at(...), as yyyy-mm-ddThh:mm:ss",
  "at(2027-02-28T20:00:00Z)": "a local time of 1970 to 2199 in at(...), as yyyy-mm-ddThh:mm:ss",
};

describeEndToEnd("the module's reading of expressions", {}, (tools) => {
  jest.setTimeout(120_000);
  let problemsOf: (expressions: readonly string[]) => Promise<Reading["problems"]>;
  let readWarned: (expressions: readonly string[], warnMinutes: number) => Promise<Reading>;
  beforeAll(async () => {
    const root = await makeTerraformRoot(tools, { at: "expressions" });
    for (const file of ["variables", "facts", "input", "names", "windows", "expressions"])
      await copyFile(join(root.module, `${file}.tf`), join(root.folder, `${file}.tf`));
    await writeFile(
      join(root.folder, "outputs.tf"),
      `locals {
  region = "${REGION}"
}
output "problems" { value = local.expression_problems }
output "warnings" { value = [for name in keys(local.warned) : try(local.warnings["\${name}-warn"].expression, null)] }
output "refusals" { value = local.warning_problems }
`,
    );
    problemsOf = async (expressions) => (await read(root, expressions)).problems;
    readWarned = (expressions, warnMinutes) => read(root, expressions, warnMinutes);
  });

  it("takes what the library takes", async () => {
    expect(VALID.filter((expression) => !isValid(expression))).toEqual([]);
    expect((await problemsOf(VALID)).flat()).toEqual([]);
  });

  it("names the mistake in what the library refuses", async () => {
    const expressions = Object.keys(REFUSED);
    expect(expressions.filter(isValid)).toEqual([]);
    const problems = await problemsOf(expressions);
    for (const [index, [expression, expected]] of Object.entries(REFUSED).entries()) {
      const got = JSON.stringify(expression);
      expect(problems[index]).toContain(
        `schedules.${nameOf(index)}.expression: expected ${expected}, got ${got}.`,
      );
    }
  });

  it("takes every expression of AWS's grammar that has a date", async () => {
    const seed = printedSeed("expressions of the module");
    const fields = fc.sample(cronFields, { numRuns: 500, seed });
    const expressions = fields
      .map((text) => `cron(${text})`)
      .filter((text) => text.length <= 256 && isValid(text));
    expect(expressions.length).toBeGreaterThan(300);
    const problems = await problemsOf(expressions);
    const refused = expressions.filter((_, index) => problems[index]?.length !== 0);
    expect(refused).toEqual([]);
  });

  it("warns exactly so much earlier, or asks for the warning's own expression", async () => {
    const seed = printedSeed("warnings of the module");
    const simple = fc.tuple(
      fc.nat(59),
      fc.nat(23),
      fc.constantFrom("? * MON-FRI *", "L * ? *", "1 JAN ? 2028"),
    );
    const made = fc.sample(simple, { numRuns: 100, seed }).map((fields) => `cron(${fields.join(" ")})`);
    const expressions = [...VALID, ...made];
    const minutes = 95;
    const { warnings, refusals } = await readWarned(expressions, minutes);
    const from = new Date("2027-01-01T00:00:00Z");
    const firings = (expression: string, later: number) =>
      Schedule.parse(expression)
        .next({ from: new Date(from.getTime() - later), count: 10 })
        .map((at) => at.getTime() + later);
    for (const [index, expression] of expressions.entries()) {
      const warning = warnings[index] ?? null;
      const simpleTime = /^cron\((\d+) (\d+) /.exec(expression);
      const sameDay = simpleTime !== null && Number(simpleTime[2]) * 60 + Number(simpleTime[1]) >= minutes;
      const isWeekly = simpleTime !== null && / \? \* [A-Z-]+ \*\)$/.test(expression);
      expect({ expression, made: warning !== null }).toEqual({
        expression,
        made: sameDay || isWeekly || expression.startsWith("at("),
      });
      if (warning !== null) expect(firings(warning, minutes * MINUTE_MS)).toEqual(firings(expression, 0));
    }
    const missing = expressions.flatMap((expression, index) =>
      warnings[index] === null
        ? `schedules.${nameOf(index)}.warn_minutes: expected times that this module can put 95 minutes earlier, one on days of the week, or one on the same day, got "${expression}": say when to warn in warn_expression.`
        : [],
    );
    expect(missing.length).toBeGreaterThan(5);
    expect(refusals).toEqual(missing);
  });
});

function isValid(expression: string): boolean {
  try {
    Schedule.parse(expression);
    return true;
  } catch {
    return false;
  }
}

const nameOf = (index: number): string => `s${String(index).padStart(4, "0")}`;

async function read(
  root: TerraformRoot,
  expressions: readonly string[],
  warnMinutes?: number,
): Promise<Reading> {
  const schedules = expressions.map((expression, index) => [
    nameOf(index),
    {
      action: "stop",
      expression,
      targets: "dev",
      warn_minutes: warnMinutes,
    },
  ]);
  const file = join(root.folder, "terraform.tfvars.json");
  const alerts = { email: "ops@example.com" };
  const targets = { dev: { instance_ids: ["i-0123456789abcdef0"] } };
  await writeFile(file, JSON.stringify({ targets, schedules: Object.fromEntries(schedules), alerts }));
  const plan = (await root.plan()) as {
    planned_values: {
      outputs: {
        problems: { value: Record<string, string[]> };
        warnings: { value: (string | null)[] };
        refusals: { value: string[] };
      };
    };
  };
  await rm(file);
  const { problems, warnings, refusals } = plan.planned_values.outputs;
  return { problems: Object.values(problems.value), warnings: warnings.value, refusals: refusals.value };
}
