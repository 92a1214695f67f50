import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { transformFile } from "@swc/core";
import { describeFound } from "../support/describe-found";
import { runCommand } from "../support/moto/command";
import { CDKTF, CDKTN, type Generation, installFor, missingOf, versionOf } from "./generation";
import { type Json, readSynthesized, type Synthesized } from "./synthesized";

/** The generator's version, and the provider version of the bindings, which a team may override. */
const IGNORED = [
  ["//", "metadata", "version"],
  ["terraform", "required_providers", "aws", "version"],
];

/** Runs team-stack.ts in a project of its own, where this package is installed. */
async function synthTeamStack(generation: Generation): Promise<Synthesized> {
  const { folder } = await installFor(generation);
  try {
    const { code } = await transformFile(join(__dirname, "team-stack.ts"), {
      swcrc: false,
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    });
    await writeFile(join(folder, "app.js"), code);
    await runCommand(process.execPath, ["app.js"], { cwd: folder });
    return await readSynthesized(join(folder, "cdktf.out"), "platform", IGNORED);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The resources of a type, by their addresses. */
const ofType = ({ stack }: Synthesized, type: string): [string, Json][] =>
  Object.entries(Object(Object(stack["resource"])[type]));

describe("a team's own stack that hosts the construct twice", () => {
  let team: Synthesized;
  beforeAll(async () => {
    team = await synthTeamStack(CDKTF);
  }, 60_000);

  it("keeps its backend", () => {
    const backend = { s3: { bucket: "team-state", key: "platform.tfstate", region: "ap-northeast-2" } };
    expect(team.stack["terraform"]).toEqual({ backend, required_providers: { aws: { source: "aws" } } });
  });

  it("keeps its provider as the only one, for its resources and the construct's", () => {
    expect(team.stack["provider"]).toEqual({
      aws: [{ region: "ap-northeast-2", default_tags: [{ tags: { Team: "platform" } }] }],
    });
    const chosen = JSON.stringify(team.stack["resource"]).match(/"provider":/g);
    expect(chosen).toBeNull();
  });

  it("keeps its own resources and outputs as they were", () => {
    expect(ofType(team, "aws_sns_topic")).toEqual([
      ["on-call", expect.objectContaining({ name: "on-call" })],
    ]);
    expect(team.stack["output"]).toEqual({ "topic-arn": { value: "${aws_sns_topic.on-call.arn}" } });
  });

  it("hands its own resources to the construct", () => {
    const alarms = ofType(team, "aws_cloudwatch_metric_alarm");
    expect(alarms.length).toBeGreaterThan(1);
    for (const [, alarm] of alarms) expect(alarm["alarm_actions"]).toEqual(["${aws_sns_topic.on-call.arn}"]);
  });

  it("gets each function once, named after its own set of schedules", () => {
    const functions = ofType(team, "aws_lambda_function").map(([, { function_name }]) => function_name);
    expect(functions.sort()).toEqual([
      "build-StopEC2Instances",
      "office-StartEC2Instances",
      "office-StopEC2Instances",
    ]);
  });
});

describeFound("the same stack under cdktn", { missing: missingOf(CDKTN) }, () => {
  let first: Synthesized;
  let second: Synthesized;
  beforeAll(async () => {
    [first, second] = [await synthTeamStack(CDKTF), await synthTeamStack(CDKTN)];
  }, 60_000);

  it("comes out equal but for the versions", () => {
    expect(second.stack).toEqual(first.stack);
    expect(second.files).toEqual(first.files);
  });

  it("says of which generation it is", () => {
    expect(first.ignored).toEqual({
      "//.metadata.version": versionOf(CDKTF, "cdktf"),
      "terraform.required_providers.aws.version": "5.100.0",
    });
    expect(second.ignored).toEqual({
      "//.metadata.version": versionOf(CDKTN, "cdktf"),
      "terraform.required_providers.aws.version": "6.25.0",
    });
  });
});
