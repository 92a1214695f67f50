import {
  GetScheduleCommand,
  GetScheduleGroupCommand,
  paginateListSchedules,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { defined } from "../../contract/collections";
import { DEFAULT_SCHEDULE_GROUP } from "../../model/names";
import { formatIso } from "../terminal/time";
import { type AwsSettings, callAwsOrUndefined, createAwsClient, readAllPages } from "./call";
import { type Retries, retriesOf } from "./events";

/** Reads schedules of EventBridge Scheduler. */
export interface SchedulerReader {
  /** State of a group, `ACTIVE` or `DELETING`. */
  scheduleGroup(name: string): Promise<string | undefined>;
  /** @param group all groups unless given */
  scheduleNames(group?: string): Promise<readonly ScheduleName[]>;
  schedule(group: string, name: string): Promise<EventBridgeSchedule | undefined>;
}

interface ScheduleName {
  readonly group: string;
  readonly name: string;
}

export interface EventBridgeSchedule extends ScheduleName, Retries {
  readonly expression: string;
  /** IANA zone. */
  readonly timezone: string;
  /** Both in ISO 8601, in UTC without fractions of a second. */
  readonly startDate?: string;
  readonly endDate?: string;
  readonly enabled: boolean;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input?: string;
  /** `OFF`, or how far a firing may be moved. */
  readonly flexibleMinutes: number | "OFF";
}

export function createSchedulerReader(settings: AwsSettings): SchedulerReader {
  const client = createAwsClient(SchedulerClient, settings);
  return {
    async scheduleGroup(Name) {
      const found = await callAwsOrUndefined("scheduler:GetScheduleGroup", () =>
        client.send(new GetScheduleGroupCommand({ Name })),
      );
      return found && (found.State ?? "ACTIVE");
    },

    async scheduleNames(group) {
      const pages = await callAwsOrUndefined("scheduler:ListSchedules", () =>
        readAllPages(paginateListSchedules({ client }, group === undefined ? {} : { GroupName: group })),
      );
      return (pages ?? [])
        .flatMap(({ Schedules = [] }) => Schedules)
        .map(({ GroupName = group ?? DEFAULT_SCHEDULE_GROUP, Name = "" }) => ({
          group: GroupName,
          name: Name,
        }));
    },

    async schedule(group, name) {
      const found = await callAwsOrUndefined("scheduler:GetSchedule", () =>
        client.send(new GetScheduleCommand({ GroupName: group, Name: name })),
      );
      if (found === undefined) return undefined;
      const { Target, FlexibleTimeWindow } = found;
      return {
        group,
        name,
        expression: found.ScheduleExpression ?? "",
        timezone: found.ScheduleExpressionTimezone ?? "UTC",
        ...defined({
          startDate: found.StartDate && formatIso(found.StartDate),
          endDate: found.EndDate && formatIso(found.EndDate),
        }),
        enabled: found.State !== "DISABLED",
        targetArn: Target?.Arn ?? "",
        roleArn: Target?.RoleArn ?? "",
        ...(Target?.Input ? { input: Target.Input } : {}),
        ...retriesOf(Target),
        flexibleMinutes:
          FlexibleTimeWindow?.Mode === "FLEXIBLE" ? (FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) : "OFF",
      };
    },
  };
}
