import {
  GetScheduleCommand,
  GetScheduleGroupCommand,
  paginateListSchedules,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { SchedulerReading } from "../commands/doctor/reading";
import { type AwsSettings, allPages, awsCallOrUndefined, awsClient } from "./call";
import { deadLettersOf, retriesOf } from "./events";

export function schedulerReading(settings: AwsSettings): SchedulerReading {
  const client = awsClient(SchedulerClient, settings);
  return {
    async scheduleGroup(Name) {
      const found = await awsCallOrUndefined("scheduler:GetScheduleGroup", () =>
        client.send(new GetScheduleGroupCommand({ Name })),
      );
      return found && (found.State ?? "ACTIVE");
    },

    async scheduleNames(GroupName) {
      const pages = await awsCallOrUndefined("scheduler:ListSchedules", () =>
        allPages(paginateListSchedules({ client }, { GroupName })),
      );
      return (pages ?? []).flatMap(({ Schedules = [] }) => Schedules).flatMap(({ Name }) => Name ?? []);
    },

    async schedule(GroupName, Name) {
      const found = await awsCallOrUndefined("scheduler:GetSchedule", () =>
        client.send(new GetScheduleCommand({ GroupName, Name })),
      );
      if (found === undefined) return undefined;
      const { Target, FlexibleTimeWindow } = found;
      return {
        expression: found.ScheduleExpression ?? "",
        timezone: found.ScheduleExpressionTimezone ?? "UTC",
        enabled: found.State !== "DISABLED",
        targetArn: Target?.Arn ?? "",
        roleArn: Target?.RoleArn ?? "",
        ...(Target?.Input ? { input: Target.Input } : {}),
        ...retriesOf(Target?.RetryPolicy),
        ...deadLettersOf(Target?.DeadLetterConfig),
        flexibleMinutes:
          FlexibleTimeWindow?.Mode === "FLEXIBLE" ? (FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) : "OFF",
      };
    },
  };
}
