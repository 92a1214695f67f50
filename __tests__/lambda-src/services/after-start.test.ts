import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ServiceChecks } from "../../../contract/request";
import type { InstanceSpec } from "../../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, instanceId, NOW, REGION } from "../../support/ec2/run-function";
import type { SsmSpec } from "../../support/ec2/ssm";
import { scriptArguments } from "../../support/ec2/ssm-script";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const CHECKS: ServiceChecks = { systemd: ["nginx"], tcp: [5432], command: "curl -fs 'http://localhost/'" };
const WELL: SsmSpec = { onlineAfterMs: 5_000, units: { nginx: "active" }, ports: [5432] };
const start = (fleet: readonly InstanceSpec[], more: object = {}) => ({
  schedule: "dev-start",
  action: "start",
  targets: [{ region: REGION, instanceIds: idsOf(fleet), checks: CHECKS }],
  ...more,
});
const stopped = (ssm?: SsmSpec, count = 1, from = 1) =>
  fleetOf(count, { state: "stopped", ...(ssm ? { ssm } : {}) }, from);
const running = (ssm?: SsmSpec, count = 1, from = 1) => fleetOf(count, ssm ? { ssm } : {}, from);
const ssmCalls = () =>
  bench.ec2.calls.map(({ action }) => action).filter((action) => !action.endsWith("Instances"));

describe("after a start", () => {
  it("runs the checks on every instance, and reports that they passed", async () => {
    const fleet = stopped(WELL, 3);
    const { report, error } = await bench.run(start(fleet), fleet);
    expect(error).toBeUndefined();
    expect(report).toMatchObject({
      status: "ok",
      counts: { done: 3 },
      services: { passed: 3, failed: 0, unchecked: 0, pending: 0 },
      ServicesFailed: 0,
      ServicesUnchecked: 0,
      ServicesPending: 0,
    });
    expect(report.instances.map(({ services }) => services)).toEqual(Array(3).fill({ status: "passed" }));
    expect(bench.ec2.ssm.commands).toHaveLength(1);
  });

  it("checks an instance as soon as it runs, while others still start", async () => {
    const fleet = [...stopped(WELL), ...fleetOf(1, { state: "stopped", startMs: 200_000, ssm: WELL }, 2)];
    const { report } = await bench.run(start(fleet), fleet);
    expect(report.counts).toMatchObject({ done: 1, unconfirmed: 1, deferred: 0 });
    expect(report.services).toMatchObject({ passed: 1 });
    expect(bench.ec2.ssm.commands[0]?.sentAt).toBeLessThan(NOW + 25_000);
  });

  it("checks those that ran before, too", async () => {
    const fleet = running(WELL, 2);
    const { report, milliseconds } = await bench.run(start(fleet), fleet);
    expect(report).toMatchObject({ counts: { already: 2 }, services: { passed: 2 } });
    expect(milliseconds).toBeLessThan(3_000);
  });

  it("logs what it runs inside which instance, without a command's text", async () => {
    const fleet = running(WELL, 2);
    const { lines } = await bench.run(start(fleet), fleet);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      message: "Service checks",
      checks: ["systemd nginx", "tcp 5432", expect.stringMatching(/^command sha256:[0-9a-f]{8}$/)],
      instanceIds: idsOf(fleet),
      region: REGION,
      schedule: "dev-start",
      requestId: "request-1",
    });
  });

  it("passes the values as arguments, names the schedule in the comment, and limits the time", async () => {
    const fleet = running(WELL);
    await bench.run(start(fleet), fleet);
    const { Parameters, Comment, TimeoutSeconds } = bench.ec2.ssm.commands[0]?.input ?? {};
    expect(Comment).toBe("ec2-start-stop: checks of dev-start");
    expect(TimeoutSeconds).toBe(30);
    expect(Parameters?.executionTimeout).toEqual(["30"]);
    expect(scriptArguments(Parameters?.commands.join("\n") ?? "")).toEqual([
      "systemd",
      "nginx",
      "tcp",
      "5432",
      "command",
      "curl -fs 'http://localhost/'",
    ]);
  });

  it("runs the checks of all targets of an instance, each once", async () => {
    const fleet = fleetOf(3, { tags: { Role: "db" }, ssm: WELL });
    const targets = [
      { region: REGION, instanceIds: idsOf(fleet).slice(0, 2), checks: { systemd: ["nginx"], tcp: [80] } },
      { region: REGION, tags: { Role: ["db"] }, checks: { tcp: [5432, 80] } },
      { region: REGION, instanceIds: idsOf(fleet), exclude: { Role: ["db"] }, checks: { tcp: [1] } },
    ];
    await bench.run(start(fleet, { targets }), fleet);
    const asked = bench.ec2.ssm.commands.map(({ input }) => [
      input.InstanceIds?.length,
      scriptArguments(input.Parameters?.commands.join("\n") ?? "").join(" "),
    ]);
    expect(asked).toEqual([
      [2, "systemd nginx tcp 80 tcp 5432"],
      [1, "tcp 5432 tcp 80"],
    ]);
  });

  it("never checks instances that are held, excluded, stopped, or failed to start", async () => {
    const fallsBack = { code: "Server.InternalError", message: "Server.InternalError: no" };
    const fleet = [
      ...fleetOf(1, { ssm: WELL, tags: { "ec2-start-stop:hold": "" } }, 1),
      ...fleetOf(1, { ssm: WELL, tags: { Keep: "out" } }, 2),
      ...fleetOf(1, { ssm: WELL, state: "stopped", fallsBack }, 3),
      ...fleetOf(1, { ssm: WELL, state: "terminated" }, 4),
    ];
    const targets = [{ ...start(fleet).targets[0], exclude: { Keep: ["out"] } }];
    const { report } = await bench.run(start(fleet, { targets }), fleet);
    expect(ssmCalls()).toEqual([]);
    expect(report.services).toEqual({ passed: 0, failed: 0, unchecked: 0, pending: 0 });
  });

  it.each<[string, object]>([
    ["a dry run", { dryRun: true }],
    ["a stop", { action: "stop" }],
    ["a request without checks", { targets: [{ region: REGION, instanceIds: [instanceId(1)] }] }],
  ])("makes no call of SSM in %s", async (_name, more) => {
    const fleet = running(WELL);
    const { report } = await bench.run(start(fleet, more), fleet);
    expect(ssmCalls()).toEqual([]);
    expect(report.instances[0]?.services).toBeUndefined();
  });
});

