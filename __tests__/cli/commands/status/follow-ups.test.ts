import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../cli/aws/call";
import type { EventBridgeSchedule } from "../../../../cli/aws/scheduler";
import { type FollowUpsRead, readFollowUps } from "../../../../cli/commands/status/follow-ups";
import { statusJson } from "../../../../cli/commands/status/json";
import { renderStatus } from "../../../../cli/commands/status/text";
import { createColors } from "../../../../cli/terminal/tone";
import type { FollowUp } from "../../../../contract/follow-ups";
import { instance, REGION, target } from "../../../support/builders";
import { scheduleFor } from "../../../support/fake-aws";
import { configWith, OFFICE, statusIn } from "./scene";

const GROUP = "dev-followups";
const RUN = "633850db-40a9-4d4f-9bb1-c280a56c8939";

/** The schedule of a follow-up, as a function writes it. */
function written(
  name: string,
  at: string,
  followUp: FollowUp,
  { ids = ["i-1"], ...request }: { readonly ids?: readonly string[]; readonly [key: string]: unknown } = {},
): EventBridgeSchedule {
  return scheduleFor("dev-StopEC2Instances", {
    group: GROUP,
    name,
    expression: `at(${at})`,
    timezone: "UTC",
    input: JSON.stringify({
      schedule: "dev-stop",
      action: "stop",
      targets: [{ region: REGION, instanceIds: ids }],
      followUp,
      ...request,
    }),
  });
}

function reading(schedules: readonly EventBridgeSchedule[]): Promise<FollowUpsRead> {
  return readFollowUps(
    {
      scheduleNames: async (group) => schedules.filter((each) => each.group === group),
      schedule: async (_, name) => schedules.find((each) => each.name === name && each.targetArn !== "gone"),
    },
    GROUP,
  );
}

const HOLD = written(
  "hold-1",
  "2026-11-23T13:01:00",
  { kind: "hold", cause: "hold", attempt: 1 },
  {
    schedule: "hold",
  },
);
const RESUME = written(
  "resume-1",
  "2026-11-23T11:20:00",
  {
    kind: "resume",
    cause: RUN,
    attempt: 2,
    notAfter: "2026-11-23T23:00:00.000Z",
  },
  { ids: ["i-1", "i-2"] },
);
const CAPACITY = written(
  "capacity-1",
  "2026-11-24T23:05:00",
  { kind: "capacity", cause: RUN, attempt: 1 },
  {
    schedule: "dev-start",
    action: "start",
    targets: [{ region: "us-east-1", tags: { Environment: ["qa"] }, only: ["i-2"] }],
  },
);

describe("the follow-ups of a group", () => {
  it("are those that a function has written, soonest first", async () => {
    const { due, problem } = await reading([HOLD, CAPACITY, RESUME]);
    expect(problem).toBeUndefined();
    expect(due).toEqual([
      {
        name: "resume-1",
        at: new Date("2026-11-23T11:20:00Z"),
        kind: "resume",
        cause: RUN,
        attempt: 2,
        schedule: "dev-stop",
        action: "stop",
        regions: [REGION],
        instanceIds: ["i-1", "i-2"],
        notAfter: new Date("2026-11-23T23:00:00Z"),
      },
      expect.objectContaining({
        kind: "hold",
        cause: "hold",
        schedule: "hold",
      }),
      expect.objectContaining({
        action: "start",
        regions: ["us-east-1"],
        instanceIds: ["i-2"],
      }),
    ]);
  });

  it("are none of what is gone by now, of another shape, or of another group", async () => {
    const others = [
      { ...HOLD, targetArn: "gone" },
      { ...RESUME, name: "text", input: "no JSON" },
      {
        ...RESUME,
        name: "firing",
        input: JSON.stringify({
          schedule: "dev-stop",
          action: "stop",
          targets: [],
        }),
      },
      { ...RESUME, name: "daily", expression: "cron(0 20 * * ? *)" },
      { ...RESUME, name: "other", group: "prod-followups" },
    ];
    expect(await reading(others)).toEqual({ due: [] });
  });

  it("are not known without the permission, and any other error is one", async () => {
    const failing = (error: Error) =>
      readFollowUps(
        {
          scheduleNames: () => Promise.reject(error),
          schedule: async () => undefined,
        },
        GROUP,
      );
    const denied = new AwsError("AWS refused", {
      missingPermission: "scheduler:ListSchedules",
    });
    expect(await failing(denied)).toEqual({ due: [], problem: "AWS refused" });
    await expect(failing(new AwsError("No connection"))).rejects.toThrow("No connection");
  });
});

