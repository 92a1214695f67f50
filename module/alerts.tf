# Alarms on whatever failed, came too late, was given up or did not run, to one topic; and a queue that keeps the events
# which a trigger could not deliver or a function gave up.

locals {
  given_up_queue_name = "${var.name}-given-up"
  # For policies: put together rather than read, so that a plan shows them before the queue is made. None without alerts.
  given_up_queue_arns = var.alerts == null ? [] : [
    "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${local.given_up_queue_name}"
  ]

  # Which of the two is given is told by the address: a topic's ARN may be unknown before apply.
  alert_email     = try(var.alerts.email, null)
  alert_topic_arn = local.alert_email == null ? try(var.alerts.sns_topic_arn, null) : one(aws_sns_topic.alerts[*].arn)

  # What does not run after a start is told by name, which alarms cannot do: Lambda's record of the failed run can. The
  # topic that gets it is for policies put together, too.
  told_topic_arns = var.alerts == null || length(local.checks) == 0 ? [] : [
    local.alert_email == null ? var.alerts.sns_topic_arn : "arn:${local.partition}:sns:${local.region}:${local.account_id}:${var.name}-alerts"
  ]
  # The role that publishes to it, put together where it is made here.
  publisher_arns = [
    for topic in local.told_topic_arns : local.create_role ? "arn:${local.partition}:iam::${local.account_id}:role${try(var.adopt.role.path, "/")}${try(var.adopt.role.name, "${var.name}-functions")}" : var.role_arn
  ]
  # Whether a run of an action may end in an error only to look again.
  looks_again = { stop = false, start = length(local.checks) > 0 }

  # The * stands for the names of the alarms: every alarm made here begins with this prefix.
  only_own_alarms = {
    StringEquals = { "aws:SourceAccount" = local.account_id }
    ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:cloudwatch:${local.region}:${local.account_id}:alarm:${var.name}-*" }
  }

  # Who sends events that could not be delivered: rules made here, and adopted ones.
  sending_rule_arns = concat([local.own_rule_arns], [
    for adopted in values(var.adopt.rules) :
    "arn:${local.partition}:events:${local.region}:${local.account_id}:rule/${adopted.rule_name}"
  ])

  # An alarm adds up ten metrics at most.
  watched_rules = chunklist([for name, s in var.schedules : local.rule_names[name] if s.enabled && var.trigger == "event-rule"], 10)
}

# --- The queue -------------------------------------------------------------------------------------------------------

resource "aws_sqs_queue" "given_up" {
  count = var.alerts == null ? 0 : 1

  name = local.given_up_queue_name
  # Two weeks, the longest that SQS keeps a message.
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

# Rules deliver to it as a service; schedules and functions come with their roles.
resource "aws_sqs_queue_policy" "given_up" {
  count = var.alerts != null && var.trigger == "event-rule" ? 1 : 0

  queue_url = aws_sqs_queue.given_up[0].url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "KeepUndeliveredEventsOfAnyRuleOfThisConfig"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.given_up_queue_arns[0]
      Condition = {
        # One alone is written without a list.
        ArnLike = { "aws:SourceArn" = try(one(local.sending_rule_arns), local.sending_rule_arns) }
      }
    }]
  })
}

# --- The topic, where an address is given ----------------------------------------------------------------------------

