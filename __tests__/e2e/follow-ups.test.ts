import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand } from "@aws-sdk/client-ec2";
import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, beforeEach, expect, it, jest } from "@jest/globals";
import { HOLD_TAG } from "../../contract/limits";
import type { RunReport } from "../../contract/report";
import { type Aws, OTHER_REGION, REGION } from "../support/moto/aws";
import { type Chain, deployChain } from "../support/moto/chain";
import { readTriggers } from "../support/moto/deployed-trigger";
import { readStates } from "../support/moto/fleet";
import { mayInvoke } from "../support/moto/invoke-permission";
import type { Invocation } from "../support/moto/lambda-runtime";
import { leftovers } from "../support/moto/leftovers";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { removeAction } from "../support/moto/role-policy";
import { describeEndToEnd } from "../support/moto/suite";
import { expectSuccess } from "./chain";
import { type ChainOptions, configFor, WEEK } from "./config";

const GROUP = "e2e-followups";

/** Monday's stop of the instances by id: 20:00 in Seoul. Their start is at 08:00, which is 23:00Z. */
const STOP = "2026-11-23T11:00:00Z";

describeFollowUps({ trigger: "event-rule", code: "zip" });
describeFollowUps({ trigger: "scheduler", code: "zip", alerts: true });

/** Follow-ups of held instances, as the deployed functions write them under their own role, and as they wake. */
function describeFollowUps(options: ChainOptions): void {
  const title = `follow-ups with trigger: ${options.trigger}${options.alerts ? " and alerts" : ""}`;
  describeEndToEnd(title, {}, (tools) => {
    jest.setTimeout(300_000);
    let chain: Chain;
    beforeAll(async () => {
      chain = await deployChain(tools, (fleet) => ({ ...configFor(options, fleet), followUps: true }));
    });
    beforeEach(async () => {
      const { aws, deployment } = chain;
      for (const { Name } of await followUpsIn(aws))
        await aws.scheduler.send(new DeleteScheduleCommand({ GroupName: GROUP, Name }));
      for (const region of [REGION, OTHER_REGION]) await release(aws, region);
      expectSuccess([await deployment.start.invoke({}, new Date(STOP))]);
    });
    afterAll(() => chain?.close());

    /** Delivers one firing of a stop schedule, as the deployed trigger does. */
    const fireStop = async (schedule: string): Promise<Invocation> => {
      const { deployment, fire, underEnforcedIam } = chain;
      const triggers = deployment.stop.triggers.filter(({ name }) => name.endsWith(schedule));
      expect(triggers).toHaveLength(1);
      const [invocation] = await underEnforcedIam(() => fire({ ...deployment.stop, triggers }, WEEK));
      return invocation as Invocation;
    };
    /** Delivers a follow-up when it is due, as EventBridge Scheduler does, which deletes it then. */
    const wake = async ({
      Name,
      ScheduleExpression,
      Target,
    }: GetScheduleCommandOutput): Promise<RunReport> => {
      const [, due] = /^at\((.*)\)$/.exec(ScheduleExpression ?? "") ?? [];
      const event: unknown = JSON.parse(Target?.Input ?? "");
      const { aws, deployment, underEnforcedIam } = chain;
      const invocation = await underEnforcedIam(() => deployment.stop.invoke(event, new Date(`${due}Z`)));
      await aws.scheduler.send(new DeleteScheduleCommand({ GroupName: GROUP, Name }));
      return reportOf(invocation);
    };
    /** The only follow-up that there is. */
    const onlyFollowUp = async (): Promise<GetScheduleCommandOutput> => {
      const all = await followUpsIn(chain.aws);
      expect(all).toHaveLength(1);
      return all[0] as GetScheduleCommandOutput;
    };
    const stateOf = async (id: string) => (await readStates(chain.aws))[id];

    it("leaves a held instance alone, and writes when it will be looked at again", async () => {
      const { aws, deployment, fleet } = chain;
      const [held = "", ...others] = fleet.byId;
      const value = "2026-11-23T11:10Z by test";
      await hold(aws, REGION, held, value);
      const report = reportOf(await fireStop("id-stop"));

      const states = await readStates(aws);
      expect(states[held]).toBe("running");
      expect(others.map((id) => states[id])).toEqual(others.map(() => "stopped"));
      expect(await holdOf(aws, REGION, held)).toBe(value);

      const followUp = await onlyFollowUp();
      const { Arn, RoleArn, Input, DeadLetterConfig } = followUp.Target ?? {};
      expect(followUp).toMatchObject({
        GroupName: GROUP,
        ScheduleExpression: "at(2026-11-23T11:11:00)",
        ScheduleExpressionTimezone: "UTC",
        ActionAfterCompletion: "DELETE",
        FlexibleTimeWindow: { Mode: "OFF" },
        State: "ENABLED",
      });
      expect(Arn).toBe(deployment.stop.deployed.arn);
      expect(RoleArn).toMatch(/:role\/e2e-scheduler-ap-northeast-2$/);
      expect(DeadLetterConfig?.Arn?.split(":")[2]).toBe(options.alerts ? "sqs" : undefined);
      expect(JSON.parse(Input ?? "")).toMatchObject({
        schedule: "id-stop",
        action: "stop",
        targets: [{ region: REGION, instanceIds: [held] }],
        timezone: "Asia/Seoul",
        followUp: { kind: "hold", attempt: 1, cause: report.requestId },
      });

      expect(report).toMatchObject({ status: "ok", counts: { done: others.length, skipped: 1, failed: 0 } });
      expect(report.followUps).toEqual([
        { kind: "hold", region: REGION, at: "2026-11-23T11:11:00.000Z", instances: 1, name: followUp.Name },
      ]);
      expect(report.instances.find(({ instanceId }) => instanceId === held)).toMatchObject({
        outcome: "skipped",
        reason: `held by tag ${HOLD_TAG.default} until 2026-11-23T11:10:00.000Z; looked at again at 2026-11-23T11:11Z`,
      });
    });

    it("lets the follow-up invoke the function", async () => {
      const { aws, fleet } = chain;
      await hold(aws, REGION, fleet.byId[0], "2026-11-23T11:10Z by test");
      expectSuccess([await fireStop("id-stop")]);
      const { Name } = await onlyFollowUp();
      const [trigger] = (await readTriggers(aws)).filter(({ name }) => name === Name);
      expect(trigger && (await mayInvoke(aws, trigger))).toBe(true);
    });

    it("finds its follow-up already there when a stop is delivered twice", async () => {
      const { aws, fleet } = chain;
      await hold(aws, REGION, fleet.byId[0], "2026-11-23T11:10Z by test");
      const first = reportOf(await fireStop("id-stop"));
      const second = reportOf(await fireStop("id-stop"));
      expect(second.requestId).not.toBe(first.requestId);
      expect(second.followUps).toEqual(first.followUps);
      expect(second).toMatchObject({ status: "ok", counts: { skipped: 1, failed: 0 } });
      const { Name, Target } = await onlyFollowUp();
      expect(Name).toBe(first.followUps?.[0]?.name);
      expect(JSON.parse(Target?.Input ?? "").followUp.cause).toBe(first.requestId);
    });

    it("stops the instance once its hold has ended, since the schedules say so", async () => {
      const { aws, fleet } = chain;
      const [held = ""] = fleet.byId;
      await hold(aws, REGION, held, "2026-11-23T11:10Z by test");
      expectSuccess([await fireStop("id-stop")]);
      const report = await wake(await onlyFollowUp());
      expect(report).toMatchObject({ status: "ok", counts: { done: 1, skipped: 0 } });
      expect(report.instances.map(({ instanceId }) => instanceId)).toEqual([held]);
      expect(await stateOf(held)).toBe("stopped");
      expect(await followUpsIn(aws)).toEqual([]);
    });

    it("waits again where the hold was prolonged meanwhile", async () => {
      const { aws, fleet } = chain;
      const [held = ""] = fleet.byId;
      await hold(aws, REGION, held, "2026-11-23T11:10Z by test");
      expectSuccess([await fireStop("id-stop")]);
      await hold(aws, REGION, held, "2026-11-23T12:30Z by test");
      expect((await wake(await onlyFollowUp())).counts).toMatchObject({ done: 0, skipped: 1, failed: 0 });
      expect(await stateOf(held)).toBe("running");
      const next = await onlyFollowUp();
      expect(next.ScheduleExpression).toBe("at(2026-11-23T12:31:00)");
      expect(JSON.parse(next.Target?.Input ?? "").followUp.attempt).toBe(2);
      expect((await wake(next)).counts).toMatchObject({ done: 1 });
      expect(await stateOf(held)).toBe("stopped");
    });

    it("leaves an instance running whose hold ends after its next start", async () => {
      const { aws, fleet } = chain;
      const [held = ""] = fleet.byId;
      await hold(aws, REGION, held, "2026-11-23T23:30Z by test");
      expectSuccess([await fireStop("id-stop")]);
      const report = await wake(await onlyFollowUp());
      expect(report.instances).toMatchObject([
        {
          instanceId: held,
          outcome: "skipped",
          reason: "the schedules say running since 2026-11-23T23:00:00.000Z",
        },
      ]);
      expect(await stateOf(held)).toBe("running");
    });

    it("writes one for each region of instances by tags, which reaches just those", async () => {
      const { aws, fleet } = chain;
      const [here = ""] = fleet.byTag;
      const there = fleet.byTag.at(-1) ?? "";
      await hold(aws, REGION, here, "2026-11-23T09:30Z");
      await hold(aws, OTHER_REGION, there, "2026-11-23T09:30Z");
      const report = reportOf(await fireStop("tag-hours-stop"));
      expect(report.followUps?.map(({ region }) => region).sort()).toEqual([REGION, OTHER_REGION].sort());

      const followUps = await followUpsIn(aws);
      const inputs = followUps.map(({ Target }) => JSON.parse(Target?.Input ?? ""));
      const abroad = inputs.findIndex(({ targets }) => targets[0].region === OTHER_REGION);
      expect(inputs[abroad].targets).toMatchObject([{ region: OTHER_REGION, only: [there] }]);
      await wake(followUps[abroad] as GetScheduleCommandOutput);
      expect([await stateOf(here), await stateOf(there)]).toEqual(["running", "stopped"]);
      expect((await wake(await onlyFollowUp())).counts).toMatchObject({ done: 1 });
      expect(await stateOf(here)).toBe("stopped");
    });

    it.each(["scheduler:CreateSchedule", "iam:PassRole"])(
      "names %s in the error when its role lacks it",
      async (permission) => {
        const { aws, deployment, fleet } = chain;
        const [held = ""] = fleet.byId;
        await hold(aws, REGION, held, "2026-11-23T11:10Z by test");
        const restore = await removeAction(aws, deployment.stop.deployed.roleArn, permission);
        try {
          const { error } = await fireStop("id-stop");
          expect(error?.message).toContain(
            `no follow-up could be written: ${permission} is denied (AccessDeniedException)`,
          );
          expect(error?.message).toContain(`${held} (${REGION}) failed`);
        } finally {
          await restore();
        }
        expect(await stateOf(held)).toBe("running");
        expect(await followUpsIn(aws)).toEqual([]);
      },
    );

    it("names scheduler:GetSchedule in the error when its role may not read what an earlier run has left", async () => {
      const { aws, deployment, fleet } = chain;
      await hold(aws, REGION, fleet.byId[0], "2026-11-23T11:10Z by test");
      expectSuccess([await fireStop("id-stop")]);
      const { roleArn } = deployment.stop.deployed;
      const restore = await removeAction(aws, roleArn, "scheduler:GetSchedule");
      try {
        const { error } = await fireStop("id-stop");
        expect(error?.message).toContain("scheduler:GetSchedule is denied (AccessDeniedException)");
      } finally {
        await restore();
      }
      await onlyFollowUp();
    });

    it("leaves nothing behind when it is destroyed while a follow-up waits", async () => {
      const { aws, fleet, stack } = chain;
      await hold(aws, REGION, fleet.byId[0], "2026-11-23T11:10Z by test");
      expectSuccess([await fireStop("id-stop")]);
      await onlyFollowUp();
      expect(unexpectedChanges(await stack.plan())).toEqual([]);
      await stack.destroy();
      expect(await stack.resources()).toEqual([]);
      expect(await leftovers(aws)).toEqual([]);
    });
  });
}

