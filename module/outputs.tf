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

output "role_arn" {
  description = "ARN of the functions' role, made or given."
  value       = local.role_arn
}

output "function_policy" {
  description = "What the functions' role must allow, as JSON: for a role of your own."
  value       = jsonencode(local.function_policy)
}

output "scheduler_role_arn" {
  description = "ARN of the role with which schedules and follow-ups invoke the functions, made or given; null for trigger `event-rule` without `follow_ups`."
  value       = local.uses_scheduler ? local.scheduler_role_arn : null
}

output "scheduler_policy" {
  description = "What that role must allow, as JSON: for a role of your own; null for trigger `event-rule` without `follow_ups`."
  value       = local.uses_scheduler ? jsonencode(local.scheduler_policy) : null
}

output "schedule_group_name" {
  description = "Name of the schedule group; null for trigger `event-rule`."
  value       = one(aws_scheduler_schedule_group.this[*].name)
}

output "follow_up_group_name" {
  description = "Name of the schedule group of the follow-ups; null without `follow_ups`."
  value       = one(aws_scheduler_schedule_group.follow_ups[*].name)
}

output "schedule_arns" {
  description = "ARNs of the EventBridge Scheduler schedules, by name; empty for trigger `event-rule`."
  value       = { for name, schedule in aws_scheduler_schedule.this : name => schedule.arn }
}

output "rule_arns" {
  description = "ARNs of the EventBridge rules, by the schedule's name; empty for trigger `scheduler`."
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn }
}

output "alarm_arns" {
  description = "ARNs of the alarms, by alarm name; empty without alerts."
  value = {
    for alarm in concat(
      values(aws_cloudwatch_metric_alarm.failed),
      aws_cloudwatch_metric_alarm.dead_letters,
      values(aws_cloudwatch_metric_alarm.missed),
      values(aws_cloudwatch_metric_alarm.missed_rates),
    ) : alarm.alarm_name => alarm.arn
  }
}

output "alert_topic_arn" {
  description = "ARN of the topic that alarms go to, made or given; null without alerts."
  value       = local.alert_topic_arn
}

output "dead_letter_queue_url" {
  description = "URL of the dead-letter queue; null without alerts."
  value       = one(aws_sqs_queue.dead_letter[*].url)
}
