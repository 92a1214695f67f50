import type { AlarmSpec } from "../../../model/alarms";
import type {
  AlertsSpec,
  Blueprint,
  FunctionSpec,
  PermissionSpec,
  RoleSpec,
  RuleSpec,
  SchedulerSpec,
  ScheduleSpec,
  TargetSpec,
} from "../../../model/blueprint";
import { type Attributes, documentOf, type TypedResource, UNKNOWN } from "./attributes";

/** What the blueprint does not say. */
export interface BuiltFunction {
  readonly sourceCodeHash: string;
}

/** The resources of a blueprint as the AWS provider calls them and their attributes: what Terraform is to make. */
export function blueprintResources(blueprint: Blueprint, { sourceCodeHash }: BuiltFunction): TypedResource[] {
  const { functionRole, functions, rules, scheduler, followUps, alerts, tags } = blueprint;
  const tagged = (type: string, attributes: Attributes) => ({ type, attributes: { ...attributes, tags } });
  const plain = (type: string, attributes: Attributes) => ({ type, attributes });
  return [
    ...roleResources(functionRole),
    ...functions.flatMap(functionResources),
    ...rules.flatMap(ruleResources),
    ...(scheduler ? schedulerResources(scheduler) : []),
    ...(followUps ? [tagged("aws_scheduler_schedule_group", { name: followUps.group })] : []),
    ...(followUps?.role ? roleResources(followUps.role) : []),
    ...(alerts ? alertResources(alerts) : []),
  ];

  function roleResources(role: RoleSpec): TypedResource[] {
    const { name, onlyPolicyArns } = role;
    if (role.given) return [];
    return [
      tagged("aws_iam_role", {
        name,
        path: role.path,
        description: role.description,
        assume_role_policy: documentOf(role.trust),
        permissions_boundary: role.boundaryArn,
      }),
      plain("aws_iam_role_policy", { name: role.policyName, role: name, policy: documentOf(role.policy) }),
      ...(onlyPolicyArns
        ? [
            plain("aws_iam_role_policy_attachments_exclusive", {
              role_name: name,
              policy_arns: onlyPolicyArns,
            }),
          ]
        : []),
    ];
  }

  function functionResources(spec: FunctionSpec): TypedResource[] {
    const { name, onFailureArn, permission } = spec;
    return [
      tagged("aws_cloudwatch_log_group", {
        name: spec.logGroup,
        retention_in_days: spec.logRetentionDays,
        kms_key_id: spec.logGroupKmsKeyArn,
        skip_destroy: spec.keepLogGroup,
      }),
      tagged("aws_lambda_function", {
        function_name: name,
        description: spec.description,
        role: spec.roleArn,
        handler: spec.handler,
        runtime: spec.runtime,
        architectures: [spec.architecture],
        timeout: spec.timeoutSeconds,
        memory_size: spec.memoryMb,
        source_code_hash: sourceCodeHash,
        environment: [{ variables: spec.variables }],
        vpc_config: spec.vpc && [
          { subnet_ids: spec.vpc.subnetIds, security_group_ids: spec.vpc.securityGroupIds },
        ],
        tracing_config: spec.traces ? [{ mode: "Active" }] : undefined,
        reserved_concurrent_executions: spec.reservedConcurrency,
        logging_config: [
          {
            log_format: spec.logFormat,
            log_group: spec.logGroup,
            application_log_level: spec.logLevel,
          },
        ],
      }),
      plain("aws_lambda_function_event_invoke_config", {
        function_name: name,
        maximum_event_age_in_seconds: spec.maxEventAgeSeconds,
        maximum_retry_attempts: spec.maxRetries,
        destination_config:
          onFailureArn === undefined ? undefined : [{ on_failure: [{ destination: onFailureArn }] }],
      }),
      ...(permission ? [permissionResource(name, permission)] : []),
    ];
  }

  function permissionResource(functionName: string, permission: PermissionSpec): TypedResource {
    return plain("aws_lambda_permission", {
      function_name: functionName,
      statement_id: permission.statementId,
      action: "lambda:InvokeFunction",
      principal: permission.principal,
      source_arn: permission.sourceArn,
    });
  }

  function ruleResources(spec: RuleSpec): TypedResource[] {
    const { name, permission } = spec;
    return [
      tagged("aws_cloudwatch_event_rule", {
        name,
        description: spec.description,
        schedule_expression: spec.expression,
        state: stateOf(spec.enabled),
      }),
      plain("aws_cloudwatch_event_target", {
        rule: name,
        target_id: spec.targetId,
        arn: spec.functionArn,
        input_transformer: [{ input_paths: spec.inputPaths, input_template: spec.input }],
        ...deliveryOf(spec),
      }),
      ...(permission ? [permissionResource(spec.functionName, permission)] : []),
    ];
  }

  function schedulerResources({ group, role, schedules }: SchedulerSpec): TypedResource[] {
    return [
      tagged("aws_scheduler_schedule_group", { name: group }),
      ...roleResources(role),
      ...schedules.map((schedule) => plain("aws_scheduler_schedule", scheduleAttributes(schedule))),
    ];
  }

  function scheduleAttributes(spec: ScheduleSpec): Attributes {
    return {
      name: spec.name,
      group_name: spec.group,
      description: spec.description,
      schedule_expression: spec.expression,
      schedule_expression_timezone: spec.timezone,
      start_date: spec.startDate,
      end_date: spec.endDate,
      state: stateOf(spec.enabled),
      flexible_time_window: [{ mode: "OFF" }],
      target: [{ arn: spec.functionArn, role_arn: spec.roleArn, input: spec.input, ...deliveryOf(spec) }],
    };
  }

  function alertResources({ deadLetterQueue: queue, topic, topicArn, alarms }: AlertsSpec): TypedResource[] {
    return [
      tagged("aws_sqs_queue", {
        name: queue.name,
        message_retention_seconds: queue.retentionSeconds,
        sqs_managed_sse_enabled: true,
      }),
      ...(queue.policy
        ? [plain("aws_sqs_queue_policy", { queue_url: UNKNOWN, policy: documentOf(queue.policy) })]
        : []),
      ...(topic
        ? [
            tagged("aws_kms_key", {
              description: topic.key.description,
              enable_key_rotation: true,
              policy: documentOf(topic.key.policy),
            }),
            tagged("aws_sns_topic", { name: topic.name, kms_master_key_id: UNKNOWN }),
            plain("aws_sns_topic_policy", { arn: topicArn, policy: documentOf(topic.policy) }),
            plain("aws_sns_topic_subscription", {
              topic_arn: topicArn,
              protocol: "email",
              endpoint: topic.email,
            }),
          ]
        : []),
      ...alarms.map((alarm) => tagged("aws_cloudwatch_metric_alarm", alarmAttributes(alarm, topicArn))),
    ];
  }
}

