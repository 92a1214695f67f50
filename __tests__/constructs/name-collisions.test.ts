import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { describe, expect, it } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { Ec2StartStop, type Ec2StartStopProps } from "../../constructs";
import { PAIR } from "../support/props";

interface StackOptions extends AwsProviderConfig {
  readonly props?: readonly Partial<Ec2StartStopProps>[];
}

/** Synthesizes an app with constructs of one name but for these differences, in a stack for each. */
function synth(...stacks: readonly StackOptions[]): void {
  const app = Testing.app();
  for (const [index, { props = [{}], ...provider }] of stacks.entries()) {
    const stack = new TerraformStack(app, `stack-${index}`);
    new AwsProvider(stack, "aws", { region: PAIR.region, ...provider });
    for (const [each, changes] of props.entries())
      new Ec2StartStop(stack, `Hours${each}`, { ...PAIR, ...changes } as Ec2StartStopProps);
  }
  app.synth();
}

describe("two constructs of one name", () => {
  it("are refused in one stack, with the paths of both", () => {
    expect(() => synth({ props: [{}, {}] })).toThrow(
      "[stack-0/Hours1] expected `name` and names of `functions` that are unique in the AWS account, got the role dev-functions-ap-northeast-2 and the function dev-StopEC2Instances and the function dev-StartEC2Instances of stack-0/Hours0 again",
    );
  });

  it("are refused in two stacks of one region", () => {
    expect(() => synth({}, {})).toThrow(/\[stack-1\/Hours0\] expected .* of stack-0\/Hours0 again/);
  });

  it("share an account in two regions, which the names of their roles contain", () => {
    const props = [{ region: "us-east-1", followUps: true }];
    expect(() => synth({ props: [{ followUps: true }] }, { region: "us-east-1", props })).not.toThrow();
  });

  it("are refused in two regions where they adopt one role, since roles are global in the account", () => {
    const adopt = { role: { name: "by-hand" } };
    const props = [{ region: "us-east-1", adopt }];
    expect(() => synth({ props: [{ adopt }] }, { region: "us-east-1", props })).toThrow(
      /got the role by-hand of stack-0/,
    );
  });

  it("are refused where the functions alone have one name", () => {
    const functions = { stopName: "stopper" };
    expect(() => synth({ props: [{ functions }, { name: "other", functions }] })).toThrow(
      /got the function stopper of stack-0\/Hours0 again/,
    );
  });

  it("are refused where nothing but the name is the same, which rules, alarms, topic and queue begin with", () => {
    const roleArn = "arn:aws:iam::123456789012:role/given";
    const [own, others] = [
      { roleArn, functions: { stopName: "stopper", startName: "starter" } },
      { roleArn, functions: { stopName: "stopper-2", startName: "starter-2" } },
    ];
    expect(() => synth({ props: [own, others] })).toThrow(/got the name dev of stack-0\/Hours0 again/);
    expect(() => synth({ props: [own, { ...others, name: "other" }] })).not.toThrow();
  });

  it("are refused where the names of their roles differ by upper and lower case only", () => {
    const functions = { stopName: "stopper", startName: "starter" };
    expect(() => synth({ props: [{}, { name: "DEV", functions }] })).toThrow(
      /got the role DEV-functions-ap-northeast-2 of stack-0\/Hours0 again/,
    );
  });

  it("are refused where the group of one's follow-ups is that of the other's schedules", () => {
    const scheduled = { name: "dev-followups", trigger: "scheduler" } as const;
    expect(() => synth({ props: [{ followUps: true }, scheduled] })).toThrow(
      /got the schedule group dev-followups of stack-0\/Hours0 again/,
    );
    expect(() => synth({ props: [{}, scheduled] })).not.toThrow();
  });

  it("are refused where the role of one's follow-ups is that of the other's functions", () => {
    const adopt = { role: { name: "dev-scheduler-ap-northeast-2" } };
    expect(() => synth({ props: [{ followUps: true }, { name: "other", adopt }] })).toThrow(
      /got the role dev-scheduler-ap-northeast-2 of stack-0\/Hours0 again/,
    );
  });

  it("are told apart in one stack by the account of their own provider, and not by its region", () => {
    const adopt = { role: { name: "by-hand" } };
    const inOneStack = (settings: AwsProviderConfig) => () => {
      const app = Testing.app();
      const stack = new TerraformStack(app, "stack");
      new AwsProvider(stack, "aws", { region: PAIR.region });
      const provider = new AwsProvider(stack, "other", { alias: "other", ...settings });
      new Ec2StartStop(stack, "Here", { ...PAIR, adopt });
      new Ec2StartStop(stack, "There", { ...PAIR, adopt, region: "us-east-1", provider });
      app.synth();
    };
    expect(inOneStack({ region: "us-east-1", profile: "prod" })).not.toThrow();
    expect(inOneStack({ region: "us-east-1" })).toThrow(/got the role by-hand of stack\/Here again/);
  });

  it.each<[string, StackOptions, StackOptions]>([
    ["another name", {}, { props: [{ name: "other" }] }],
    ["another profile", { profile: "dev" }, { profile: "prod" }],
    ["another role", {}, { assumeRole: [{ roleArn: "arn:aws:iam::123456789012:role/prod" }] }],
    [
      "other accounts",
      { props: [{ allowedAccountIds: ["111111111111"] }] },
      { props: [{ allowedAccountIds: ["222222222222"] }] },
    ],
  ])("are accepted with %s", (_, one, two) => {
    expect(() => synth(one, two)).not.toThrow();
  });
});
