import { describe, expect, it } from "@jest/globals";
import { listSimulatedCalls } from "../../../../cli/commands/doctor/roles";

describe("calls to be simulated", () => {
  const calls = (given: object) =>
    listSimulatedCalls({
      Version: "2012-10-17",
      Statement: [{ Sid: "S", Effect: "Allow", Action: ["ec2:StopInstances"], Resource: ["r"], ...given }],
    });

  it("name something where a pattern stands for what is not known", () => {
    const Resource = [
      "arn:aws:ec2:r:1:instance/*",
      "arn:aws:logs:r:1:log-group:/aws/lambda/f:*",
      "arn:aws:scheduler:r:1:schedule/g/*",
      "arn:aws:ec2:r:1:*/*",
      "arn:aws:ec2:r:*:subnet/*",
      "*",
    ];
    expect(calls({ Resource })[0]?.resourceArns).toEqual([
      "arn:aws:ec2:r:1:instance/i-00000000000000000",
      "arn:aws:logs:r:1:log-group:/aws/lambda/f:log-stream:any",
      "arn:aws:scheduler:r:1:schedule/g/any",
      "arn:aws:ec2:r:1:network-interface/any",
      "arn:aws:ec2:r:000000000000:subnet/any",
      "*",
    ]);
  });

  it("meet the conditions, each wanted value once, and say nothing of what must not be", () => {
    const Condition = {
      StringEquals: { "aws:ResourceTag/Team": ["a", "${$}{b}"], "aws:ResourceTag/App": ["web"] },
      ArnNotEquals: { "lambda:SourceFunctionArn": ["arn:aws:lambda:r:1:function:f"] },
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

  it("meet patterns and the presence of a tag, and say nothing of a tag that must be absent", () => {
    const Condition = {
      StringLike: { "aws:ResourceTag/Name": ["db${*}${$}{x}", "web-*-?"] },
      Null: { "aws:ResourceTag/Owner": ["false"], "aws:ResourceTag/Keep": ["true"] },
      StringNotLike: { "aws:ResourceTag/Name": ["web-1*"] },
    };
    const owner = { key: "aws:ResourceTag/Owner", type: "string", value: "any" };
    expect(calls({ Condition }).map(({ context }) => context)).toEqual([
      [{ key: "aws:ResourceTag/Name", type: "string", value: "db*${x}" }, owner],
      [{ key: "aws:ResourceTag/Name", type: "string", value: "web--x" }, owner],
    ]);
  });

  it("are at most fifty resources each", () => {
    const Resource = Array.from({ length: 120 }, (_, index) => `r${index}`);
    expect(calls({ Resource }).map(({ resourceArns }) => resourceArns.length)).toEqual([50, 50, 20]);
  });
});
