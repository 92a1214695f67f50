import { describe, expect, it } from "@jest/globals";
import { strToU8, zipSync } from "fflate";
import { AwsCli, shellWord } from "../../../../cli/aws/cli-commands";
import { readArchive } from "../../../../cli/aws/lambda";
import { allows, allowsOnly } from "../../../../cli/aws/policy";
import { behaviourOf, isOwnSource } from "../../../../cli/commands/adopt/function-behaviour";
import { localExpression } from "../../../../cli/commands/adopt/schedules";
import { lineDiff } from "../../../../cli/commands/adopt/text";
import { functionNamed } from "../../../support/fake-aws";

/** Thursday, 18:00 in Seoul. */
const NOW = new Date("2026-11-19T09:00:00Z");

describe("a policy document", () => {
  it.each([
    [{ Effect: "Allow", Action: "*" }, true],
    [{ Effect: "Allow", Action: "EC2:stop*" }, true],
    [{ Effect: "Allow", Action: ["logs:*", "ec2:StopInstance?"] }, true],
    [{ Effect: "Allow", NotAction: "iam:*" }, true],
    [{ Effect: "Allow", NotAction: ["ec2:*"] }, false],
    [{ Effect: "Deny", Action: "*" }, false],
    [{ Effect: "Allow", Action: "ec2:Describe*" }, false],
    [{ Effect: "Allow", Action: "rds:Stop*" }, false],
  ])("allows stopping as IAM reads it: %j", (statement, expected) => {
    expect(allows({ Statement: statement }, "ec2:StopInstances")).toBe(expected);
  });

  it("is about nothing else only where each of its statements is", () => {
    const logs = { Effect: "Allow", Action: ["logs:PutLogEvents"] };
    expect(allowsOnly({ Statement: logs }, /^logs:/)).toBe(true);
    expect(allowsOnly({ Statement: [logs, { Effect: "Deny", Action: "logs:*" }] }, /^logs:/)).toBe(false);
    expect(allowsOnly({}, /^logs:/)).toBe(false);
  });
});

describe("what a function does", () => {
  const by = (source: string, name = "f") =>
    behaviourOf(functionNamed(name), { files: { "f.py": strToU8(source) } });

  it.each([
    ["boto3", "ec2.stop_instances(InstanceIds=ids)", "stop"],
    ["the SDK for JavaScript", "await ec2.send(new StartInstancesCommand({}))", "start"],
    ["the older SDK for JavaScript", "ec2.startInstances(params, done)", "start"],
    ["databases, which are something else", "rds.stop_db_instance()", undefined],
    ["both", "ec2.stop_instances() or ec2.start_instances()", undefined],
  ])("is told by its calls: %s", (_, source, action) => {
    expect(by(source).action).toBe(action);
  });

  it("is told by its name where the code cannot be read", () => {
    const named = (name: string) => behaviourOf(functionNamed(name), { unreadable: "no" }).action;
    expect(["StopEC2Instances", "ec2-start", "RestartAll", "Report"].map(named)).toEqual([
      "stop",
      "start",
      undefined,
      undefined,
    ]);
  });

  it("is told with the instances and the one region that its code names", () => {
    const source =
      "region = 'us-east-1'\nids = ['i-0123456789abcdef0', 'i-12345678', 'i-0123456789abcdef0', 'i-xyz']";
    expect(by(source)).toMatchObject({
      instanceIds: ["i-0123456789abcdef0", "i-12345678"],
      region: "us-east-1",
    });
    expect(by(`${source} 'eu-west-1'`).region).toBeUndefined();
  });

  it("is read from its own sources, not from packages beside them", async () => {
    const zip = zipSync({
      "src/app.py": strToU8("own"),
      "extra.py": strToU8("own too"),
      "boto3/ec2.py": strToU8("stop_instances"),
      "picture.png": strToU8("no"),
    });
    const answer = async () => new Response(new Uint8Array(zip));
    const read = await readArchive("https://example.com", isOwnSource("src/app.handler"), answer);
    expect(read).toEqual({ files: { "src/app.py": strToU8("own"), "extra.py": strToU8("own too") } });
    const gone = async () => new Response("", { status: 403 });
    expect(await readArchive("https://example.com", isOwnSource("h"), gone)).toEqual({
      unreadable: "its address answers 403",
    });
  });
});

describe("a UTC expression", () => {
  it.each([
    ["cron(0 11 ? * MON-FRI *)", "Asia/Seoul", "cron(0 20 ? * MON-FRI *)", true],
    ["cron(0 23 ? * SUN-THU *)", "Asia/Seoul", "cron(0 8 ? * MON-FRI *)", true],
    ["cron(30 2 ? * MON-FRI *)", "Asia/Kolkata", "cron(0 8 ? * MON-FRI *)", true],
    ["cron(0 11 ? * MON-FRI *)", "UTC", "cron(0 11 ? * MON-FRI *)", true],
    ["rate(1 day)", "Asia/Seoul", "rate(1 day)", true],
    ["cron(0 13 ? * MON-FRI *)", "America/New_York", "cron(0 8 ? * MON-FRI *)", false],
    ["cron(0 20 ? * 6L *)", "Asia/Seoul", undefined, true],
  ])("%s stands in %s for %s", (utc, timezone, expression, exact) => {
    const told = localExpression(utc, timezone, NOW);
    expect({ expression: told.expression, exact: told.exact }).toEqual({ expression, exact });
  });
});

describe("a removal", () => {
  it("is a command that a shell reads back unchanged", () => {
    expect(["plain-1", "it's", "a b", "$HOME", ""].map(shellWord)).toEqual([
      "plain-1",
      `'it'\\''s'`,
      "'a b'",
      "'$HOME'",
      "''",
    ]);
  });

  it("names region and profile where AWS wants them", () => {
    const cli = new AwsCli("us-east-1", "ops");
    expect(cli.deleteSchedule("default", "night")).toBe(
      "aws scheduler delete-schedule --group-name default --name night --region us-east-1 --profile ops",
    );
    expect(cli.deleteInlinePolicy("role", "policy")).toBe(
      "aws iam delete-role-policy --role-name role --policy-name policy --profile ops",
    );
  });
});

describe("a difference of lines", () => {
  it("shows what is added and removed, with the lines around it", () => {
    expect(lineDiff("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nY\nf\n")).toEqual([
      "  b",
      "  c",
      "- d",
      "+ X",
      "  e",
      "+ Y",
      "  f",
    ]);
    expect(lineDiff("", "a\n")).toEqual(["+ a"]);
  });
});
