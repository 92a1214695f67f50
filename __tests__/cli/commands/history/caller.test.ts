import { describe, expect, it } from "@jest/globals";
import { parseTrailRecord } from "../../../../cli/aws/cloudtrail";
import { type Caller, identifyCaller } from "../../../../cli/commands/history/caller";
import {
  ACCOUNT,
  AGENTS,
  ALICE,
  AUTO_SCALING,
  lambdaFunction,
  type RecordedCall,
  type RecordedIdentity,
  ROOT,
  recordOf,
  session,
  ssoUser,
} from "../../../support/aws-server/trail-records";

const OWN = {
  region: "ap-northeast-2",
  names: ["dev-StopEC2Instances", "dev-StartEC2Instances"],
  role: "dev-functions-ap-northeast-2",
};

function caller(by: RecordedIdentity, more: Partial<RecordedCall> = {}): Caller {
  const record = recordOf({
    at: "2026-11-23T11:00:03Z",
    call: "StopInstances",
    by,
    instanceIds: ["i-0123456789abcdef0"],
    ...more,
  });
  return identifyCaller(parseTrailRecord(JSON.stringify(record)), "from the event", OWN);
}

describe("who called, by CloudTrail's record", () => {
  it.each<[string, RecordedIdentity, Caller]>([
    ["an IAM user", ALICE, { kind: "user", name: "alice" }],
    ["the root user", ROOT, { kind: "root", name: "root" }],
    [
      "the root user of an account with an alias",
      { ...ROOT, userName: "my-company" },
      { kind: "root", name: "my-company" },
    ],
    [
      "a user of IAM Identity Center, by permission set",
      ssoUser("bob@example.com", "AdministratorAccess"),
      { kind: "sso", name: "bob@example.com", role: "AdministratorAccess" },
    ],
    [
      "a session of a role",
      session("DeployRole", "ci-build-4471"),
      { kind: "role", name: "ci-build-4471", role: "DeployRole" },
    ],
    [
      "a function of the deployment",
      lambdaFunction("dev-StopEC2Instances", "dev-functions-ap-northeast-2"),
      { kind: "function", name: "dev-StopEC2Instances", role: "dev-functions-ap-northeast-2" },
    ],
    [
      "a function of the deployment whose role was another then",
      lambdaFunction("dev-StopEC2Instances", "made-by-hand"),
      { kind: "function", name: "dev-StopEC2Instances", role: "made-by-hand" },
    ],
    [
      "another Lambda function",
      lambdaFunction("janitor", "janitor-role"),
      { kind: "lambda", name: "janitor", role: "janitor-role" },
    ],
    [
      "a function of the same name in another region, which is another function",
      lambdaFunction("dev-StopEC2Instances", "dev-functions-ap-northeast-2", "us-east-1"),
      { kind: "lambda", name: "dev-StopEC2Instances", role: "dev-functions-ap-northeast-2" },
    ],
    ["Auto Scaling", AUTO_SCALING, { kind: "service", name: "autoscaling.amazonaws.com" }],
    [
      "an AWS service without a role",
      { type: "AWSService", invokedBy: "ec2.amazonaws.com" },
      { kind: "service", name: "ec2.amazonaws.com" },
    ],
    [
      "an instance with an instance profile",
      session("app-role", "i-0aaaaaaaaaaaaaaa1"),
      { kind: "instance", name: "i-0aaaaaaaaaaaaaaa1", role: "app-role" },
    ],
    [
      "a role of another account",
      session("Ops", "carol", { account: "999988887777" }),
      { kind: "role", name: "carol", role: "Ops", account: "999988887777" },
    ],
    [
      "another account",
      { type: "AWSAccount", principalId: "AIDAEXAMPLE", accountId: "999988887777" },
      { kind: "account", name: "999988887777" },
    ],
    [
      "a federated user",
      {
        type: "FederatedUser",
        principalId: `${ACCOUNT}:dave`,
        arn: `arn:aws:sts::${ACCOUNT}:federated-user/dave`,
        accountId: ACCOUNT,
      },
      { kind: "federated", name: "dave" },
    ],
    [
      "a caller through a service",
      { ...ALICE, invokedBy: "cloudformation.amazonaws.com" },
      { kind: "user", name: "alice", invokedBy: "cloudformation.amazonaws.com" },
    ],
    [
      "the console's own words for a service, which name none",
      { ...ALICE, invokedBy: "AWS Internal" },
      { kind: "user", name: "alice" },
    ],
    [
      "who is behind a session",
      {
        ...session("Ops", "session-1"),
        sessionContext: { sessionIssuer: { userName: "Ops" }, sourceIdentity: "erin" },
      },
      { kind: "role", name: "session-1", role: "Ops", sourceIdentity: "erin" },
    ],
    [
      "a kind of identity that is none of these",
      { type: "Martian", principalId: "X" },
      { kind: "unknown", name: "from the event" },
    ],
  ])("is %s", (_, by, expected) => {
    expect(caller(by)).toEqual(expected);
  });

  it("is a function of the deployment in records of before 2025, which do not say to what credentials were given", () => {
    const own = session("dev-functions-ap-northeast-2", "dev-StopEC2Instances");
    const expected = { kind: "function", name: "dev-StopEC2Instances", role: "dev-functions-ap-northeast-2" };
    expect(caller(own)).toEqual(expected);
    expect(caller(own, { userAgent: AGENTS.lambda })).toEqual(expected);
  });

  it("is no function of the deployment where only the session's name says so", () => {
    expect(caller(session("Admin", "dev-StopEC2Instances"))).toEqual({
      kind: "role",
      name: "dev-StopEC2Instances",
      role: "Admin",
    });
  });

  it("is another Lambda function where only its SDK says that it runs in Lambda", () => {
    const ended = caller(session("janitor-role", "janitor"), { userAgent: AGENTS.lambda });
    expect(ended).toEqual({ kind: "lambda", name: "janitor", role: "janitor-role" });
  });

  it.each([
    ["no record", undefined],
    ["no JSON", "{"],
    ["no object", '"text"'],
    ["nothing of the kind", '{"userIdentity":5}'],
  ])("is what the event itself says where the record is %s", (_, json) => {
    expect(identifyCaller(parseTrailRecord(json), "alice", OWN)).toEqual({ kind: "unknown", name: "alice" });
  });

  it("survives every part of an identity being something else", () => {
    const identity: RecordedIdentity = session("Ops", "carol");
    for (const key of Object.keys(identity)) {
      for (const value of [null, 5, [], "text", { sessionIssuer: 5 }]) {
        const broken = { ...identity, [key]: value };
        expect(typeof caller(broken).name).toBe("string");
      }
    }
  });
});
