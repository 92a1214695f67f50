import { describe, expect, it } from "@jest/globals";
import type { CheckReport } from "../../../../cli/commands/doctor/check";
import { doctorJson } from "../../../../cli/commands/doctor/json";
import { renderDiagnosis } from "../../../../cli/commands/doctor/text";
import { createColors } from "../../../../cli/terminal/tone";
import { PAIR } from "../../../support/props";
import { ACCOUNT, deploymentOf } from "./deployment-of";

const ROLE = "Role dev-functions-ap-northeast-2";
const CHECKS: readonly CheckReport[] = [
  { subject: ROLE, name: "deployed", mark: "ok", text: "used by Lambda" },
  { subject: ROLE, name: "boundary", mark: "not-applicable", text: "the config asks for none" },
  {
    subject: "Rules",
    name: "dev.dev-stop",
    mark: "wrong",
    text: "not as in the config",
    differences: [
      { name: "state", got: "DISABLED", expected: "ENABLED" },
      {
        name: "input.targets[0].instanceIds",
        got: "nothing",
        expected: "i-0123456789abcdef0, i-0123456789abcdef1, i-0123456789abcdef2",
      },
    ],
    fix: "in ec2-start-stop.yaml take i-0123456789abcdef0 out of targets.dev.instanceIds, then ec2-start-stop synth",
  },
  {
    subject: "Rules",
    name: "dev.dev-start",
    mark: "wrong",
    text: "disabled",
    fix: "aws events enable-rule --name dev.dev-start --region ap-northeast-2 --profile work",
  },
  {
    subject: "Rules",
    name: "leftovers",
    mark: "unknown",
    text: "these credentials need events:ListRules",
    missingPermission: "events:ListRules",
  },
  {
    subject: "Rules",
    name: "a-schedule-with-a-name-that-takes-half-of-the-line",
    mark: "note",
    text: "as in the config, and it also fires another function",
  },
  { subject: "Evil \u001b[31m", name: "x\u0007", mark: "ok", text: "\u202e" },
];

const DEPLOYMENT = deploymentOf(PAIR);
const text = (checks: readonly CheckReport[], columns = 80, colored = false) =>
  renderDiagnosis(DEPLOYMENT, { account: ACCOUNT, checks }, { columns, colors: createColors(colored) });

describe("what was looked at", () => {
  it("is a line each by subject, with what to do below what is wrong", () => {
    expect(`\n${text(CHECKS)}`).toBe(`
ec2-start-stop.yaml in account 123456789012, ap-northeast-2

Role dev-functions-ap-northeast-2
  ok     deployed  used by Lambda
  -      boundary  the config asks for none

Rules
  WRONG  dev.dev-stop                      not as in the config
         state: got DISABLED, expected ENABLED
         input.targets[0].instanceIds
           got       nothing
           expected  i-0123456789abcdef0, i-0123456789abcdef1,
                     i-0123456789abcdef2
         fix: in ec2-start-stop.yaml take i-0123456789abcdef0 out of
              targets.dev.instanceIds, then ec2-start-stop synth
  WRONG  dev.dev-start                     disabled
         fix: aws events enable-rule --name dev.dev-start --region ap-northeast-2 --profile work
  ?      leftovers                         these credentials need
                                           events:ListRules
  note   a-schedule-with-a-name-that-takes-half-of-the-line
                                           as in the config, and it also fires
                                           another function

Evil \\u001b[31m
  ok     x\\u0007  \\u202e

Not as it should be: 2 wrong, 1 unknown (?), 1 to note, 2 ok, 1 not applicable
(-).
`);
  });

  it("fits into narrow and wide terminals, but for commands, which are to be copied", () => {
    const widest = (columns: number) => {
      const lines = text(CHECKS, columns).split("\n");
      return Math.max(...lines.filter((line) => !line.includes("fix: aws")).map((line) => line.length));
    };
    expect(widest(60)).toBeLessThanOrEqual(60);
    expect(widest(160)).toBeGreaterThan(100);
    expect(widest(160)).toBeLessThanOrEqual(160);
  });

  it("is in colours only where they are wanted", () => {
    expect(text(CHECKS)).not.toContain("\u001b");
    expect(text(CHECKS, 80, true)).toContain("\u001b[31mWRONG\u001b[39m");
  });

  it.each([
    ["wrong", "Not as it should be: 1 wrong"],
    ["unknown", "Not known to be right: 0 wrong, 1 unknown (?)"],
    ["note", "All is as it should be: 0 wrong"],
  ] as const)("ends in one line that says what it comes to: %s", (mark, beginning) => {
    expect(text([{ subject: "s", name: "n", mark, text: "t" }])).toContain(`\n\n${beginning}`);
  });

  it("is JSON with stable keys", () => {
    const { checks, ...rest } = doctorJson(DEPLOYMENT, { account: ACCOUNT, checks: CHECKS });
    expect(rest).toEqual({
      config: "ec2-start-stop.yaml",
      accountId: "123456789012",
      region: "ap-northeast-2",
      summary: { ok: 2, wrong: 2, unknown: 1, note: 1, "not-applicable": 1 },
    });
    expect(checks[2]).toEqual({
      subject: "Rules",
      check: "dev.dev-stop",
      result: "wrong",
      text: "not as in the config",
      differences: CHECKS[2]?.differences,
      fix: CHECKS[2]?.fix,
      missingPermission: null,
    });
    expect(checks[4]).toMatchObject({ result: "unknown", missingPermission: "events:ListRules" });
  });
});
