# Alarms on failed, late and missed runs and on undelivered events, all to one topic; and the queue that keeps events
# which a trigger could not deliver or a function failed to process.

locals {
  dead_letter_queue_name = "${var.name}-dlq"
  # None without alerts.
  dead_letter_queue_arns = var.alerts == null ? [] : ["${local.arn_prefixes.sqs}:${local.dead_letter_queue_name}"]

  # The e-mail address decides which of the two is given, because a topic's ARN may be unknown before apply.
  alert_email      = try(var.alerts.email, null)
  alert_topic_name = "${var.name}-alerts"
  alert_topic_arn  = local.alert_email == null ? try(var.alerts.sns_topic_arn, null) : one(aws_sns_topic.alerts[*].arn)

  # Alarms cannot name instances, so failed starts with checks also notify the topic, as the function's on-failure
  # destination. None without checks or alerts.
  notified_topic_arns = var.alerts == null || length(local.checks) == 0 ? [] : [
    local.alert_email == null ? var.alerts.sns_topic_arn : "${local.arn_prefixes.sns}:${local.alert_topic_name}"
  ]
  failures_notify_topic = { stop = false, start = length(local.notified_topic_arns) > 0 }
  # The functions' role, which publishes to that topic.
  publisher_arns = [
    for topic in local.notified_topic_arns :
    local.create_role ? "${local.arn_prefixes.iam}:role${local.role_path}${local.role_name}" : var.role_arn
  ]

  # The * stands for what the alarms watch. A deployment's name has no dot, so no alarm of another one begins so.
  only_own_alarms = {
    StringEquals = { "aws:SourceAccount" = local.account_id }
    ArnLike      = { "aws:SourceArn" = "${local.arn_prefixes.cloudwatch}:alarm:${var.name}.*" }
  }
  # As SNS documents for publishers to an encrypted topic: GenerateDataKey and GenerateDataKeyWithoutPlaintext.
  encrypt_actions = ["kms:Decrypt", "kms:GenerateDataKey*"]

  # The senders of undelivered events: rules made here, and adopted ones.
  sending_rule_arns = concat([local.own_rule_arns], [
    for adopted in values(var.adopt.rules) : "${local.arn_prefixes.events}:rule/${adopted.rule_name}"
  ])

  # An alarm can sum ten metrics at most.
  watched_rules = chunklist([
    for name, s in var.schedules : local.rule_names[name] if s.enabled && var.trigger == "event-rule"
  ], 10)

  # What the functions publish.
  metric_namespace = "Ec2StartStop"
  metric_names = {
    late_requests    = "LateRequests"
    services_failed  = "ServicesFailed"
    services_pending = "ServicesPending"
  }

  # All alarms but `missed` look for one event within five minutes. Their metrics exist only while something happens.
  alarm = {
    period              = 300
    evaluation_periods  = 1
    threshold           = 1
    comparison_operator = "GreaterThanOrEqualToThreshold"
    treat_missing_data  = "notBreaching"
  }
  # Adds up all metrics of an alarm.
  sum_of_metrics = "SUM(FILL(METRICS(), 0))"

  # Runs that only wait for services end in an error, so that Lambda retries them.
  may_wait_for_services = { stop = false, start = length(local.checks) > 0 }
}

# --- The queue -------------------------------------------------------------------------------------------------------

resource "aws_sqs_queue" "dead_letter" {
  count = var.alerts == null ? 0 : 1

  name = local.dead_letter_queue_name
  # Two weeks, the longest that SQS keeps a message.
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags

  lifecycle {
    # CloudWatch refuses an alarm on a topic of another region, after half of the alarms are made.
    precondition {
      condition     = try(split(":", var.alerts.sns_topic_arn)[3], local.region) == local.region
      error_message = "alerts.sns_topic_arn: expected a topic in the region of the module, ${local.region}, got ${jsonencode(try(var.alerts.sns_topic_arn, null))}."
    }
  }
}

# Rules send to it as a service; schedules and functions send with their roles.
resource "aws_sqs_queue_policy" "dead_letter" {
  count = var.alerts != null && var.trigger == "event-rule" ? 1 : 0

  queue_url = aws_sqs_queue.dead_letter[0].url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RulesSendToDeadLetterQueue"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.dead_letter_queue_arns[0]
      Condition = {
        # AWS returns a list of one as a plain string.
        ArnLike = { "aws:SourceArn" = try(one(local.sending_rule_arns), local.sending_rule_arns) }
      }
    }]
  })
}

# --- The topic, where an address is given ----------------------------------------------------------------------------

# CloudWatch cannot publish through the key alias/aws/sns, whose policy cannot be changed.
resource "aws_kms_key" "alerts" {
  count = local.alert_email == null ? 0 : 1

  description         = "Encrypts the alerts of ${var.name}"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    # In the policy of a key, * as the resource is the key itself.
    Statement = concat([
      {
        Sid       = "AccountAdministersKey"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
        # Every action: a key that its account cannot administer is lost. IAM policies still decide who does.
        Action   = "kms:*"
        Resource = "*"
      },
      {
        Sid       = "AlarmsEncrypt"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = local.encrypt_actions
        Resource  = "*"
        Condition = local.only_own_alarms
      },
      ], [
      for role in local.publisher_arns : {
        Sid       = "FunctionsEncrypt"
        Effect    = "Allow"
        Principal = { AWS = role }
        Action    = local.encrypt_actions
        Resource  = "*"
      }
    ])
  })
  tags = var.tags

  # A policy of a key may name only roles that exist.
  depends_on = [aws_iam_role.functions]
}

resource "aws_sns_topic" "alerts" {
  count = local.alert_email == null ? 0 : 1

  name              = local.alert_topic_name
  kms_master_key_id = aws_kms_key.alerts[0].arn
  tags              = var.tags
}

