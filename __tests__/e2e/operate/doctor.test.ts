import { DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { PERMISSIONS } from "../../../cli/aws/permissions";
import type { DoctorJson } from "../../../cli/commands/doctor/json";
import {
  type AwsServer,
  awsFault,
  forward,
  type Route,
  startAwsServer,
} from "../../support/aws-server/aws-server";
import { rememberingRoute } from "../../support/aws-server/remembering-route";
import { simulateRoute } from "../../support/aws-server/simulate-route";
import { type Aws, awsAt } from "../../support/moto/aws";
import { type Fleet, makeFleet } from "../../support/moto/fleet";
import { log } from "../../support/moto/log";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { makeStack, type Stack } from "../../support/moto/stack";
import { describeEndToEnd } from "../../support/moto/suite";
import { iamAction } from "../../support/operating/iam-actions";
import { runCli } from "../../support/run-cli";
import { configFor } from "../config";
import { alertFaults } from "./doctor/alert-faults";
import { functionFaults } from "./doctor/function-faults";
import { instanceFaults } from "./doctor/instance-faults";
import { roleFaults } from "./doctor/role-faults";
import { ruleFaults } from "./doctor/rule-faults";

type Check = DoctorJson["checks"][number];

// A terminated instance stays so: that comes last.
const FAULTS = [...ruleFaults, ...functionFaults, ...roleFaults, ...alertFaults, ...instanceFaults];

describeEndToEnd("`doctor`, on the shipped stack with rules and alerts", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let server: AwsServer;
  let stack: Stack;
  let aws: Aws;
  let fleet: Fleet;
  let isConfirmed = true;
  let refused: string | undefined;
  /** As it is when nothing is broken. */
  let sane: ReadonlyMap<string, Check>;

  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    const { endpoint } = simulator;
    aws = awsAt(endpoint);
    // Before an address has confirmed, SNS tells no ARN; in moto all confirm at once.
    const unconfirmed: Route = async (call) => {
      if (isConfirmed || call.service !== "sns") return undefined;
      const { body, ...answer } = await forward(call, endpoint);
      const pending = "<SubscriptionArn>PendingConfirmation</SubscriptionArn>";
      return { ...answer, body: body.replaceAll(/<SubscriptionArn>.*?<\/SubscriptionArn>/g, pending) };
    };
    const refusing: Route = (call) =>
      refused !== undefined && iamAction(call) === refused
        ? awsFault("AccessDeniedException", `not authorized to perform: ${refused}`)
        : undefined;
    server = await startAwsServer(
      [refusing, rememberingRoute(endpoint), simulateRoute(endpoint), unconfirmed],
      endpoint,
    );
    fleet = await makeFleet(aws);
    const config = configFor({ trigger: "event-rule", code: "zip", alerts: true }, fleet);
    stack = await makeStack(tools, server.endpoint, config);
    await stack.deploy();
    sane = (await examine()).checks;
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.stop();
  });

  const confirm = (confirmed: boolean) => {
    isConfirmed = confirmed;
  };
  const refuse = (action: string | undefined) => {
    refused = action;
  };
  const doctor = (...args: readonly string[]) =>
    runCli(["doctor", ...args], { ...stack.environment, COLUMNS: "80" });
  const examine = async () => {
    const { code, stdout } = await doctor("--json");
    const { checks }: DoctorJson = JSON.parse(stdout);
    return { code, checks: new Map(checks.map((check) => [`${check.subject}: ${check.check}`, check])) };
  };

  it("finds nothing wrong, and only reads", async () => {
    const before = server.calls.length;
    const { stdout, code } = await doctor();
    log(stdout);
    expect(code).toBe(0);
    expect(stdout).toContain("All is as it should be: 0 wrong, 0 unknown (?)");
    // What has no space, such as the path of the config, stays whole.
    expect(stdout.split("\n").filter((line) => line.length > 80 && line.trim().includes(" "))).toEqual([]);

    const called = new Set(server.calls.slice(before).map(iamAction));
    expect([...called].filter((action) => !/^\w+:(Get|List|Describe|Simulate)[A-Z]/.test(action))).toEqual(
      [],
    );
    const uncalled = PERMISSIONS.doctor.filter((permission) => !called.delete(permission));
    expect([...called]).toEqual([]);
    // Others are for Scheduler, for spot instances, for customers' keys and for a test alert.
    expect(uncalled).toEqual([
      "scheduler:GetScheduleGroup",
      "scheduler:ListSchedules",
      "scheduler:GetSchedule",
      "ec2:DescribeSpotInstanceRequests",
      "kms:DescribeKey",
      "cloudwatch:SetAlarmState",
    ]);
  });

  describe("--send-test-alert", () => {
    const alarmOf = async () => {
      const AlarmNames = ["e2e.dead-letters"];
      const { MetricAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
      return MetricAlarms[0];
    };
    const testAlert = (...args: readonly string[]) => doctor("--send-test-alert", ...args);

    it("is refused in a line without the permission, and changes nothing", async () => {
      refuse("cloudwatch:SetAlarmState");
      const { code, stderr } = await testAlert("--json");
      refuse(undefined);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^AWS refused: these credentials need the permission cloudwatch:SetAlarmState \(.*\)\n$/,
      );
      expect((await alarmOf())?.StateValue).not.toBe("ALARM");
    });

    it("sends nothing where no address has confirmed", async () => {
      confirm(false);
      const { code, stderr } = await testAlert();
      confirm(true);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          /^Expected a confirmed subscription to .*, got email on-call@example\.com/,
        ),
      });
      expect((await alarmOf())?.StateValue).not.toBe("ALARM");
    });

    it("raises the alarm on dead letters with a reason that says that it is a test, and no other call", async () => {
      const before = server.calls.length;
      const { code, stdout, stderr } = await testAlert();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("  email on-call@example.com\n");
      expect(await alarmOf()).toMatchObject({
        StateValue: "ALARM",
        StateReason: expect.stringMatching(/^A test by ec2-start-stop doctor --send-test-alert/),
      });
      expect([...new Set(server.calls.slice(before).map(iamAction))].slice(0, 4)).toEqual([
        "sts:GetCallerIdentity",
        "cloudwatch:DescribeAlarms",
        "sns:ListSubscriptionsByTopic",
        "cloudwatch:SetAlarmState",
      ]);
    });

    it("is refused while the alarm is in ALARM, since nothing would be sent", async () => {
      const { code, stderr } = await testAlert();
      expect(code).toBe(1);
      expect(stderr).toMatch(/^The alarm e2e\.dead-letters is in ALARM already/);
      const back = { AlarmName: "e2e.dead-letters", StateValue: "OK", StateReason: "evaluated" } as const;
      await aws.cloudwatch.send(new SetAlarmStateCommand(back));
    });
  });

  it.each(FAULTS)("tells of $what, and of nothing else", async ({ breakIt, told }) => {
    const undo = await breakIt({ aws, fleet, confirm, refuse });
    const { code, checks } = await examine();
    for (const [name, { fix, ...rest }] of Object.entries(told)) {
      expect(checks.get(name)).toMatchObject(rest);
      expect(checks.get(name)?.fix).toEqual(fix);
    }
    const changed = [...checks].filter(([name, { result }]) => sane.get(name)?.result !== result);
    expect(changed.map(([name]) => name)).toEqual(Object.keys(told));
    expect(code).toBe(Object.values(told).every(({ result }) => result === "note") ? 0 : 1);
    // Where this leaves anything, the next fault is not alone; the last one, a terminated instance, stays.
    await undo?.();
  });
});
