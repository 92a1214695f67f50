import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { defined } from "../contract/collections";
import type { RoleSpec, SchedulerSpec, ScheduleSpec } from "../model/blueprint";
import type { Account } from "./account";
import { ImportBlock } from "./imports";

export interface SchedulerTriggerProps {
  readonly spec: SchedulerSpec;
  readonly account: Account;
  readonly tags?: Record<string, string>;
}

/** Schedules of EventBridge Scheduler, each in its own zone, in a schedule group of this construct. */
export class SchedulerTrigger extends Construct {
  /** Schedule group of all schedules that are not adopted. */
  readonly group: SchedulerScheduleGroup;
  /**
   * Role with which the schedules invoke the functions.
   * @default not set with `schedulerRoleArn` in the props
   */
  readonly role?: IamRole;

  constructor(scope: Construct, id: string, props: SchedulerTriggerProps) {
    super(scope, id);
    const { spec, account, tags } = props;
    this.group = new SchedulerScheduleGroup(this, "group", defined({ name: spec.group, tags }));
    account.register("scheduleGroup", this.group);
    const own = spec.role.given ? undefined : addSchedulerRole(this, spec.role, props);
    if (own) this.role = own.role;
    for (const schedule of spec.schedules) this.#addSchedule(schedule, own?.policy);
  }

  /** All EventBridge schedules (aws_scheduler_schedule), by name, such as `office-stop`. */
  get schedules(): Readonly<Record<string, SchedulerSchedule>> {
    const schedules = this.node.children.filter((child) => child instanceof SchedulerSchedule);
    return Object.fromEntries(schedules.map((each) => [each.node.id.replace(/^schedule-/, ""), each]));
  }

  #addSchedule(spec: ScheduleSpec, rolePolicy: IamRolePolicy | undefined): void {
    const schedule = new SchedulerSchedule(this, `schedule-${spec.key}`, {
      name: spec.name,
      groupName: spec.group,
      description: spec.description,
      scheduleExpression: spec.expression,
      scheduleExpressionTimezone: spec.timezone,
      ...defined({ startDate: spec.startDate, endDate: spec.endDate }),
      state: spec.enabled ? "ENABLED" : "DISABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: spec.functionArn,
        roleArn: spec.roleArn,
        input: spec.input,
        retryPolicy: {
          maximumEventAgeInSeconds: spec.maxEventAgeSeconds,
          maximumRetryAttempts: spec.maxRetries,
        },
        ...(spec.deadLetterArn === undefined ? {} : { deadLetterConfig: { arn: spec.deadLetterArn } }),
      },
      ...(rolePolicy && { dependsOn: [rolePolicy] }),
    });
    if (spec.importId !== undefined) new ImportBlock(schedule, spec.importId);
  }
}

/** Adds the role with which schedules invoke the functions. With either trigger it has the same construct ids. */
export function addSchedulerRole(
  scope: Construct,
  spec: RoleSpec,
  { account, tags }: Pick<SchedulerTriggerProps, "account" | "tags">,
): { readonly role: IamRole; readonly policy: IamRolePolicy } {
  const role = new IamRole(scope, "role", {
    name: spec.name,
    ...defined({ path: spec.path }),
    assumeRolePolicy: account.writer.json(spec.trust),
    ...defined({ permissionsBoundary: spec.boundaryArn, tags }),
  });
  account.register("schedulerRole", role);
  const policy = new IamRolePolicy(scope, "policy", {
    name: spec.policyName,
    role: role.name,
    policy: account.writer.json(spec.policy),
  });
  return { role, policy };
}
