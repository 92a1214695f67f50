import { describe, expect, it } from "@jest/globals";
import { developerPolicy } from "../../../../cli/commands/hold/policy";
import type { Deployment } from "../../../../cli/deployment/deployment";
import { HOLD_TAG } from "../../../../contract/limits";
import { namesOf } from "../../../../model/names";
import type { Ec2StartStopProps } from "../../../../model/props";

const REGION = "us-east-1";
const ONLY_HOLD_TAG = {
  "ForAllValues:StringEquals": { "aws:TagKeys": [HOLD_TAG.default] },
  Null: { "ec2:CreateAction": ["true"] },
};

function statementsFor(targets: Ec2StartStopProps["targets"]) {
  const config: Ec2StartStopProps = { region: REGION, targets, schedules: {} };
  const deployment = { config, names: namesOf(config), actions: [] } as unknown as Deployment;
  const { Statement } = developerPolicy(deployment, { id: "123456789012", partition: "aws" });
  return Statement.filter(({ Action }) => Action === "ec2:CreateTags").map(({ Sid, Condition }) => [
    Sid,
    Condition,
  ]);
}

describe("the policy for those who hold instances", () => {
  it("demands patterns and any value as the functions' role does, and still no other tag", () => {
    const tags = { Name: { like: "web-*" }, Owner: { any: true as const }, Note: "${x}" };
    expect(statementsFor({ web: { tags } })).toEqual([
      [
        "HoldTaggedInstances1",
        {
          ...ONLY_HOLD_TAG,
          StringLike: { "aws:ResourceTag/Name": ["web-*"] },
          Null: { "ec2:CreateAction": ["true"], "aws:ResourceTag/Owner": ["false"] },
          StringEquals: { "aws:ResourceTag/Note": ["${$}{x}"] },
        },
      ],
    ]);
  });

  it("names a target of all instances", () => {
    expect(statementsFor({ everything: { all: true } })).toEqual([["HoldAllInstances1", ONLY_HOLD_TAG]]);
  });
});
