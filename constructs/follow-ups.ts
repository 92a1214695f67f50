import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { defined } from "../contract/collections";
import type { FollowUpsSpec } from "../model/blueprint";
import type { Account } from "./account";
import { addSchedulerRole } from "./scheduler-trigger";

export interface FollowUpsProps {
  readonly spec: FollowUpsSpec;
  readonly account: Account;
  readonly tags?: Record<string, string>;
}

/** The schedule group into which the functions write what a run leaves for later, as one-time schedules. */
export class FollowUps extends Construct {
  /** Schedule group of the follow-ups. */
  readonly group: SchedulerScheduleGroup;
  /**
   * Role with which the follow-ups invoke the functions.
   * @default not set if the trigger is EventBridge Scheduler, whose role invokes them, and with `schedulerRoleArn`
   */
  readonly role?: IamRole;

  constructor(scope: Construct, id: string, props: FollowUpsProps) {
    super(scope, id);
    const { spec, account, tags } = props;
    this.group = new SchedulerScheduleGroup(this, "group", defined({ name: spec.group, tags }));
    account.register("followUpGroup", this.group);
    // The address that the role has with trigger `scheduler`: a changed trigger leaves the role, whose name is unique.
    if (spec.role && !spec.role.given)
      this.role = addSchedulerRole(new Construct(scope, "scheduler"), spec.role, props).role;
  }
}
