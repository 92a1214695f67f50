import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { adoptedSchedule } from "../model/adoption";
import type { PlannedSchedule } from "../model/plan";
import { schedulerPolicy, schedulerTrust } from "../model/policies";
import { schedulerInput } from "../model/requests";
import { MAX_RETRIES, triggerEventAgeSeconds } from "../model/retry-policy";
import { literal, toJson } from "../model/terraform-text";
import { ImportBlock } from "./imports";
import { functionOf, type TriggerProps } from "./trigger";
import { writeOwnToken, writeToken } from "./unresolved-text";

/** EventBridge Scheduler: schedules in their own zones, in a group of their own. */
export class SchedulerTrigger extends Construct {
  readonly group: SchedulerScheduleGroup;
  /** The role with which the schedules invoke the functions. */
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: TriggerProps) {
    super(scope, id);
    this.group = new SchedulerScheduleGroup(this, "group", {
      name: props.names.scheduleGroup,
      ...(props.tags ? { tags: props.tags } : {}),
    });
    this.role = this.#addRole(props);
    for (const planned of props.plan) this.#addSchedule(planned, props);
  }

  #addRole({ names, functions, account, ...props }: TriggerProps): IamRole {
    const adoptedGroups = props.plan.flatMap(({ name }) => adoptedSchedule(props.adopt, name)?.group ?? []);
    const groupArns = [...new Set(adoptedGroups)].map(
      (group) => `${account.arnPrefix("scheduler", props.region)}:schedule-group/${group}`,
    );
    const role = new IamRole(this, "role", {
      name: names.schedulerRole,
      assumeRolePolicy: toJson(schedulerTrust(account.id, [this.group.arn, ...groupArns]), writeOwnToken),
      ...(props.permissionsBoundaryArn ? { permissionsBoundary: props.permissionsBoundaryArn } : {}),
      ...(props.tags ? { tags: props.tags } : {}),
    });
    const functionArns = Object.values(functions).map(({ lambda }) => lambda.arn);
    new IamRolePolicy(this, "policy", {
      name: "invoke-functions",
      role: role.name,
      policy: toJson(schedulerPolicy(functionArns, props.deadLetterQueueArn), writeOwnToken),
    });
    return role;
  }

  #addSchedule(planned: PlannedSchedule, props: TriggerProps): void {
    const { lambda, maxEventAgeSeconds } = functionOf(planned, props.functions);
    const adopted = adoptedSchedule(props.adopt, planned.name);
    const schedule = new SchedulerSchedule(this, `schedule-${planned.name}`, {
      name: adopted?.name ?? planned.name,
      groupName: adopted?.group ?? this.group.name,
      description: literal(planned.description),
      scheduleExpression: planned.schedule.expression,
      scheduleExpressionTimezone: planned.schedule.timezone,
      state: planned.enabled ? "ENABLED" : "DISABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: lambda.arn,
        roleArn: this.role.arn,
        input: schedulerInput(planned.request, writeToken),
        retryPolicy: {
          maximumEventAgeInSeconds: triggerEventAgeSeconds(planned.latestMinutes, maxEventAgeSeconds),
          maximumRetryAttempts: MAX_RETRIES,
        },
        ...(props.deadLetterQueueArn ? { deadLetterConfig: { arn: props.deadLetterQueueArn } } : {}),
      },
    });
    if (adopted) new ImportBlock(schedule, `${adopted.group}/${adopted.name}`);
  }
}
