import { describe, expect, it } from "@jest/globals";
import { parseEventInput } from "../../../../cli/commands/adopt/event-input";

const A = "i-0123456789abcdef0";
const B = "i-08ce9b2d7eccf6d26";

describe("the input of a trigger", () => {
  it.each([
    { action: "stop", instance_id: A },
    { action: "STOP", InstanceIds: [A, B] },
    { Action: "StopInstances", instances: `${A},${B}` },
    { Action: "stop_instances", instances: `${A}, ${B}`, region: "us-east-1" },
    { operation: "shutdown", ids: [{ id: A }] },
    { state: "stopped", instance: A },
    { desired_state: "off", instanceId: A },
    { "detail-type": "Scheduled Event", detail: { action: "stop", state: "running", ids: [A] } },
    { action: "stop", filter: { "instance-state-name": "running" } },
    { stop: [A], start: [] },
    { stop: true, start: false, ids: A },
    { command: "ec2-stop", targets: [A] },
    [{ action: "stop", instance_id: A }],
    { action: "server_stop", id: A },
    { action: "instance-stop", id: A },
    { action: "stop-all" },
    { action: "StopServers", ids: [A] },
    { op: "halt", id: A },
    { start_or_stop: "STOP", id: A },
    "stop",
  ])("asks for a stop: %j", (input) => {
    expect(parseEventInput(JSON.stringify(input)).action).toBe("stop");
  });

  it.each([
    { action: "start", instance_id: A },
    { ACTION: "Start", InstanceIds: [A] },
    { operation: "power-on", instances: [A] },
    { state: "running", instances: [A] },
    { event: { type: "start-ec2-instances" }, ids: A },
    { start: [A] },
  ])("asks for a start: %j", (input) => {
    expect(parseEventInput(JSON.stringify(input)).action).toBe("start");
  });

  it.each([
    {},
    { instance_id: A },
    { action: "restart", instance_id: A },
    { action: "terminate", instance_id: A },
    { action: "stop_dev" },
    { action: "reboot" },
    { actions: ["stop", "start"], stop: [A], start: [B] },
    { start: "08:00", stop: "20:00" },
    { action: "stop", next: { action: "start" } },
    { starting: "", stopping: null },
  ])("asks for neither where it names none or both: %j", (input) => {
    expect(parseEventInput(JSON.stringify(input)).action).toBeUndefined();
  });

  it("has instance ids in lists, text and objects, each once and in their order", () => {
    const input = { action: "stop", a: `${B};${A}`, more: [{ id: A }, [`arn:aws:ec2:x:1:instance/${B}`]] };
    expect(parseEventInput(JSON.stringify(input)).instanceIds).toEqual([B, A]);
  });

  it.each([
    [{ region: "us-east-1" }, "us-east-1"],
    [{ Region_Name: "eu-west-1" }, "eu-west-1"],
    [{ aws: { REGION: ["ap-northeast-2"] } }, "ap-northeast-2"],
    [{ regions: ["us-east-1", "eu-west-1"] }, undefined],
    [{ region: "dev-web-1" }, undefined],
    [{ place: "us-east-1" }, undefined],
  ])("names the region in %j: %s", (input, region) => {
    expect(parseEventInput(JSON.stringify(input)).region).toBe(region);
  });

  it("may be a template, with placeholders for parts of the event", () => {
    expect(parseEventInput(`{"time": <time>, "action": "stop", "id": "${A}"}`)).toEqual({
      action: "stop",
      instanceIds: [A],
    });
    expect(parseEventInput('{"time": "at <time>", "action": "start"}').action).toBe("start");
    expect(parseEventInput("no JSON at all").action).toBeUndefined();
    expect(parseEventInput("")).toEqual({ instanceIds: [] });
  });
});
