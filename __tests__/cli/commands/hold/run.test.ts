import { afterEach, describe, expect, it } from "@jest/globals";
import {
  runExtend,
  runHold,
  runHolds,
  runRelease,
  runSkip,
  runStart,
} from "../../../../cli/commands/hold/run";
import { authorOf } from "../../../../cli/commands/hold/session";
import { readConfig } from "../../../../config";
import { holdOf } from "../../../../contract/holds";
import { readRequest } from "../../../../lambda-src/request";
import { readSettings } from "../../../../lambda-src/settings";
import { planOf } from "../../../../model/plan";
import { CONFIG, DB, HOLD_TAG, holdWorld, QA, WEB, type World, type WorldOptions } from "./hold-world";

const STOP = "office-StopEC2Instances";
const START = "office-StartEC2Instances";
const held = (value: string) => ({ tags: { [HOLD_TAG]: value } });

const worlds: World[] = [];
const world = (options: WorldOptions = {}) => {
  const made = holdWorld(options);
  worlds.push(made);
  return made;
};
afterEach(() => {
  for (const each of worlds.splice(0)) each.close();
});

const hold = (at: World, names: readonly string[], options: Parameters<typeof runHold>[1]) =>
  runHold(names, { ...at.options, ...options }, at.context, at.open);