resource "aws_sns_topic_policy" "alerts" {
  count = local.alert_email == null ? 0 : 1

  arn = aws_sns_topic.alerts[0].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsPublish"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alerts[0].arn
      Condition = local.only_own_alarms
    }]
  })
}

resource "aws_sns_topic_subscription" "alerts" {
  count = local.alert_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alerts[0].arn
  protocol  = "email"
  endpoint  = local.alert_email
}

# --- The alarms ------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "failed" {
  for_each = toset(var.alerts == null ? [] : local.actions)

  alarm_name        = "${var.name}.${each.key}-failed"
  alarm_description = "A ${each.key} failed or could not be confirmed; the function's log says which instances and why."
  namespace         = local.may_wait_for_services[each.key] ? null : "AWS/Lambda"
  metric_name       = local.may_wait_for_services[each.key] ? null : "Errors"
  dimensions = (
    local.may_wait_for_services[each.key] ? null : { FunctionName = aws_lambda_function.this[each.key].function_name }
  )
  statistic           = local.may_wait_for_services[each.key] ? null : "Sum"
  period              = local.may_wait_for_services[each.key] ? null : local.alarm.period
  evaluation_periods  = local.alarm.evaluation_periods
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags

  # Lambda errors minus the runs that only wait for services.
  dynamic "metric_query" {
    for_each = local.may_wait_for_services[each.key] ? ["FILL(errors, 0) - FILL(pending, 0)"] : []

    content {
      id          = "failed"
      expression  = metric_query.value
      label       = "Failed"
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = local.may_wait_for_services[each.key] ? {
      pending = [local.metric_namespace, local.metric_names.services_pending]
      errors  = ["AWS/Lambda", "Errors"]
    } : {}

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value[0]
        metric_name = metric_query.value[1]
        dimensions  = { FunctionName = aws_lambda_function.this[each.key].function_name }
        period      = local.alarm.period
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "services" {
  count = length(local.notified_topic_arns)

  alarm_name          = "${var.name}.start-services"
  alarm_description   = "Services do not run after a start; a message of its own says which on what instance, as does the function's log."
  namespace           = local.metric_namespace
  metric_name         = local.metric_names.services_failed
  dimensions          = { FunctionName = aws_lambda_function.this["start"].function_name }
  statistic           = "Sum"
  period              = local.alarm.period
  evaluation_periods  = local.alarm.evaluation_periods
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "late" {
  for_each = toset(var.alerts == null ? [] : local.actions)

  alarm_name          = "${var.name}.${each.key}-late"
  alarm_description   = "A ${each.key} came too late to change anything, so its instances were left as they are."
  namespace           = local.metric_namespace
  metric_name         = local.metric_names.late_requests
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
  statistic           = "Sum"
  period              = local.alarm.period
  evaluation_periods  = local.alarm.evaluation_periods
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "schedules_failed" {
  count = var.alerts != null && var.trigger == "scheduler" ? 1 : 0

  alarm_name          = "${var.name}.schedules-failed"
  alarm_description   = "EventBridge Scheduler could not invoke a function, or dropped an invocation."
  evaluation_periods  = local.alarm.evaluation_periods
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags

  metric_query {
    id          = "total"
    expression  = local.sum_of_metrics
    label       = "Failed"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = ["InvocationDroppedCount", "TargetErrorCount"]

    content {
      id = "m${metric_query.key + 1}"

      metric {
        namespace   = "AWS/Scheduler"
        metric_name = metric_query.value
        dimensions  = { ScheduleGroup = aws_scheduler_schedule_group.this[0].name }
        period      = local.alarm.period
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "rules_failed" {
  count = var.alerts == null ? 0 : length(local.watched_rules)

  alarm_name          = "${var.name}.rules-failed-${count.index + 1}"
  alarm_description   = substr("A rule could not invoke its function: ${join(", ", local.watched_rules[count.index])}.", 0, 1024)
  evaluation_periods  = local.alarm.evaluation_periods
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags

  metric_query {
    id          = "total"
    expression  = local.sum_of_metrics
    label       = "Failed"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.watched_rules[count.index]

    content {
      id = "m${metric_query.key + 1}"

      metric {
        namespace   = "AWS/Events"
        metric_name = "FailedInvocations"
        dimensions  = { RuleName = metric_query.value }
        period      = local.alarm.period
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  count = var.alerts == null ? 0 : 1

  alarm_name          = "${var.name}.dead-letters"
  alarm_description   = "Undelivered events are in the dead-letter queue ${local.dead_letter_queue_name}."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letter[0].name }
  statistic           = "Maximum"
  period              = local.alarm.period
  evaluation_periods  = local.alarm.evaluation_periods
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

# Every run publishes its metrics, also zeros: their number says whether the schedule ran at all.
resource "aws_cloudwatch_metric_alarm" "missed" {
  for_each = {
    for name, s in var.schedules : name => s if var.alerts != null && s.enabled && s.missed_after_hours != null
  }

  alarm_name        = "${var.name}.missed-${each.key}"
  alarm_description = "The schedule ${each.key} has not run for ${each.value.missed_after_hours} hours. Alarms once after the first deployment, until the first run."
  namespace         = local.metric_namespace
  metric_name       = local.metric_names.late_requests
  dimensions = {
    FunctionName = aws_lambda_function.this[each.value.action].function_name
    Action       = each.value.action
    Schedule     = each.key
  }
  statistic           = "SampleCount"
  period              = 3600
  evaluation_periods  = each.value.missed_after_hours
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [local.alert_topic_arn]
  ok_actions          = [local.alert_topic_arn]
  tags                = var.tags
}
