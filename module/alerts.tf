# Alarms on failed and missed runs and on undelivered events, all to one topic; and the queue that keeps events which a
# trigger could not deliver.

locals {
  dead_letter_queue_name = "${var.name}-dlq"
  # None without alerts.
  dead_letter_queue_arns = var.alerts == null ? [] : ["${local.arn_prefixes.sqs}:${local.dead_letter_queue_name}"]

  # The e-mail address decides which of the two is given, because a topic's ARN may be unknown before apply.
  alert_email      = try(var.alerts.email, null)
  alert_topic_name = "${var.name}-alerts"
  alert_topic_arn  = local.alert_email == null ? try(var.alerts.sns_topic_arn, null) : one(aws_sns_topic.alerts[*].arn)

  # None without alerts.
  published_topic_arns = var.alerts == null ? [] : [
    local.alert_email == null ? var.alerts.sns_topic_arn : "${local.arn_prefixes.sns}:${local.alert_topic_name}"
  ]
  # Alarms cannot name instances, so failed starts with checks also notify the topic, as the function's on-failure
  # destination. None without checks.
  notified_topic_arns   = [for topic in local.published_topic_arns : topic if length(local.checks) > 0]
  failures_notify_topic = { stop = false, start = length(local.notified_topic_arns) > 0 }
  # Where the function that stops publishes its warnings. None without warn_minutes.
  warning_topic_arns = [for topic in local.published_topic_arns : topic if length(local.warned) > 0]
  # The functions' role, if it publishes to that topic.
  publisher_arns = [
    for topic in local.published_topic_arns :
    local.create_role ? "${local.arn_prefixes.iam}:role${local.role_path}${local.role_name}" : var.role_arn
    if length(local.checks) + length(local.warned) > 0
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

  # What the functions publish.
  metric_namespace = "Ec2StartStop"
  metric_names = {
    late_requests = "LateRequests"
  }

  # How late AWS may publish a metric. SQS takes up to 15 minutes for a queue that was inactive.
  max_metric_delay_seconds = 900

  # All alarms but `missed` need one event within periods that look back far enough to see data which arrives late. Their
  # metrics exist only where there is something to count.
  alarm = {
    period              = 300
    datapoints_to_alarm = 1
    threshold           = 1
    comparison_operator = "GreaterThanOrEqualToThreshold"
    treat_missing_data  = "notBreaching"
  }
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

# Rules send to it as a service; schedules send with their role.
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

# CloudWatch cannot publish through the key alias/aws/sns, whose policy cannot be changed. It uses this key without
# conditions, as AWS documents it, since an alarm whose key refuses it fails silently. The topic's policy names the alarms.
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

# Lambda counts an event as dropped once its last retry has failed, timed out or was throttled, or its age is over. What a
# retry mends is not counted, and neither are runs by hand, which are synchronous.
resource "aws_cloudwatch_metric_alarm" "failed" {
  for_each = toset(var.alerts == null ? [] : local.actions)

  alarm_name        = "${var.name}.${each.key}-failed"
  alarm_description = "A ${each.key} has failed, and so have its retries. Find out why: ec2-start-stop logs --failed."
  namespace         = "AWS/Lambda"
  metric_name       = "AsyncEventsDropped"
  dimensions        = { FunctionName = aws_lambda_function.this[each.key].function_name }
  statistic         = "Sum"
  period            = local.alarm.period
  # Lambda dates its metrics to the beginning of a run.
  evaluation_periods  = ceil((var.timeout_seconds + local.max_metric_delay_seconds) / local.alarm.period) + 1
  datapoints_to_alarm = local.alarm.datapoints_to_alarm
  threshold           = local.alarm.threshold
  comparison_operator = local.alarm.comparison_operator
  treat_missing_data  = local.alarm.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  tags                = var.tags
}

# Only triggers send to the queue. Arrivals are counted, since messages that stay would hide the next one.
resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  count = var.alerts == null ? 0 : 1

  alarm_name          = "${var.name}.dead-letters"
  alarm_description   = "A firing did not reach its function: its event is in the queue ${local.dead_letter_queue_name}. Find out why: ec2-start-stop doctor."
  namespace           = "AWS/SQS"
  metric_name         = "NumberOfMessagesSent"
  dimensions          = { QueueName = aws_sqs_queue.dead_letter[0].name }
  statistic           = "Sum"
  period              = local.alarm.period
  evaluation_periods  = ceil(local.max_metric_delay_seconds / local.alarm.period) + 1
  datapoints_to_alarm = local.alarm.datapoints_to_alarm
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