function alarmAttributes({ name, settings, notifiesRecovery }: AlarmSpec, topicArn: string): Attributes {
  // Of a set, Terraform knows nothing before it knows every member.
  const topics = topicArn === UNKNOWN ? UNKNOWN : [topicArn];
  return {
    alarm_name: name,
    alarm_description: settings.alarmDescription,
    alarm_actions: topics,
    ok_actions: notifiesRecovery ? topics : undefined,
    ...metricAttributes(settings),
    evaluation_periods: settings.evaluationPeriods,
    datapoints_to_alarm: settings.datapointsToAlarm,
    threshold: settings.threshold,
    comparison_operator: settings.comparisonOperator,
    treat_missing_data: settings.treatMissingData,
  };
}

function metricAttributes(settings: AlarmSpec["settings"]): Attributes {
  if ("metricQuery" in settings) {
    const metricQuery = settings.metricQuery.map((query) => {
      if ("expression" in query) {
        return { id: query.id, expression: query.expression, label: query.label, return_data: true };
      }
      const { metricName, ...metric } = query.metric;
      return { id: query.id, metric: [{ ...metric, metric_name: metricName }] };
    });
    return { metric_query: metricQuery };
  }
  return {
    namespace: settings.namespace,
    metric_name: settings.metricName,
    dimensions: settings.dimensions,
    statistic: settings.statistic,
    period: settings.period,
  };
}

/** As rules' targets and schedules have it. */
function deliveryOf({ maxEventAgeSeconds, maxRetries, deadLetterArn }: TargetSpec): Attributes {
  return {
    retry_policy: [{ maximum_event_age_in_seconds: maxEventAgeSeconds, maximum_retry_attempts: maxRetries }],
    dead_letter_config: deadLetterArn === undefined ? undefined : [{ arn: deadLetterArn }],
  };
}

function stateOf(enabled: boolean): string {
  return enabled ? "ENABLED" : "DISABLED";
}