/** The report of a run that did not throw. */
function reportOf(invocation: Invocation): RunReport {
  expectSuccess([invocation]);
  return invocation.result as RunReport;
}

async function followUpsIn({ scheduler }: Aws): Promise<readonly GetScheduleCommandOutput[]> {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: GROUP }));
  return Promise.all(
    Schedules.map(({ Name }) => scheduler.send(new GetScheduleCommand({ GroupName: GROUP, Name }))),
  );
}

async function hold(aws: Aws, region: string, id: string | undefined, value: string): Promise<void> {
  const tag = { Resources: [id ?? ""], Tags: [{ Key: HOLD_TAG.default, Value: value }] };
  await aws.ec2[region]?.send(new CreateTagsCommand(tag));
}

async function holdsIn(aws: Aws, region: string) {
  const Filters = [{ Name: "key", Values: [HOLD_TAG.default] }];
  return (await aws.ec2[region]?.send(new DescribeTagsCommand({ Filters })))?.Tags ?? [];
}

async function holdOf(aws: Aws, region: string, id: string): Promise<string | undefined> {
  return (await holdsIn(aws, region)).find(({ ResourceId }) => ResourceId === id)?.Value;
}

async function release(aws: Aws, region: string): Promise<void> {
  const Resources = (await holdsIn(aws, region)).map(({ ResourceId = "" }) => ResourceId);
  if (Resources.length === 0) return;
  await aws.ec2[region]?.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: HOLD_TAG.default }] }));
}
