import { describe, expect, it } from "@jest/globals";
import { allowsInvocation, type IamStatement } from "../../../../cli/aws/policy";
import { policyDifferences } from "../../../../cli/commands/doctor/compare";
import { simulatedCalls } from "../../../../cli/commands/doctor/roles";

const STOP: IamStatement = {
  Sid: "Stop",
  Effect: "Allow",
  Action: ["ec2:StopInstances"],
  Resource: ["a", "b"],
};
const READ: IamStatement = { Sid: "Read", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" };

describe("two policies", () => {
  it("say the same whatever the order, the names of statements, and lists of one", () => {
    const got = {
      Statement: [
        { Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: ["*"] },
        { Resource: ["b", "a"], Action: "ec2:StopInstances", Effect: "Allow" },
      ],
    };
    expect(policyDifferences(got, { Statement: [STOP, READ] })).toEqual([]);
    expect(policyDifferences({ Statement: READ }, { Statement: [READ] })).toEqual([]);
  });

  it("differ by what a statement of the same name has", () => {
    const got = { Statement: [READ, { ...STOP, Resource: ["a"], Condition: { Bool: { k: "true" } } }] };
    expect(policyDifferences(got, { Statement: [STOP, READ] })).toEqual([
      { what: "Stop.Resource", got: "nothing", expected: "b" },
      { what: "Stop.Condition", got: '{"Bool":{"k":["true"]}}', expected: "nothing" },
    ]);
  });

  it("differ by what is in the only statement that differs, named or not", () => {
    const trust = (Service: string) => ({
      Statement: [READ, { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } }],
    });
    expect(policyDifferences(trust("ec2"), trust("lambda"))).toEqual([
      { what: "statement.Principal.Service", got: "ec2", expected: "lambda" },
    ]);
  });

  it("differ by statements that only one has", () => {
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    expect(policyDifferences({ Statement: [READ, all] }, { Statement: [READ, STOP] })).toEqual([
      { what: "statement Stop", got: "nothing", expected: "Allow ec2:StopInstances on a, b" },
      { what: "a statement", got: "Allow * on *", expected: "nothing" },
    ]);
  });
});

describe("a resource policy of a function", () => {
  const caller = {
    service: "events.amazonaws.com",
    arn: "arn:aws:events:us-east-1:123456789012:rule/dev-stop",
    accountId: "123456789012",
  };
  const statement = (given: Partial<IamStatement> = {}): IamStatement => ({
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Principal: { Service: "events.amazonaws.com" },
    ...given,
  });
  const source = (pattern: string, operator = "ArnLike") => ({
    Condition: { [operator]: { "AWS:SourceArn": pattern } },
  });

  it.each<[string, IamStatement, boolean]>([
    ["any rule", statement(), true],
    ["rules with the prefix", statement(source("arn:aws:events:us-east-1:123456789012:rule/dev-*")), true],
    ["other rules", statement(source("arn:aws:events:us-east-1:123456789012:rule/qa-*")), false],
    [
      "the account",
      statement({ Condition: { StringEquals: { "AWS:SourceAccount": "123456789012" } } }),
      true,
    ],
    ["another account", statement({ Condition: { StringEquals: { "AWS:SourceAccount": "1" } } }), false],
    ["another service", statement({ Principal: { Service: "s3.amazonaws.com" } }), false],
    ["everybody", statement({ Principal: "*" }), true],
    ["another action", statement({ Action: "lambda:GetFunction" }), false],
    [
      "whatever a condition means that is not understood",
      statement({ Condition: { Null: { x: "true" } } }),
      false,
    ],
  ])("lets a rule invoke it when it allows %s", (_, given, allowed) => {
    expect(allowsInvocation([given], caller)).toBe(allowed);
  });

  it("does not let it when something denies it", () => {
    expect(allowsInvocation([statement(), statement({ Effect: "Deny" })], caller)).toBe(false);
  });
});

describe("calls to be simulated", () => {
  const calls = (given: object) =>
    simulatedCalls({
      Version: "2012-10-17",
      Statement: [{ Sid: "S", Effect: "Allow", Action: ["ec2:StopInstances"], Resource: ["r"], ...given }],
    });

  it("name something where a pattern stands for what is not known", () => {
    const Resource = ["arn:aws:ec2:r:1:instance/*", "arn:aws:logs:r:1:log-group:/aws/lambda/f:*", "*"];
    expect(calls({ Resource })[0]?.resourceArns).toEqual([
      "arn:aws:ec2:r:1:instance/i-00000000000000000",
      "arn:aws:logs:r:1:log-group:/aws/lambda/f:log-stream:any",
      "*",
    ]);
  });

  it("meet the conditions, each wanted value once, and say nothing of what must not be", () => {
    const Condition = {
      StringEquals: { "aws:ResourceTag/Team": ["a", "${$}{b}"], "aws:ResourceTag/App": ["web"] },
      StringNotEquals: { "aws:ResourceTag/Keep": ["true"] },
      Bool: { "kms:GrantIsForAWSResource": ["true"] },
    };
    const app = { key: "aws:ResourceTag/App", type: "string", value: "web" };
    const grant = { key: "kms:GrantIsForAWSResource", type: "boolean", value: "true" };
    expect(calls({ Condition }).map(({ context }) => context)).toEqual([
      [{ key: "aws:ResourceTag/Team", type: "string", value: "a" }, app, grant],
      [{ key: "aws:ResourceTag/Team", type: "string", value: "${b}" }, app, grant],
    ]);
  });

  it("are at most fifty resources each", () => {
    const Resource = Array.from({ length: 120 }, (_, index) => `r${index}`);
    expect(calls({ Resource }).map(({ resourceArns }) => resourceArns.length)).toEqual([50, 50, 20]);
  });
});
