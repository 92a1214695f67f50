# Says what is wrong in the input, since outputs are worked out in every plan and wait for nothing. Preconditions of a
# data source would put off reading it until apply wherever the input comes from a resource with changes.
output "schedules" {
  description = "What fires, by name: its `action`, `expression` and `timezone`."
  value = {
    for name, s in local.triggers : name => { action = s.action, expression = s.expression, timezone = s.timezone }
  }

  precondition {
    condition     = length(local.name_problems) == 0
    error_message = join("\n", local.name_problems)
  }

  precondition {
    condition     = length(local.kind_problems.input) == 0
    error_message = join("\n", local.kind_problems.input)
  }

  precondition {
    condition     = length(local.kind_problems.targets) == 0
    error_message = join("\n", local.kind_problems.targets)
  }

  precondition {
    condition     = length(local.time_problems) == 0
    error_message = join("\n", local.time_problems)
  }

  precondition {
    condition     = length(local.setting_problems) == 0
    error_message = join("\n", local.setting_problems)
  }

  precondition {
    condition     = length(local.target_problems) == 0
    error_message = join("\n", local.target_problems)
  }

  precondition {
    condition     = length(local.id_problems) == 0
    error_message = join("\n", local.id_problems)
  }

  precondition {
    condition     = length(local.value_problems) == 0
    error_message = join("\n", local.value_problems)
  }

  precondition {
    condition     = length(local.alert_problems) == 0
    error_message = join("\n", local.alert_problems)
  }

  precondition {
    condition     = length(local.adopt_problems) == 0
    error_message = join("\n", local.adopt_problems)
  }
}

output "function_names" {
  description = "Names of the functions, by action (`stop`, `start`)."
  value       = { for action, function in aws_lambda_function.this : action => function.function_name }
}

output "function_arns" {
  description = "ARNs of the functions, by action."
  value       = { for action, function in aws_lambda_function.this : action => function.arn }
}

output "log_group_names" {
  description = "Names of the functions' log groups, by action."
  value       = { for action, group in aws_cloudwatch_log_group.this : action => group.name }
}

output "log_group_arns" {
  description = "ARNs of the functions' log groups, by action."
  value       = { for action, group in aws_cloudwatch_log_group.this : action => group.arn }
}

output "role_name" {
  description = "Name of the functions' role; null for a role of your own."
  value       = one(aws_iam_role.functions[*].name)
}

output "role_arn" {
  description = "ARN of the functions' role, made or given."
  value       = local.role_arn
}

output "function_policy" {
  description = "What the functions' role must allow, as JSON: for a role of your own."
  value       = jsonencode(local.function_policy)
}

output "scheduler_role_name" {
  description = "Name of the role that invokes the functions; null for a role of your own, and where there is none."
  value       = one(aws_iam_role.scheduler[*].name)
}

output "scheduler_role_arn" {
  description = "ARN of the role that invokes the functions; null for trigger `event-rule` without `follow_ups`."
  value       = local.uses_scheduler ? local.scheduler_role_arn : null
}

output "scheduler_policy" {
  description = "What that role must allow, as JSON: for a role of your own; null as `scheduler_role_arn`."
  value       = local.uses_scheduler ? jsonencode(local.scheduler_policy) : null
}

output "schedule_group_name" {
  description = "Name of the schedule group; null for trigger `event-rule`."
  value       = one(aws_scheduler_schedule_group.this[*].name)
}

output "schedule_group_arn" {
  description = "ARN of the schedule group; null for trigger `event-rule`."
  value       = one(aws_scheduler_schedule_group.this[*].arn)
}

output "follow_up_group_name" {
  description = "Name of the schedule group of the follow-ups; null without `follow_ups`."
  value       = one(aws_scheduler_schedule_group.follow_ups[*].name)
}

output "follow_up_group_arn" {
  description = "ARN of the schedule group of the follow-ups; null without `follow_ups`."
  value       = one(aws_scheduler_schedule_group.follow_ups[*].arn)
}

output "schedule_names" {
  description = "Names of the EventBridge Scheduler schedules, by the schedule's name; empty for trigger `event-rule`."
  value       = { for name, schedule in aws_scheduler_schedule.this : name => schedule.name }
}

output "schedule_arns" {
  description = "ARNs of the EventBridge Scheduler schedules, by name; empty for trigger `event-rule`."
  value       = { for name, schedule in aws_scheduler_schedule.this : name => schedule.arn }
}

output "rule_names" {
  description = "Names of the EventBridge rules, by the schedule's name; empty for trigger `scheduler`."
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.name }
}

output "rule_arns" {
  description = "ARNs of the EventBridge rules, by the schedule's name; empty for trigger `scheduler`."
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn }
}

output "alarm_arns" {
  description = "ARNs of the alarms, by alarm name; empty without alerts."
  value       = { for alarm in values(aws_cloudwatch_metric_alarm.this) : alarm.alarm_name => alarm.arn }
}

output "alert_topic_arn" {
  description = "ARN of the topic that alarms go to, made or given; null without alerts."
  value       = local.alert_topic_arn
}

output "alert_topic_name" {
  description = "Name of the topic made for `email`; null without."
  value       = one(aws_sns_topic.alerts[*].name)
}

output "alert_key_arn" {
  description = "ARN of the KMS key of that topic; null without."
  value       = one(aws_kms_key.alerts[*].arn)
}

output "dead_letter_queue_name" {
  description = "Name of the dead-letter queue; null without alerts."
  value       = one(aws_sqs_queue.dead_letter[*].name)
}

output "dead_letter_queue_arn" {
  description = "ARN of the dead-letter queue; null without alerts."
  value       = one(aws_sqs_queue.dead_letter[*].arn)
}

output "dead_letter_queue_url" {
  description = "URL of the dead-letter queue; null without alerts."
  value       = one(aws_sqs_queue.dead_letter[*].url)
}
