import { describe, expect, it } from "@jest/globals";
import { readInstance, readState } from "../../../cli/aws/ec2";

const launchTime = new Date("2026-11-20T23:00:09Z");
const read = (
  Name: "running" | "pending" | "stopped" | "stopping" | "terminated",
  StateTransitionReason = "",
) =>
  readState("us-east-1", {
    InstanceId: "i-1",
    State: { Name },
    LaunchTime: launchTime,
    StateTransitionReason,
  });

describe("since when an instance is in its state", () => {
  it.each(["running", "pending"] as const)("is its launch where it is %s", (state) => {
    expect(read(state).since).toEqual(launchTime);
  });

  it.each([
    ["User initiated (2026-11-20 11:00:12 GMT)", "2026-11-20T11:00:12.000Z"],
    ["User initiated (2026-11-20 11:00:12 UTC)", "2026-11-20T11:00:12.000Z"],
    ["Server.SpotInstanceShutdown: Instance stopped (2026-11-20 11:00:12 GMT)", "2026-11-20T11:00:12.000Z"],
  ])("is in EC2's reason %j where it is stopped", (reason, since) => {
    expect(read("stopped", reason).since?.toISOString()).toBe(since);
    expect(read("terminated", reason).since?.toISOString()).toBe(since);
  });

  it.each(["", "User initiated", "Server.InternalError", "User initiated (2026-13-45 11:00:12 GMT)"])(
    "is not guessed from the reason %j, nor from the launch",
    (reason) => {
      expect(read("stopped", reason)).not.toHaveProperty("since");
    },
  );
});

it("reads the group, the profile, the kind and the volumes of an instance", () => {
  expect(
    readInstance("us-east-1", {
      InstanceId: "i-1",
      State: { Name: "stopped" },
      InstanceLifecycle: "spot",
      InstanceType: "t3.micro",
      RootDeviceType: "ebs",
      IamInstanceProfile: { Arn: "arn:aws:iam::123456789012:instance-profile/web" },
      BlockDeviceMappings: [{ Ebs: { VolumeId: "vol-1" } }, { DeviceName: "/dev/sdb" }],
      StateReason: { Code: "Client.UserInitiatedShutdown", Message: "User initiated shutdown" },
      Tags: [
        { Key: "Name", Value: "" },
        { Key: "aws:autoscaling:groupName", Value: "web" },
      ],
    }),
  ).toEqual({
    instanceId: "i-1",
    region: "us-east-1",
    state: "stopped",
    stateReason: { code: "Client.UserInitiatedShutdown", message: "User initiated shutdown" },
    tags: { Name: "", "aws:autoscaling:groupName": "web" },
    autoScalingGroup: "web",
    spot: "unknown",
    rootDeviceType: "ebs",
    instanceProfile: "arn:aws:iam::123456789012:instance-profile/web",
    instanceType: "t3.micro",
    volumeIds: ["vol-1"],
  });
});

describe("what manages an instance", () => {
  const read = (
    tags: Readonly<Record<string, string>>,
    Operator?: Parameters<typeof readInstance>[1]["Operator"],
  ) =>
    readInstance("us-east-1", {
      InstanceId: "i-1",
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ...(Operator === undefined ? {} : { Operator }),
    });

  it("is the service that operates it, before all tags", () => {
    const operator = { Managed: true, Principal: "eks.amazonaws.com" };
    const instance = read(
      { "aws:autoscaling:groupName": "web", "karpenter.sh/nodepool": "default" },
      operator,
    );
    expect(instance).toMatchObject({ manager: { name: "eks.amazonaws.com" } });
    expect(instance).not.toHaveProperty("autoScalingGroup");
  });

  it("is an Auto Scaling group before other tags", () => {
    const instance = read({ "aws:autoscaling:groupName": "eks-1", "eks:nodegroup-name": "ng-1" });
    expect(instance).toMatchObject({ autoScalingGroup: "eks-1" });
    expect(instance).not.toHaveProperty("manager");
  });

  it("is nothing if EC2 says that no service operates it", () => {
    expect(read({ Name: "web" }, { Managed: false })).not.toHaveProperty("manager");
  });
});

it.each([undefined, {}, { Code: "", Message: "" }])(
  "has no reason for its state where EC2 gives %j",
  (StateReason) => {
    const given = { InstanceId: "i-1", State: { Name: "running" as const } };
    expect(readState("us-east-1", { ...given, ...(StateReason ? { StateReason } : {}) })).not.toHaveProperty(
      "stateReason",
    );
  },
);
