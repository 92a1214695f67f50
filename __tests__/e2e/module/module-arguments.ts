import type { AdoptProps } from "../../../model/adoption";
import { planSchedules } from "../../../model/plan";
import type { Ec2StartStopProps } from "../../../model/props";
import { tagLists } from "../../../model/requests";

/** Arguments of the module that mean the same as props of the construct, for props whose schedules have one target. */
export function moduleArguments(props: Ec2StartStopProps): Record<string, unknown> {
  const { functions, alerts, adopt } = props;
  const schedules = planSchedules(props).map((planned) => {
    const [targetName = "", ...others] = planned.targetNames;
    const source = props.schedules[planned.key];
    const target = props.targets[targetName];
    if (others.length > 0 || target === undefined || source === undefined) {
      throw new Error(`Expected one target of ${planned.name}`);
    }
    return [
      planned.name,
      {
        action: planned.action,
        schedule_expression: planned.schedule.expression,
        timezone: planned.schedule.timezone,
        instance_ids: target.instanceIds,
        tags: tagLists(target.tags),
        exclude_tags: tagLists(target.exclude),
        regions: target.regions,
        holidays: source.holidays === undefined ? undefined : props.holidays?.[source.holidays],
        stop_on_holidays: source.stopOnHolidays,
        enabled: source.enabled,
        hibernate: source.hibernate,
        // Terraform cannot tell when schedules fire: what the construct works out is said to the module.
        latest_minutes: planned.latestMinutes,
        warn_minutes: planned.action === "stop" ? source.warnMinutes : undefined,
        description: planned.description,
        checks: planned.action === "start" ? target.checks : undefined,
      },
    ];
  });
  return {
    name: props.name,
    trigger: props.trigger ?? "event-rule",
    schedules: Object.fromEntries(schedules),
    stop_function_name: adopt?.functions?.stop?.name ?? functions?.stopName,
    start_function_name: adopt?.functions?.start?.name ?? functions?.startName,
    timeout_seconds: functions?.timeoutSeconds,
    memory_mb: functions?.memoryMb,
    log_retention_days: functions?.logRetentionDays,
    runtime: functions?.runtime,
    architecture: functions?.architecture,
    vpc: functions?.vpc && {
      subnet_ids: functions.vpc.subnetIds,
      security_group_ids: functions.vpc.securityGroupIds,
    },
    tracing: functions?.tracing,
    reserved_concurrency: functions?.reservedConcurrency,
    log_level: functions?.logLevel,
    log_group_kms_key_arn: functions?.logGroupKmsKeyArn,
    keep_log_groups: functions?.keepLogGroups,
    role_path: props.rolePath,
    max_instances: props.maxInstances,
    hold_tag: props.holdTag,
    follow_ups: props.followUps,
    events: props.events,
    kms_key_arns: props.kmsKeyArns,
    permissions_boundary: props.permissionsBoundaryArn,
    adopt: adopt && adoptArgument(adopt),
    alerts: alerts && {
      sns_topic_arn: alerts.snsTopicArn,
      email: alerts.email,
      missed_firings: alerts.missedFirings,
      on_success: alerts.onSuccess,
    },
    tags: props.tags,
  };
}

function adoptArgument({ role, functions = {}, schedules = {} }: AdoptProps): Record<string, unknown> {
  const each = Object.entries(schedules);
  return {
    role: role && {
      name: role.name,
      path: role.path,
      description: role.description,
      keep_policy_arns: role.keepPolicyArns,
    },
    rules: Object.fromEntries(
      each.flatMap(([name, adopted]) =>
        "rule" in adopted ? [[name, { rule_name: adopted.rule, target_id: adopted.targetId }]] : [],
      ),
    ),
    schedules: Object.fromEntries(
      each.flatMap(([name, adopted]) =>
        "group" in adopted ? [[name, { group_name: adopted.group, schedule_name: adopted.name }]] : [],
      ),
    ),
    log_group_kms_key_arns: Object.fromEntries(
      Object.entries(functions).flatMap(([action, { logGroupKmsKeyArn }]) =>
        logGroupKmsKeyArn === undefined ? [] : [[action, logGroupKmsKeyArn]],
      ),
    ),
  };
}