describe("hold", () => {
  it("asks EC2 first, writes begin and end in UTC and the caller, and has both functions look", async () => {
    const at = world();
    await hold(at, ["dev"], { until: "22:00" });
    expect(at.steps).toEqual([
      `dry run ${WEB} ${DB}`,
      `${HOLD_TAG} of ${WEB} ${DB}: 2026-11-23T08:55Z/2026-11-23T13:00Z by ops`,
      `look by ${STOP}`,
      `look by ${START}`,
    ]);
    expect(at.requests[0]).toEqual({
      schedule: "hold",
      action: "stop",
      targets: [{ region: "ap-northeast-2", instanceIds: [WEB, DB] }],
      followUp: { kind: "hold", cause: "hold", attempt: 1 },
    });
    expect(at.text()).toMatch(/^ {2}\S+ +until Mon 2026-11-23 22:00 \+09:00 /m);
    expect(at.text()).toContain("stops at Mon 2026-11-23 22:01 +09:00");
    expect(at.text()).toContain("times in Asia/Seoul");
  });

  it("begins early enough for a function whose clock is some minutes behind", async () => {
    const at = world({ now: "2026-11-23T09:00:42Z" });
    await hold(at, [WEB], { for: "2h" });
    const [, value = ""] = /: (.*)$/.exec(at.steps[1] ?? "") ?? [];
    expect(holdOf(value, Date.parse("2026-11-23T08:55:42Z"))).toMatchObject({ by: "ops" });
  });

  it("holds now as JSON, from a begin that has passed", async () => {
    const at = world();
    await hold(at, [WEB], { for: "2h", json: true });
    expect(JSON.parse(at.text()).holds).toEqual([
      expect.objectContaining({ held: true, from: "2026-11-23T08:55:00Z", until: "2026-11-23T11:00:00Z" }),
    ]);
  });

  it("asks only the function that knows the instance, by the target's tags narrowed to it", async () => {
    const at = world();
    await hold(at, [QA], { for: "2h" });
    expect(at.requests.map(({ targets }) => targets)).toEqual([
      [{ region: "ap-northeast-2", tags: { Environment: ["qa"] }, only: [QA] }],
    ]);
  });

  it("says that nothing acts where there are no follow-ups, and asks no function", async () => {
    const at = world({ followUps: false });
    await hold(at, [WEB], { for: "2h" });
    expect(at.steps.at(-1)).toBe(`${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z/2026-11-23T11:00Z by ops`);
    expect(at.text()).toContain("Nothing acts when it ends: this deployment has no follow-ups");
  });

  it("says that the follow-ups of the config are not deployed yet", async () => {
    const config = `${CONFIG}followUps: true\n`;
    const at = world({ config, followUps: false });
    await hold(at, [WEB], { for: "2h" });
    expect(at.text()).toContain("the `followUps: true` of this config is not deployed yet");
    await expect(runStart([WEB], { ...at.options, for: "1h" }, at.context, at.open)).rejects.toThrow(
      "Deploy this config, which has `followUps: true`",
    );
  });

  it("with --off stops first, what is held released before, then holds until the next start", async () => {
    const at = world({ instances: { [WEB]: held("2026-11-24") } });
    await hold(at, [WEB], { off: true, untilNextStart: true });
    expect(at.steps).toEqual([
      `dry run ${WEB}`,
      `${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z by ops`,
      `stop by ${STOP}`,
      // Tuesday is a holiday.
      `${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z/2026-11-24T23:00Z by ops`,
      `look by ${STOP}`,
      `look by ${START}`,
    ]);
    expect(at.text()).toContain("starts at");
    expect(at.text()).toContain("was held until Wed 2026-11-25 00:00 +09:00");
  });

  it("changes nothing where the tag may not be written", async () => {
    const at = world({ refused: "dry run" });
    await expect(hold(at, ["dev"], { for: "1h", off: true })).rejects.toThrow("AWS refused dry run");
    expect(at.steps).toEqual([]);
  });

  it("with --off puts back the hold of an instance where the function cannot be asked", async () => {
    const at = world({ instances: { [WEB]: held("by jane") }, refused: "stop" });
    await expect(hold(at, [WEB], { for: "1h", off: true })).rejects.toThrow("AWS refused stop");
    expect(at.steps).toEqual([
      `dry run ${WEB}`,
      `${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z by ops`,
      `${HOLD_TAG} of ${WEB}: by jane`,
    ]);
  });

  it("with --off puts back what is not stopped, and leaves what is stopped later without a hold", async () => {
    const at = world({
      instances: { [WEB]: held("by jane"), [DB]: held("by jane"), [QA]: held("") },
      outcomes: { [DB]: { outcome: "failed", reason: "protected" }, [QA]: { outcome: "deferred" } },
    });
    await hold(at, ["dev", QA], { for: "1h", off: true });
    expect(at.steps.slice(2)).toEqual([
      `stop by ${STOP}`,
      `${HOLD_TAG} of ${DB}: by jane`,
      `${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z/2026-11-23T10:00Z by ops`,
      `look by ${STOP}`,
      `look by ${START}`,
    ]);
  });

  it("with --off, Ctrl-C while the function runs says that it goes on and that there is no hold", async () => {
    const at = world({ interrupted: AbortSignal.abort(), instances: { [WEB]: held("by jane") } });
    await expect(hold(at, [WEB], { for: "1h", off: true })).rejects.toThrow(
      new RegExp(`^Interrupted: ${STOP} goes on in Lambda, and may stop more .* No hold was changed\\.$`),
    );
    expect(at.steps.at(-1)).toBe(`${HOLD_TAG} of ${WEB}: by jane`);
  });

  it("says which hold is lost where it cannot be put back", async () => {
    const at = world({
      instances: { [WEB]: held("by jane") },
      outcomes: { [WEB]: { outcome: "failed", reason: "protected" } },
      refused: "tag",
      refusedFrom: 2,
    });
    await expect(hold(at, [WEB], { for: "1h", off: true })).rejects.toThrow(
      `${STOP} could stop none of ${WEB}: protected. No hold was changed. The hold of ${WEB} is lost. AWS refused tag`,
    );
  });

  it("says what was to hold where it takes its place, in JSON too", async () => {
    const instances = { [WEB]: held("2026-11-23T10:59Z/2026-11-24T23:00Z by jane") };
    const at = world({ instances });
    await hold(at, [WEB], { for: "1h" });
    expect(at.text()).toContain(
      "was to be held from Mon 2026-11-23 19:59 +09:00 until Wed 2026-11-25 08:00 +09:00 by jane",
    );
    const again = world({ instances });
    await hold(again, [WEB], { for: "1h", json: true });
    expect(JSON.parse(again.text()).holds).toMatchObject([
      {
        ...{ held: true, from: "2026-11-23T08:55:00Z", until: "2026-11-23T10:00:00Z", by: "ops" },
        replaced: {
          ...{ held: false, from: "2026-11-23T10:59:00Z", until: "2026-11-24T23:00:00Z" },
          ...{ by: "jane", unreadable: null },
        },
      },
    ]);
  });

  it("promises nothing for an instance whose follow-up could not be written", async () => {
    const outcomes = { [WEB]: { outcome: "failed", reason: "no follow-up could be written" } } as const;
    const at = world({ outcomes });
    await hold(at, ["dev"], { for: "3h", json: true });
    expect(JSON.parse(at.text()).holds).toMatchObject([
      { instanceId: WEB, afterwards: "nothing: no follow-ups" },
      { instanceId: DB, afterwards: "stops at Mon 2026-11-23 21:01 +09:00" },
    ]);
  });

  it.each([
    ["2026-11-23 09:00Z where AWS has 2026-11-23 08:00Z", 3_600_000],
    ["2026-11-23 09:00Z where AWS has 2026-11-23 10:00Z", -3_600_000],
  ])("refuses a computer whose clock is wrong: %s", async (got, clockLeadMs) => {
    const at = world({ clockLeadMs });
    await expect(hold(at, [WEB], { for: "1h" })).rejects.toThrow(`to 5 minutes, got ${got}`);
    expect(at.steps).toEqual([]);
    await hold(world({ clockLeadMs: clockLeadMs / 12 }), [WEB], { for: "1h" });
  });

  it("says what is written where the function cannot be asked", async () => {
    const at = world({ refused: "start" });
    await expect(hold(at, [WEB], { for: "1h" })).rejects.toThrow(
      `The holds of ${WEB} are written, but no follow-up: run the same command again. AWS refused start`,
    );
  });

  it.each([
    [["deb"], { for: "1h" }, /got "deb" \(did you mean dev\?\)/],
    [["i-0123456789abcdef9"], { for: "1h" }, /EC2 does not know it, or no target of the config has it/],
    [["dev"], {}, /Expected one end, by --until, --for or --until-next-start, got none: .*--until 22:00/],
    [["dev"], { for: "1h", until: "22:00" }, /got several/],
    [["dev"], { for: "soon" }, /--for: expected a duration such as 90m/],
    [[QA], { untilNextStart: true }, /expected a schedule that starts these instances/],
    [
      [],
      { for: "1h" },
      /Expected targets of .*c\.yaml, or ids of their instances, got none \(it has dev, qa\)/,
    ],
  ])("refuses %j with %j, and changes nothing", async (names, options, message) => {
    const at = world();
    await expect(hold(at, names, options)).rejects.toThrow(message);
    expect(at.steps).toEqual([]);
  });

  it("refuses an instance on which no schedule acts, and leaves it alone in a target", async () => {
    const instances = { [WEB]: { autoScalingGroup: "web" } };
    const at = world({ instances });
    await expect(hold(at, [WEB], { for: "1h" })).rejects.toThrow(/member of the Auto Scaling group web/);
    await hold(at, ["dev"], { for: "1h" });
    expect(at.steps[0]).toBe(`dry run ${DB}`);
    expect(at.text()).toContain(`${WEB} is left alone: member of the Auto Scaling group web`);
  });

  it("--permissions prints a policy of the hold tag, the deployed instances and functions alone", async () => {
    const at = world();
    await hold(at, [], { permissions: true });
    const { Statement } = JSON.parse(at.text());
    const tag = {
      "ForAllValues:StringEquals": { "aws:TagKeys": [HOLD_TAG] },
      Null: { "ec2:CreateAction": ["true"] },
    };
    const arn = (rest: string) => `arn:aws:${rest}`;
    expect(Statement).toEqual([
      { Sid: "DescribeInstances", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
      {
        ...{ Sid: "HoldInstances", Effect: "Allow", Action: "ec2:CreateTags", Condition: tag },
        Resource: [WEB, DB].map((id) => arn(`ec2:ap-northeast-2:123456789012:instance/${id}`)),
      },
      {
        ...{
          Sid: expect.stringMatching(/^HoldTaggedInstances\d$/),
          Effect: "Allow",
          Action: "ec2:CreateTags",
        },
        Resource: arn("ec2:ap-northeast-2:123456789012:instance/*"),
        Condition: { ...tag, StringEquals: { "aws:ResourceTag/Environment": ["qa"] } },
      },
      {
        ...{ Sid: "AskFunctions", Effect: "Allow" },
        Action: ["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
        Resource: [STOP, START].map((name) => arn(`lambda:ap-northeast-2:123456789012:function:${name}`)),
      },
    ]);
    expect(at.steps).toEqual([]);
  });
});

it.each([
  ["hold", (at: World) => hold(at, ["dev", QA], { for: "1h", off: true })],
  ["start", (at: World) => runStart([WEB], { ...at.options, for: "1h" }, at.context, at.open)],
])("what `%s` asks is a request that the deployed functions take", async (_, command) => {
  const at = world();
  await command(at);
  const { targets } = planOf(await readConfig(at.options.config, { now: at.context.now() }));
  expect(at.requests.length).toBeGreaterThan(1);
  for (const request of at.requests) {
    const settings = readSettings({
      ...{ ACTION: request.action, TARGETS: JSON.stringify(targets[request.action]), FOLLOW_UPS: "{}" },
      ...{ AWS_LAMBDA_FUNCTION_NAME: "f", AWS_REGION: "ap-northeast-2" },
    });
    expect(readRequest(request, settings).targets).not.toEqual([]);
  }
});

it("a stop hibernates where a stop schedule of the instances does", async () => {
  const at = world({ config: CONFIG.replace("action: stop,", "action: stop, hibernate: true,") });
  await hold(at, [QA], { for: "1h", off: true });
  expect(at.requests.map(({ hibernate }) => hibernate)).toEqual([true, true]);
});

it.each([
  ["hold", (at: World) => hold(at, [WEB], { for: "1h" })],
  ["extend", (at: World) => runExtend([WEB], { ...at.options, for: "1h" }, at.context, at.open)],
  ["release", (at: World) => runRelease([WEB], at.options, at.context, at.open)],
  ["skip", (at: World) => runSkip("hours-stop", { ...at.options, next: true }, at.context, at.open)],
  ["start", (at: World) => runStart([WEB], { ...at.options, for: "1h" }, at.context, at.open)],
])("`%s` changes nothing where a function is not deployed", async (command, run) => {
  const instances = command === "skip" ? {} : { [WEB]: held("2026-11-24") };
  const at = world({ deployed: ["stop"], instances });
  await expect(run(at)).rejects.toThrow(`The function ${START} is not deployed in ap-northeast-2`);
  expect(at.steps).toEqual([]);
});

describe("what hold writes", () => {
  const began = { [WEB]: held("2026-11-23T08:55Z/2026-11-23T13:00Z by jane") };

  it("is listed by its end alone, and in JSON with its begin", async () => {
    const at = world({ instances: began });
    await runHolds(at.options, at.context, at.open);
    expect(at.text()).toMatch(/ {2}until Mon 2026-11-23 22:00 \+09:00 +jane +stops at Mon 2026-11-23 22:01/);
    const again = world({ instances: began });
    await runHolds({ ...again.options, json: true }, again.context, again.open);
    expect(JSON.parse(again.text()).holds).toMatchObject([{ held: true, from: "2026-11-23T08:55:00Z" }]);
  });

  it("is released, and looked at", async () => {
    const at = world({ instances: began });
    await runRelease([WEB], at.options, at.context, at.open);
    expect(at.steps).toEqual([
      `${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z by ops`,
      `look by ${STOP}`,
      `look by ${START}`,
    ]);
  });
});

describe("extend", () => {
  const extend = (at: World, names: readonly string[], options: object) =>
    runExtend(names, { ...at.options, ...options }, at.context, at.open);

  it("moves the end, and keeps the begin of an interval", async () => {
    const at = world({ instances: { [WEB]: held("2026-11-23T08:00Z/2026-11-23T13:00Z by jane") } });
    await extend(at, [WEB], { for: "1h30m" });
    expect(at.steps[0]).toBe(`${HOLD_TAG} of ${WEB}: 2026-11-23T08:00Z/2026-11-23T14:30Z by ops`);
  });

  it("names the commands that make up for functions that cannot be asked, which extend no further", async () => {
    const instances = {
      [WEB]: held("2026-11-23T13:00Z"),
      [DB]: held("2026-11-23T14:00Z"),
    };
    const at = world({ refused: "stop", instances });
    await expect(extend(at, ["dev"], { for: "1h" })).rejects.toThrow(
      `The holds of ${WEB}, ${DB} are written, but no follow-up: run \`ec2-start-stop hold ${WEB} --until 2026-11-23T14:00:00Z\` and \`ec2-start-stop hold ${DB} --until 2026-11-23T15:00:00Z\`. AWS refused stop`,
    );
  });

  it.each([
    [{}, /got none: ec2-start-stop hold/],
    [held("by jane"), /got one for ever/],
    [held("2026-11-23T08:59Z"), /got none/],
  ])("refuses %j", async (instance, message) => {
    const at = world({ instances: { [WEB]: instance } });
    await expect(extend(at, [WEB], { for: "1h" })).rejects.toThrow(message);
    await expect(extend(at, [WEB], {})).rejects.toThrow("--for: expected how much longer");
    expect(at.steps).toEqual([]);
  });
});

describe("release", () => {
  const release = (at: World, names: readonly string[]) => runRelease(names, at.options, at.context, at.open);

  it("writes an end that has passed to what is held, and has the functions look at it", async () => {
    const at = world({ instances: { [DB]: held("2026-11-24 by jane") } });
    await release(at, ["dev"]);
    expect(at.steps).toEqual([
      `${HOLD_TAG} of ${DB}: 2026-11-23T08:55Z by ops`,
      `look by ${STOP}`,
      `look by ${START}`,
    ]);
  });

  it("takes back a hold that has not begun, of which no function need know", async () => {
    const at = world({ instances: { [DB]: held("2026-11-23T10:59Z/2026-11-24T23:00Z by jane") } });
    await release(at, [DB]);
    expect(at.steps).toEqual([`${HOLD_TAG} of ${DB}: 2026-11-23T08:55Z by ops`]);
  });

  it("says that no function has looked where none could be asked", async () => {
    const at = world({ refused: "stop", instances: { [WEB]: held("2026-11-24") } });
    await expect(release(at, [WEB])).rejects.toThrow(
      `The holds of ${WEB} have ended, but no function has looked at them: the next firing of a schedule does. AWS refused stop`,
    );
  });

  it("refuses where nothing is held", async () => {
    const at = world();
    await expect(release(at, ["dev"])).rejects.toThrow("Expected held instances in dev, got none");
  });
});

describe("skip", () => {
  const skip = (at: World, name: string, next = true) =>
    runSkip(name, { ...at.options, next }, at.context, at.open);

  it("holds from a minute before the next firing until the opposite one that is no holiday", async () => {
    const at = world();
    await skip(at, "hours-stop");
    // The firing itself meets the hold: no function acts before.
    expect(at.steps).toEqual([`${HOLD_TAG} of ${WEB} ${DB}: 2026-11-23T10:59Z/2026-11-24T23:00Z by ops`]);
    expect(at.text()).toContain("hours-stop at Mon 2026-11-23 20:00 +09:00");
  });

  it.each([
    ["qa-stop", true, /Expected a schedule that starts i-0000000000000000c after qa-stop/],
    ["hours-stops", true, /did you mean hours-stop\?/],
    ["hours-stop", false, /Expected --next/],
  ])("refuses %s with next %s", async (name, next, message) => {
    const at = world();
    await expect(skip(at, name, next)).rejects.toThrow(message);
    expect(at.steps).toEqual([]);
  });

  it("refuses instances that are held, whose hold would be lost", async () => {
    const at = world({ instances: { [WEB]: held("by jane") } });
    await expect(skip(at, "hours-stop")).rejects.toThrow(
      `got ${WEB}, held for ever by jane, which would be lost: end that first by \`ec2-start-stop release ${WEB}\``,
    );
    expect(at.steps).toEqual([]);
  });

  it("refuses instances whose later hold would be lost, and may be said twice", async () => {
    const skipped = "2026-11-23T10:59Z/2026-11-24T23:00Z by jane";
    const at = world({ instances: { [WEB]: held(skipped) } });
    await skip(at, "hours-stop");
    expect(at.steps).toHaveLength(1);
    const other = world({ instances: { [WEB]: held(skipped) } });
    await expect(skip(other, "hours-start")).rejects.toThrow(
      `held from Mon 2026-11-23 19:59 +09:00 until Wed 2026-11-25 08:00 +09:00 by jane, which would be lost`,
    );
    expect(other.steps).toEqual([]);
  });
});

describe("start", () => {
  const start = (at: World, names: readonly string[], options: object = { for: "3h" }) =>
    runStart(names, { ...at.options, ...options }, at.context, at.open);
  const stopped = { [WEB]: { state: "stopped" }, [DB]: { state: "stopped" } };

  it("starts, then holds what started, then has the functions look", async () => {
    const at = world({
      instances: stopped,
      outcomes: { [DB]: { outcome: "failed", reason: "no capacity" } },
    });
    await start(at, ["dev"]);
    expect(at.steps.slice(0, 3)).toEqual([
      `dry run ${WEB} ${DB}`,
      `start by ${START}`,
      `${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z/2026-11-23T12:00Z by ops`,
    ]);
    expect(at.text()).toContain("no capacity");
    expect(at.text()).toContain("stops at Mon 2026-11-23 21:01 +09:00");
  });

  it("says which services do not run of what it started", async () => {
    const services = { status: "failed", failing: [{ check: "systemd nginx", found: "failed" }] } as const;
    const at = world({ instances: stopped, outcomes: { [WEB]: { services } } });
    await start(at, [WEB]);
    expect(at.text()).toContain(`\n${WEB}: services failed: systemd nginx: failed\n`);
  });

  it("does not hold what is started later, which would meet the hold", async () => {
    const deferred = { outcome: "deferred", reason: "no capacity; goes on at 09:05Z" } as const;
    const at = world({ instances: stopped, outcomes: { [DB]: deferred } });
    await start(at, ["dev"]);
    expect(at.steps[2]).toBe(`${HOLD_TAG} of ${WEB}: 2026-11-23T08:55Z/2026-11-23T12:00Z by ops`);
    expect(at.text()).toContain("goes on at 09:05Z");
  });

  it("is refused without follow-ups, since nothing would stop it", async () => {
    const at = world({ followUps: false });
    await expect(start(at, [WEB])).rejects.toThrow("Add `followUps: true` to the config and deploy it");
    expect(at.steps).toEqual([]);
  });

  it("names no option for its end that it does not have", async () => {
    await expect(start(world(), [WEB], {})).rejects.toThrow(
      `Expected one end, by --for or --until, got none: ec2-start-stop start ${WEB} --for 3h`,
    );
  });

  it("says what has happened where the hold cannot be written", async () => {
    const at = world({ instances: stopped, refused: "tag" });
    await expect(start(at, [WEB])).rejects.toThrow(`${START} has run for ${WEB} already. AWS refused tag`);
  });

  it("refuses instances that no start schedule has", async () => {
    const at = world();
    await expect(start(at, [QA])).rejects.toThrow("no deployed function may start them");
  });
});

describe("holds", () => {
  const instances = {
    [WEB]: held("2026-11-23T10:00Z by jane"),
    [DB]: held("do not touch"),
    [QA]: { ...held("2026-11-23T13:00Z"), state: "stopped" },
  };

  it("lists who holds what, until when, and what happens then", async () => {
    const at = world({ instances });
    await runHolds(at.options, at.context, at.open);
    const line = (id: string) =>
      at
        .text()
        .split("\n")
        .find((each) => each.includes(id));
    expect(line(WEB)).toMatch(
      /until Mon 2026-11-23 19:00 \+09:00 +jane +stays on: hours-start, until Mon 2026-11-23 20:00/,
    );
    expect(line(DB)).toMatch(/for ever +the tag's value "do not touch" has no end$/);
    expect(line(QA)).toContain("stays off: qa-stop");
  });

  it("fits into 80 columns, whatever the tags say", async () => {
    const values = [
      "2026-11-23T10:59Z/2026-11-24T23:00Z by jane@example.com",
      `2026-11-23T13:00Z by ${"z".repeat(200)}`,
      "y ".repeat(120),
    ];
    const tags = Object.fromEntries([WEB, DB, QA].map((id, index) => [id, held(values[index] ?? "")]));
    const at = world({ instances: tags, columns: 80 });
    await runHolds(at.options, at.context, at.open);
    await runRelease(["dev", "qa"], at.options, at.context, at.open);
    for (const line of at.text().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(at.text().replace(/\s/g, "")).toContain("z".repeat(200));
  });

  it("says until when of a date that no calendar of four digits has", async () => {
    const at = world({ instances: { [WEB]: held("9999-12-31") } });
    await runHolds(at.options, at.context, at.open);
    expect(at.text()).toContain("until Sat +010000-01-01 00:00 +09:00");
  });

  it("lists them where the functions are not deployed", async () => {
    const at = world({ instances, deployed: [] });
    await runHolds({ ...at.options, json: true }, at.context, at.open);
    expect(JSON.parse(at.text()).followUps).toBe(false);
  });

  it("as JSON, with the unreadable value", async () => {
    const at = world({ instances, followUps: false });
    await runHolds({ ...at.options, json: true }, at.context, at.open);
    const { holds, followUps } = JSON.parse(at.text());
    expect(followUps).toBe(false);
    expect(holds).toEqual([
      expect.objectContaining({ instanceId: WEB, by: "jane", afterwards: "nothing: no follow-ups" }),
      expect.objectContaining({ instanceId: DB, until: null, unreadable: "do not touch" }),
      expect.objectContaining({ instanceId: QA, until: "2026-11-23T13:00:00Z" }),
    ]);
  });
});

it.each([
  ["arn:aws:iam::123456789012:user/dev/jane", "jane"],
  ["arn:aws:sts::123456789012:assumed-role/Dev/jane@example.com", "jane@example.com"],
  ["arn:aws:iam::123456789012:user/a*b", "a-b"],
  ["arn:aws:iam::123456789012:root", "root"],
])("%s is named %s in a tag", (arn, name) => {
  expect(authorOf(arn)).toBe(name);
});
