import { describe, expect, it } from "@jest/globals";
import { allowsAction, allowsInvocation, allowsOnly, type IamStatement } from "../../../cli/aws/policy";

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
    expect(allowsAction({ Statement: statement }, "ec2:StopInstances")).toBe(expected);
  });

  it("is about nothing else only where each of its statements is", () => {
    const logs = { Effect: "Allow", Action: ["logs:PutLogEvents"] };
    expect(allowsOnly({ Statement: logs }, /^logs:/)).toBe(true);
    expect(allowsOnly({ Statement: [logs, { Effect: "Deny", Action: "logs:*" }] }, /^logs:/)).toBe(false);
    expect(allowsOnly({}, /^logs:/)).toBe(false);
  });
});

describe("a resource policy of a function", () => {
  const caller = {
    service: "events.amazonaws.com",
    arn: "arn:aws:events:us-east-1:123456789012:rule/dev.stop",
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
    ["rules with the prefix", statement(source("arn:aws:events:us-east-1:123456789012:rule/dev.*")), true],
    ["other rules", statement(source("arn:aws:events:us-east-1:123456789012:rule/qa.*")), false],
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
