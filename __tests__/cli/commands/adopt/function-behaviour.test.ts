import { describe, expect, it } from "@jest/globals";
import { strToU8, zipSync } from "fflate";
import { readArchive } from "../../../../cli/aws/lambda";
import { inferBehaviour, isOwnSource } from "../../../../cli/commands/adopt/function-behaviour";
import { functionNamed } from "../../../support/fake-aws";

describe("what a function does", () => {
  const by = (source: string, name = "f") =>
    inferBehaviour(functionNamed(name), { files: { "f.py": strToU8(source) } });

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
    const named = (name: string) => inferBehaviour(functionNamed(name), { unreadable: "no" }).action;
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

  it("is read from its own sources, not from the packages next to them", async () => {
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
