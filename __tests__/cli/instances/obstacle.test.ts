import { describe, expect, it } from "@jest/globals";
import type { TargetInstance } from "../../../cli/instances/instance";
import { describeObstacle, findObstacle } from "../../../cli/instances/obstacle";
import { type Manager, managerOf } from "../../../contract/tags";
import { instance } from "../../support/builders";

/** A Monday. */
const NOW = new Date("2026-11-23T11:12:05Z");

const TAG = "ec2-start-stop:hold";
const told = (more: Partial<TargetInstance>) => {
  const obstacle = findObstacle(instance(more), TAG, NOW);
  return obstacle && describeObstacle(obstacle, "Asia/Seoul");
};

describe("what keeps the schedules from an instance", () => {
  it.each<[string, Partial<TargetInstance>]>([
    ["held by tag ec2-start-stop:hold, for ever", { tags: { [TAG]: "" } }],
    [
      "held by tag ec2-start-stop:hold until Wed 2026-11-25 18:00 +09:00",
      { tags: { [TAG]: "2026-11-25T09:00:00Z" } },
    ],
    [
      "held by tag ec2-start-stop:hold until Wed 2026-11-25 18:00 +09:00, set by jane",
      { tags: { [TAG]: "2026-11-25T09:00Z by jane" } },
    ],
    [
      "held by tag ec2-start-stop:hold until Wed 2026-11-25 18:00 +09:00, set by jane",
      { tags: { [TAG]: "2026-11-23T11:07Z/2026-11-25T09:00Z by jane" } },
    ],
    [
      'held by tag ec2-start-stop:hold, for ever: its value "next week" is no ISO 8601 date-time, date or interval (begin/end)',
      { tags: { [TAG]: "next week" } },
    ],
    ["excluded by tag KeepRunning=true", { excludedBy: "KeepRunning=true" }],
    ["member of the Auto Scaling group web, which would replace it", { autoScalingGroup: "web" }],
    [
      "node of the Karpenter node pool default, which would replace it",
      { manager: managerOf(new Map([["karpenter.sh/nodepool", "default"]])) as Manager },
    ],
    ["its root device is an instance store, which can't be stopped", { rootDeviceType: "instance-store" }],
    ["spot instance of a one-time request, which can't be stopped", { spot: "one-time" }],
    ["it is terminated: take it out of the config", { state: "terminated" }],
    ["it is terminated: take it out of the config", { state: "shutting-down" }],
  ])("is told: %s", (text, more) => {
    expect(told(more)).toBe(text);
  });

  it.each<[string, Partial<TargetInstance>]>([
    ["a hold that is over", { tags: { [TAG]: "2026-11-23T11:12:00Z" } }],
    ["a hold that has not begun", { tags: { [TAG]: "2026-11-23T11:13Z/2026-11-25T09:00Z by jane" } }],
    ["another tag", { tags: { hold: "" } }],
    ["a persistent spot request", { spot: "persistent" }],
    ["a spot request that may not be read", { spot: "unknown" }],
    ["a root device on EBS", { rootDeviceType: "ebs" }],
  ])("is not %s", (_, more) => {
    expect(told(more)).toBeUndefined();
  });

  it("is a hold to the end of the day in the zone of the schedule that it keeps off longest", () => {
    const held = instance({ tags: { [TAG]: "2026-11-23" } });
    const untilIn = (...timezones: string[]) => findObstacle(held, TAG, NOW, timezones);
    expect(untilIn("Asia/Seoul")).toMatchObject({ until: new Date("2026-11-23T15:00:00Z") });
    expect(untilIn("Asia/Seoul", "America/New_York", "UTC")).toMatchObject({
      until: new Date("2026-11-24T05:00:00Z"),
    });
    expect(untilIn("Pacific/Kiritimati")).toBeUndefined();
    expect(untilIn("Pacific/Kiritimati", "UTC")).toMatchObject({ until: new Date("2026-11-24T00:00:00Z") });
  });

  it("is, of several, what the functions would name", () => {
    const all: Partial<TargetInstance> = {
      autoScalingGroup: "web",
      rootDeviceType: "instance-store",
      spot: "one-time",
    };
    expect(told(all)).toMatch(/Auto Scaling/);
    expect(told({ ...all, tags: { [TAG]: "" } })).toMatch(/^held/);
    expect(told({ ...all, tags: { [TAG]: "" }, state: "terminated" })).toMatch(/terminated/);
    expect(told({ ...all, excludedBy: "a=b", state: "terminated" })).toBe("excluded by tag a=b");
  });
});