describe("services that do not run", () => {
  const ill: SsmSpec = {
    units: { nginx: "failed" },
    ports: [],
    commands: { [CHECKS.command ?? ""]: [7, "curl: (7) Failed to connect"] },
  };

  it("fail the run after the grace period, and are named in its error", async () => {
    const fleet = [...running(ill), ...running(WELL, 1, 2)];
    const { report, error } = await bench.run(start(fleet), fleet);
    expect(report).toMatchObject({
      status: "failed",
      counts: { already: 2, failed: 0 },
      services: { passed: 1, failed: 1 },
      ServicesFailed: 1,
      ServicesPending: 0,
    });
    expect(report.instances[0]).toMatchObject({
      instanceId: instanceId(1),
      outcome: "already",
      services: {
        status: "failed",
        failing: [
          { check: "systemd nginx", found: "failed" },
          { check: "tcp 5432", found: "nothing listens" },
          { check: "command", found: "exit code 7: curl: (7) Failed to connect" },
        ],
      },
    });
    expect(error?.message).toBe(
      "Schedule dev-start, start: 0 failed, 0 unconfirmed, 0 done, 2 already, 0 skipped; " +
        "services: 1 failed, 0 unchecked, 0 pending, 1 passed. " +
        `${instanceId(1)} (${REGION}): systemd nginx failed, tcp 5432 nothing listens, ` +
        "command exit code 7: curl: (7) Failed to connect",
    );
  });

  it("are pending in the grace period, and fail Lambda's last retry", async () => {
    const fleet = stopped(ill);
    const runs = await bench.runAsLambda(start(fleet), fleet);
    expect(runs.map(({ report }) => report.instances[0]?.services?.status)).toEqual([
      "pending",
      "pending",
      "failed",
    ]);
    expect(runs.map(({ report }) => [report.ServicesPending, report.ServicesFailed])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(runs[0]?.error?.message).toContain(`${instanceId(1)} (${REGION}) pending: systemd nginx failed`);
    expect(bench.ec2.count("StartInstances")).toBe(1);
  });

  it("that come up late are found by the retry", async () => {
    const fleet = stopped({ ...WELL, units: { nginx: 40_000 } });
    const runs = await bench.runAsLambda(start(fleet), fleet);
    expect(runs.map(({ report }) => report.services)).toMatchObject([{ pending: 1 }, { passed: 1 }]);
    expect(runs.map(({ error }) => error?.name)).toEqual(["StartStopError", undefined]);
  });

  it("do not make a run pending in which another instance failed to start", async () => {
    const fleet = [...stopped(ill), ...fleetOf(1, { state: "stopped", noCapacity: true }, 2)];
    const { report } = await bench.run(start(fleet), fleet);
    expect(report).toMatchObject({ services: { pending: 1 }, counts: { failed: 1 }, ServicesPending: 0 });
  });

  it.each([400, 3000])("of %d instances fit one log event and one notification", async (count) => {
    const units = Array.from({ length: 60 }, (_, index) => `a-unit-with-a-rather-long-name-${index}`);
    const fleet = running({}, count);
    const targets = [{ region: REGION, instanceIds: idsOf(fleet), checks: { systemd: units } }];
    const { report, error, lines } = await bench.run(start(fleet, { targets }), fleet, {
      remainingMs: 300_000,
    });
    expect(Buffer.byteLength(lines.at(-1) ?? "")).toBeLessThan(256 * 1024 - 26);
    expect(report.services?.failed).toBe(count);
    expect(report.ServicesFailed).toBe(count);
    expect(report.instances[0]?.services?.failing).toHaveLength(21);
    expect(report.instances[0]?.services?.failing?.at(-1)).toEqual({ check: "40 more", found: "not listed" });
    expect(error?.message).toMatch(new RegExp(`; and ${count - 5} more$`));
    expect(error?.message.length).toBeLessThan(2000);
  });
});

describe("agents", () => {
  it.each([
    ["that come online within seconds are waited for", 12_000, ["passed"]],
    ["that take a minute are left to the first retry", 60_000, ["pending", "passed"]],
    ["that take two minutes are left to the second", 140_000, ["pending", "pending", "passed"]],
    ["that never come leave the instance unchecked", 9_000_000, ["pending", "pending", "unchecked"]],
  ])("%s", async (_name, onlineAfterMs, expected) => {
    const fleet = stopped({ ...WELL, onlineAfterMs });
    const runs = await bench.runAsLambda(start(fleet), fleet);
    expect(runs.map(({ report }) => report.instances[0]?.services?.status)).toEqual(expected);
    for (const { milliseconds } of runs) expect(milliseconds).toBeLessThan(40_000);
  });

  it("that do not exist leave the instance unchecked, which is an error, since it may hang in its boot", async () => {
    const fleet = stopped();
    const runs = await bench.runAsLambda(start(fleet), fleet);
    expect(runs).toHaveLength(3);
    expect(runs[0]?.report.ServicesPending).toBe(1);
    expect(runs[2]?.error).toBeDefined();
    expect(runs[2]?.report).toMatchObject({ status: "failed", ServicesUnchecked: 1, ServicesPending: 0 });
    expect(runs[2]?.report.instances[0]?.services).toEqual({
      status: "unchecked",
      reason: "it is not managed by SSM: its agent has not registered",
    });
  });

  it.each(["Windows", "MacOS"] as const)(
    "of %s leave the instance unchecked at once, since checks need Linux",
    async (platform) => {
      const fleet = stopped({ ...WELL, platform });
      const { report, error } = await bench.run(start(fleet), fleet);
      expect(error).toBeDefined();
      expect(report.instances[0]?.services).toEqual({
        status: "unchecked",
        reason: `its platform is ${platform}, and checks need Linux`,
      });
    },
  );

  it.each<[string, SsmSpec, RegExp]>([
    ["never fetch the command", { ...WELL, deaf: true }, /command ended with Delivery Timed Out/],
    ["go offline before they are sent it", { ...WELL, leaves: true }, /InvalidInstanceId/],
    ["run a script that hangs", { ...WELL, scriptMs: 500_000 }, /command ended with Execution Timed Out/],
  ])("that %s leave an old instance unchecked and a young one pending", async (_name, ssm, reason) => {
    const fleet = [...running(ssm), ...stopped(ssm, 1, 2), ...running(WELL, 1, 3)];
    const { report } = await bench.run(start(fleet), fleet);
    const statuses = Object.fromEntries(report.instances.map((one) => [one.instanceId, one.services]));
    expect(statuses[instanceId(1)]).toEqual({ status: "unchecked", reason: expect.stringMatching(reason) });
    expect(statuses[instanceId(2)]?.status).toBe("pending");
    expect(statuses[instanceId(3)]).toEqual({ status: "passed" });
  });

  it.each([true, false])(
    "that went offline do not keep other instances from being checked (named by SSM: %s)",
    async (named) => {
      const fleet = [...running(WELL, 60), ...running({ ...WELL, leaves: true }, 3, 100)];
      const run = bench.run(start(fleet), fleet);
      bench.ec2.ssm.namesRejected = named;
      const { report } = await run;
      expect(report.services).toEqual({ passed: 60, failed: 0, unchecked: 3, pending: 0 });
      expect(bench.ec2.count("SendCommand")).toBeLessThan(named ? 6 : 25);
    },
  );

  it("that are too slow for the run's time are pending or unchecked, and the run ends in time", async () => {
    const ssm = { ...WELL, scriptMs: 25_000 };
    const fleet = [...running(ssm), ...stopped(ssm, 1, 2)];
    const { report, milliseconds } = await bench.run(start(fleet), fleet, { remainingMs: 20_000 });
    expect(milliseconds).toBeLessThan(20_000);
    expect(report.counts).toMatchObject({ already: 1, done: 1 });
    expect(report.instances.map(({ services }) => services)).toEqual([
      { status: "pending", reason: expect.stringMatching(/^no answer within \d+ s$/) },
      { status: "unchecked", reason: expect.stringMatching(/^no answer within 1\d s$/) },
    ]);
  });
});

describe("few calls", () => {
  it("check 1,000 healthy instances: 20 to find agents, 20 commands, few polls of each", async () => {
    const fleet = running({ ...WELL, scriptMs: 2_000 }, 1000);
    const { report } = await bench.run(start(fleet), fleet);
    expect(report.services).toEqual({ passed: 1000, failed: 0, unchecked: 0, pending: 0 });
    expect(bench.ec2.count("DescribeInstanceInformation")).toBe(20);
    expect(bench.ec2.count("SendCommand")).toBe(20);
    expect(bench.ec2.count("ListCommandInvocations")).toBeLessThanOrEqual(60);
  });
});

describe("only checking", () => {
  const checkOnly = (fleet: readonly InstanceSpec[], more: object = {}) =>
    start(fleet, { checkOnly: true, ...more });

  it("starts nothing, and checks what runs, held or not", async () => {
    const fleet = [
      ...stopped(WELL),
      ...fleetOf(1, { ssm: WELL, tags: { "ec2-start-stop:hold": "" } }, 2),
      ...fleetOf(1, { ssm: WELL, tags: { "aws:autoscaling:groupName": "web" } }, 3),
      ...fleetOf(1, { ssm: WELL, state: "stopping" }, 4),
    ];
    const { report, error } = await bench.run(checkOnly(fleet), fleet);
    expect(error).toBeUndefined();
    expect(bench.ec2.count("StartInstances")).toBe(0);
    expect(bench.ec2.instances.map(({ changes }) => changes)).toEqual([0, 0, 0, 0]);
    const instances = new Map(report.instances.map((one) => [one.instanceId, one]));
    expect(instances.get(instanceId(1))).toMatchObject({
      outcome: "skipped",
      reason: "not running: stopped",
    });
    expect(instances.get(instanceId(2))).toMatchObject({
      outcome: "already",
      services: { status: "passed" },
    });
    expect(instances.get(instanceId(3))).toMatchObject({
      outcome: "already",
      services: { status: "passed" },
    });
    expect(instances.get(instanceId(4))).toMatchObject({
      outcome: "skipped",
      reason: "not running: stopping",
    });
  });

  it("gives a final result, in the grace period too, without waiting for agents", async () => {
    const fleet = [
      ...fleetOf(1, { state: "pending", startMs: 1_000, ssm: { units: {} } }, 1),
      ...fleetOf(1, { state: "pending", startMs: 1_000, ssm: { ...WELL, onlineAfterMs: 60_000 } }, 2),
    ];
    await bench.run(checkOnly(fleet), fleet);
    await bench.clock.sleep(2_000);
    const { report, milliseconds } = await bench.again(checkOnly(fleet));
    expect(report.instances.map(({ services }) => services?.status)).toEqual(["failed", "unchecked"]);
    expect(milliseconds).toBeLessThan(4_000);
    expect(report.ServicesPending).toBe(0);
  });

  it("runs on a holiday and however late", async () => {
    const fleet = running(WELL);
    const late = { holidays: ["2026-11-23"], scheduledTime: "2026-11-23T05:00:00Z" };
    const { report } = await bench.run(checkOnly(fleet, late), fleet);
    expect(report.services).toMatchObject({ passed: 1 });
  });

  it("is only for the action start", async () => {
    const fleet = running(WELL);
    const { report } = await bench.run(checkOnly(fleet, { action: "stop" }), fleet);
    expect(report).toMatchObject({
      status: "refused",
      reason: expect.stringContaining("Expected `checkOnly` to come with the action start, got stop"),
    });
  });
});
