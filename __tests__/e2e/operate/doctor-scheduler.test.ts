import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { PERMISSIONS } from "../../../cli/aws/permissions";
import type { DoctorJson } from "../../../cli/commands/doctor/json";
import type { Route } from "../../support/aws-server/aws-server";
import { rememberingRoute } from "../../support/aws-server/remembering-route";
import { REGION } from "../../support/moto/aws";
import { describeEndToEnd } from "../../support/moto/suite";
import { type Deployed, launch, operateOn } from "../../support/operating/deployed";
import { iamAction } from "../../support/operating/iam-actions";

const FUNCTIONS = ["dev-StopEC2Instances", "dev-StartEC2Instances"];

describeEndToEnd("`doctor`, on schedules of EventBridge Scheduler", {}, (tools) => {
  jest.setTimeout(120_000);
  let deployed: Deployed;

  beforeAll(async () => {
    const routes: Route[] = [];
    deployed = await operateOn(tools, {
      routes: [async (call) => await routes[0]?.(call)],
      config: async (aws) => {
        const logging = (name: string) => ({
          LoggingConfig: { LogFormat: "JSON", LogGroup: `/aws/lambda/${name}` },
        });
        routes.push(rememberingRoute(aws.endpoint, new Map(FUNCTIONS.map((name) => [name, logging(name)]))));
        return {
          name: "dev",
          region: REGION,
          timezone: "Asia/Seoul",
          trigger: "scheduler",
          code: "zip",
          targets: { dev: { instanceIds: await launch(aws, { count: 2 }) } },
          schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
          alerts: { email: "ops@example.com" },
        };
      },
    });
  });
  afterAll(() => deployed?.close());

  const checks = async () => {
    const { stdout } = await deployed.cli(["doctor", "--json"]);
    const { checks: all }: DoctorJson = JSON.parse(stdout);
    return new Map(all.map((check) => [`${check.subject}: ${check.check}`, check]));
  };
  const read = () =>
    deployed.aws.scheduler.send(new GetScheduleCommand({ GroupName: "dev", Name: "office-stop" }));
  const update = (schedule: GetScheduleCommandOutput) => {
    const { $metadata: _, Arn: __, CreationDate: ___, LastModificationDate: ____, ...settings } = schedule;
    return deployed.aws.scheduler.send(
      new UpdateScheduleCommand(settings as ConstructorParameters<typeof UpdateScheduleCommand>[0]),
    );
  };

  it("finds nothing wrong, and only reads", async () => {
    const before = deployed.server.calls.length;
    const { code, stdout } = await deployed.cli(["doctor"]);
    expect({ code, wrong: stdout.split("\n").filter((line) => /WRONG|^ {2}\?/.test(line)) }).toEqual({
      code: 0,
      wrong: [],
    });
    const called = new Set(deployed.server.calls.slice(before).map(iamAction));
    expect(
      [...called].filter((action) => !(PERMISSIONS.doctor as readonly string[]).includes(action)),
    ).toEqual([]);
    expect([...called]).toEqual(
      expect.arrayContaining([
        "scheduler:GetScheduleGroup",
        "scheduler:ListSchedules",
        "scheduler:GetSchedule",
        "cloudwatch:DescribeAlarms",
        "sns:ListSubscriptionsByTopic",
      ]),
    );
  });

  it("tells of a schedule that was changed by hand, and of nothing else", async () => {
    const good = await read();
    await update({
      ...good,
      State: "DISABLED",
      ScheduleExpressionTimezone: "UTC",
      Target: { ...good.Target, Arn: good.Target?.Arn, RoleArn: good.Target?.RoleArn, Input: "{}" },
    });
    const all = await checks();
    expect([...all].filter(([, { result }]) => result === "wrong").map(([name]) => name)).toEqual([
      "Schedules: office-stop",
    ]);
    expect(all.get("Schedules: office-stop")?.differences).toMatchObject([
      { name: "zone", got: "UTC", expected: "Asia/Seoul" },
      { name: "state", got: "DISABLED", expected: "ENABLED" },
      { name: "input.schedule", got: "nothing", expected: "office-stop" },
      { name: "input.action", got: "nothing", expected: "stop" },
      { name: "input.scheduledTime" },
      { name: "input.targets" },
      { name: "input.timezone" },
      { name: "1 more" },
    ]);
    await update(good);
  });

  it("tells of a schedule that is gone, and of one that is left over", async () => {
    const good = await read();
    await deployed.aws.scheduler.send(new DeleteScheduleCommand({ GroupName: "dev", Name: "office-stop" }));
    const { $metadata: _, Arn: __, CreationDate: ___, LastModificationDate: ____, ...settings } = good;
    await deployed.aws.scheduler.send(
      new CreateScheduleCommand({ ...settings, Name: "old" } as ConstructorParameters<
        typeof CreateScheduleCommand
      >[0]),
    );
    const all = await checks();
    expect([...all.values()].filter(({ result }) => result === "wrong")).toMatchObject([
      {
        check: "office-stop",
        text: "there is no such schedule in the group dev",
        fix: expect.stringMatching(/ terraform -chdir=cdktf\.out\/stacks\/dev apply$/),
      },
      {
        check: "leftovers",
        text: "old: not in the config",
        fix: `aws scheduler delete-schedule --group-name dev --name old --region ${REGION}`,
      },
    ]);
  });
});