# CloudWatch cannot publish through the key alias/aws/sns, whose policy nobody can change.
resource "aws_kms_key" "alerts" {
  count = local.alert_email == null ? 0 : 1

  description         = "Encrypts the alerts of ${var.name}"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    # In the policy of a key, * as the resource is the key itself.
    Statement = concat([
      {
        Sid       = "ThisAccountAdministersThisKey"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
        # Every action: a key that its account cannot administer is lost. IAM policies still decide who does.
        Action   = "kms:*"
        Resource = "*"
      },
      {
        Sid       = "AlarmsEncryptWithThisKey"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        # GenerateDataKey and GenerateDataKeyWithoutPlaintext, as SNS documents for publishing services.
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = local.only_own_alarms
      },
      ], [
      for role in local.publisher_arns : {
        Sid       = "FunctionsEncryptWithThisKey"
        Effect    = "Allow"
        Principal = { AWS = role }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
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

  name              = "${var.name}-alerts"
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
# Their metrics exist only while something happens, so missing data is no alarm, except where a firing was missed.

resource "aws_cloudwatch_metric_alarm" "failed" {
  for_each = toset(var.alerts == null ? [] : local.actions)

  alarm_name          = "${var.name}-${each.key}-failed"
  alarm_description   = "A ${each.key} failed or could not be confirmed; the function's log says which instances and why."
  namespace           = local.looks_again[each.key] ? null : "AWS/Lambda"
  metric_name         = local.looks_again[each.key] ? null : "Errors"
  dimensions          = local.looks_again[each.key] ? null : { FunctionName = aws_lambda_function.this[each.key].function_name }
  statistic           = local.looks_again[each.key] ? null : "Sum"
  period              = local.looks_again[each.key] ? null : 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags

  # A run that only asks to look again, since services are still coming up, ends in an error, but is none.
  dynamic "metric_query" {
    for_each = local.looks_again[each.key] ? ["FILL(errors, 0) - FILL(again, 0)"] : []

    content {
      id          = "failed"
      expression  = metric_query.value
      label       = "Failed"
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = local.looks_again[each.key] ? { again = ["Ec2StartStop", "LookAgain"], errors = ["AWS/Lambda", "Errors"] } : {}

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value[0]
        metric_name = metric_query.value[1]
        dimensions  = { FunctionName = aws_lambda_function.this[each.key].function_name }
        period      = 300
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "services" {
  count = length(local.told_topic_arns)

  alarm_name          = "${var.name}-start-services"
  alarm_description   = "Services do not run after a start; a message of its own says which on what instance, as does the function's log."
  namespace           = "Ec2StartStop"
  metric_name         = "ServicesFailed"
  dimensions          = { FunctionName = aws_lambda_function.this["start"].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "late" {
  for_each = toset(var.alerts == null ? [] : local.actions)

  alarm_name          = "${var.name}-${each.key}-late"
  alarm_description   = "A ${each.key} came too late to change anything, so its instances were left as they are."
  namespace           = "Ec2StartStop"
  metric_name         = "Late"
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "schedules_failed" {
  count = var.alerts != null && var.trigger == "scheduler" ? 1 : 0

  alarm_name          = "${var.name}-schedules-failed"
  alarm_description   = "EventBridge Scheduler could not invoke a function, or gave up a firing."
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags

  metric_query {
    id          = "total"
    expression  = "SUM(FILL(METRICS(), 0))"
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
        period      = 300
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "rules_failed" {
  count = var.alerts == null ? 0 : length(local.watched_rules)

  alarm_name          = "${var.name}-rules-failed-${count.index + 1}"
  alarm_description   = substr("A rule could not invoke its function: ${join(", ", local.watched_rules[count.index])}.", 0, 1024)
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags

  metric_query {
    id          = "total"
    expression  = "SUM(FILL(METRICS(), 0))"
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
        period      = 300
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "given_up" {
  count = var.alerts == null ? 0 : 1

  alarm_name          = "${var.name}-given-up"
  alarm_description   = "Events were given up and wait in the queue ${local.given_up_queue_name}."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.given_up[0].name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

# Every run writes its metrics, zeros too: their number tells whether the schedule ran at all.
resource "aws_cloudwatch_metric_alarm" "missed" {
  for_each = {
    for name, s in var.schedules : name => s if var.alerts != null && s.enabled && s.missed_after_hours != null
  }

  alarm_name        = "${var.name}-missed-${each.key}"
  alarm_description = "The schedule ${each.key} has not run for ${each.value.missed_after_hours} hours. Expected once after it was first deployed, until its first firing."
  namespace         = "Ec2StartStop"
  metric_name       = "Late"
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