describe("a status", () => {
  const config = configWith(OFFICE, {
    followUps: true,
    targets: { dev: { instanceIds: ["i-1"] }, qa: { instanceIds: ["i-2"] } },
  });
  const targets = [
    target([instance({ state: "stopped" })]),
    target([instance({ instanceId: "i-2", state: "stopped" })], { name: "qa" }),
  ];
  const scene = async (more: Partial<Parameters<typeof statusIn>[0]> = {}) =>
    statusIn({
      config,
      targets,
      followUps: await reading([HOLD, RESUME, CAPACITY]),
      ...more,
    });
  const textOf = (status: ReturnType<typeof statusIn>, all = false) =>
    renderStatus(status, {
      terminal: { columns: 80, colors: createColors(false) },
      all,
    });

  it("lists what is due: when, what, of which schedule, for how many, until when, and by which run", async () => {
    expect(
      textOf(await scene())
        .split("\n\n")
        .at(-2),
    ).toMatchInlineSnapshot(`
      "Follow-ups
        Due        What                       Schedule   Instances  Until
                   By run
        20:20      goes on with the stop      dev-stop   2          Tue 08:00
                   633850db-40a9-4d4f-9bb1-c280a56c8939
        22:01      stop if due after a hold   hold       1
        Wed 08:05  start, retry 1 (capacity)  dev-start  1
                   633850db-40a9-4d4f-9bb1-c280a56c8939"
    `);
  });

  it("lists only those of the targets that are asked for", async () => {
    const { followUps } = await scene({ targetNames: ["dev"] });
    expect(followUps?.due.map(({ name }) => name)).toEqual(["resume-1", "hold-1"]);
  });

  it("lists the soonest of many, and all where asked", async () => {
    const many = Array.from({ length: 23 }, (_, index) => ({
      ...HOLD,
      name: `hold-${index}`,
    }));
    const status = await scene({ followUps: await reading(many) });
    expect(textOf(status)).toMatch(/stop if due after a hold .*\n {2}and 3 more \(--all\)\n/);
    expect(textOf(status, true).match(/stop if due after a hold/g)).toHaveLength(23);
  });

  it("says in a line why they are not known, and is as healthy as without", async () => {
    const status = await scene({
      followUps: { due: [], problem: "AWS refused" },
    });
    expect(textOf(status)).toContain("\nThe follow-ups are not known. AWS refused\n");
    expect(statusJson(status)).toMatchObject({
      healthy: true,
      followUps: null,
      followUpsError: "AWS refused",
    });
  });

  it("has nothing of them where none is due, or the deployment leaves nothing for later", async () => {
    const { followUps, ...without } = await scene();
    expect(textOf({ ...without, followUps: { due: [] } })).toBe(textOf(without));
    expect(statusJson({ ...without, followUps: { due: [] } }).followUps).toEqual([]);
    expect(statusJson(without)).toMatchObject({
      followUps: null,
      followUpsError: null,
    });
  });

  it("has them as JSON, with instants in UTC", async () => {
    expect(statusJson(await scene()).followUps?.slice(0, 2)).toEqual([
      {
        name: "resume-1",
        at: "2026-11-23T11:20:00Z",
        kind: "resume",
        schedule: "dev-stop",
        action: "stop",
        cause: RUN,
        attempt: 2,
        regions: [REGION],
        instanceIds: ["i-1", "i-2"],
        notAfter: "2026-11-23T23:00:00Z",
      },
      expect.objectContaining({
        name: "hold-1",
        cause: "hold",
        notAfter: null,
      }),
    ]);
  });
});
