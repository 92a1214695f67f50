# Alarms on failed and missed runs and on undelivered events, all to one topic; and the queue that keeps events which a
# trigger could not deliver.

locals {
  dead_letter_queue_name = "${local.name}-dlq"
  # None without alerts.
  dead_letter_queue_arns = local.has_alerts ? ["${local.arn_prefixes.sqs}:${local.dead_letter_queue_name}"] : []

  alert_topic_name = "${local.name}-alerts"
  alert_topic_arn  = local.alerts_by_email ? one(aws_sns_topic.alerts[*].arn) : local.given_alerts.sns_topic_arn

  # None without alerts.
  published_topic_arns = !local.has_alerts ? [] : [
    local.alerts_by_email ? "${local.arn_prefixes.sns}:${local.alert_topic_name}" : local.given_alerts.sns_topic_arn
  ]
  # Alarms cannot name instances, so failed starts with checks also notify the topic, as the function's on-failure
  # destination. None without checks.
  notified_topic_arns   = [for topic in local.published_topic_arns : topic if length(local.granted_targets.check) > 0]
  failures_notify_topic = { stop = false, start = length(local.notified_topic_arns) > 0 }
  # Where the function that stops publishes its warnings. None without warn_minutes.
  warning_topic_arns = [for topic in local.published_topic_arns : topic if length(local.warned) > 0]
  # Where both functions publish what they have started or stopped. None without on_success.
  success_topic_arns = [for topic in local.published_topic_arns : topic if local.on_success]
  # The functions' role, if it publishes to that topic.
  publisher_arns = [
    for topic in local.published_topic_arns :
    local.create_role ? "${local.arn_prefixes.iam}:role${local.role_path}${local.role_name}" : local.top.role_arn
    if length(local.granted_targets.check) + length(local.warned) + length(local.success_topic_arns) > 0
  ]

  # The * stands for what the alarms watch. A deployment's name has no dot, so no alarm of another one begins so.
  only_own_alarms = {
    StringEquals = { "aws:SourceAccount" = local.account_id }
    ArnLike      = { "aws:SourceArn" = "${local.arn_prefixes.cloudwatch}:alarm:${local.name}.*" }
  }
  # As SNS documents for publishers to an encrypted topic: GenerateDataKey and GenerateDataKeyWithoutPlaintext.
  encrypt_actions = ["kms:Decrypt", "kms:GenerateDataKey*"]

  # The senders of undelivered events: rules made here, and adopted ones.
  sending_rule_arns = concat([local.own_rule_arns], [
    for adopted in values(local.adopted_rules) : "${local.arn_prefixes.events}:rule/${adopted.rule}"
  ])

  # What the functions publish.
  metric_namespace = "Ec2StartStop"
  firing_metrics   = { announced = "FiringAnnounced", state = "FiringState" }

  # The enabled schedules whose missed firings raise alarms: those whose firings are known, and rates, which count from
  # their deployment.
  alerted_schedules = {
    for name, s in local.schedules : name => s if local.missed_firings && s.enabled
  }
  watched_schedules = {
    for name, s in local.alerted_schedules : name => s if !startswith(s.expression, "rate(")
  }
  # Hours without a run after which a firing of a rate was missed: one more because periods begin at full hours, and the
  # minutes that a run may be late. CloudWatch looks back a week. Before its beginning and after its end, one with dates
  # would be missed.
  rate_hours = {
    for name, s in local.alerted_schedules : name => try(sum([
      for part in [regex("^rate\\(([0-9]+) (minute|hour|day)s?\\)$", s.expression)] :
      ceil(tonumber(part[0]) * { minute = 1, hour = 60, day = 1440 }[part[1]] / 60)
    ]) + 1 + ceil(s.latest_minutes / 60), 169)
  }
  rates = {
    for name, hours in local.rate_hours : name => hours
    if !contains(keys(local.watched_schedules), name) && hours <= 168 && length(local.dates[name]) == 0
  }

  # The watch, which lets the alarms on missed firings know when schedules fire: a function logs each half hour which
  # firings come, and which should have been. None where there is nothing to watch.
  watch_action = one([
    for action in slice(local.actions, 0, min(1, length(local.actions))) : action
    if length(local.watched_schedules) > 0
  ])
  watch_set = toset(local.watch_action == null ? [] : ["watch"])
  watch = {
    description   = "Tells the alarms on missed firings when schedules fire"
    expression    = "cron(10,40 * * * ? *)"
    rule_name     = "${local.name}.watch"
    event_seconds = local.watch_action == null ? 60 : max(60, 30 * 60 - local.function_event_age[local.watch_action])
  }
  watch_members = substr(jsonencode({
    watch         = "watch"
    functionNames = { for action in local.actions : action => local.function_names[action] }
    schedules = [
      for each in local.schedule_list : local.schedule_times[each.name]
      if contains(keys(local.watched_schedules), each.name)
    ]
  }), 1, -1)
  watch_rule_input      = "{\"scheduledTime\":<time>,${local.watch_members}"
  watch_scheduler_input = "{\"scheduledTime\":\"<aws.scheduler.scheduled-time>\",${local.watch_members}"

  # Who runs what an alarm on missed firings is about: the schedules, and the watch itself.
  firing_actions = merge(
    { for name, s in local.watched_schedules : name => s.action },
    { for name in local.watch_set : name => local.watch_action },
  )

  # How late AWS may publish a metric. SQS takes up to 15 minutes for a queue that was inactive.
  max_metric_delay_seconds = 900

  # The alarms by the end of their names. All but those on missed firings need one event within periods that look back
  # far enough to see data which arrives late. Their metrics exist only where there is something to count.
  alarms = { for name, alarm in local.all_alarms : name => alarm if local.has_alerts }
  all_alarms = merge(
    # Lambda counts an event as dropped once its last retry has failed, timed out or was throttled, or its age is over.
    # What a retry mends is not counted, and neither are runs by hand, which are synchronous. Lambda dates its metrics
    # to the beginning of a run.
    {
      for action in local.actions : "${action}-failed" => merge(local.event_alarm, {
        description  = "A ${action} has failed, and so have its retries. Find out why: ec2-start-stop logs --failed."
        namespace    = "AWS/Lambda"
        metric       = "AsyncEventsDropped"
        dimensions   = { FunctionName = aws_lambda_function.this[action].function_name }
        late_seconds = local.functions.timeout_seconds + local.max_metric_delay_seconds
      })
    },
    # Only triggers send to the queue. Arrivals are counted, since messages that stay would hide the next one.
    {
      dead-letters = merge(local.event_alarm, {
        description = join(" ", [
          "A firing did not reach its function: its event is in the queue ${local.dead_letter_queue_name}.",
          "Find out why: ec2-start-stop doctor.",
        ])
        namespace    = "AWS/SQS"
        metric       = "NumberOfMessagesSent"
        dimensions   = { QueueName = one(aws_sqs_queue.dead_letter[*].name) }
        late_seconds = local.max_metric_delay_seconds
      })
    },
    # A firing was missed where the watch has announced it and then found it due, and no run has begun: a deployment
    # between the two changes when schedules fire. The metrics of a firing are dated 45 minutes after it. The watch,
    # which may be 30 minutes late, finds it due within an hour.
    {
      for name, action in local.firing_actions : "missed-${name}" => merge(local.event_alarm, {
        description = join("", [
          name == "watch" ? "The watch has not run, so missed firings of schedules would go unnoticed" : (
            "The schedule ${name} has not run at its time"
          ), ". Find out why: ec2-start-stop doctor.",
        ])
        firing = {
          FunctionName = aws_lambda_function.this[action].function_name
          Action       = action
          Schedule     = name
        }
        late_seconds = 15 * 60 + 30 * 60 + local.max_metric_delay_seconds
      })
    },
    # A rate counts from its deployment, so only the time without a run tells of a missed firing.
    {
      for name, hours in local.rates : "missed-${name}" => merge(local.event_alarm, {
        description = join(" ", [
          "The schedule ${name} has not run for ${hours} hours.",
          "Alarms once after the first deployment, until the first run.",
        ])
        namespace = local.metric_namespace
        metric    = local.firing_metrics.state
        dimensions = {
          FunctionName = aws_lambda_function.this[local.schedules[name].action].function_name
          Action       = local.schedules[name].action
          Schedule     = name
        }
        statistic           = "SampleCount"
        period              = 3600
        evaluation_periods  = hours
        datapoints_to_alarm = null
        comparison_operator = "LessThanThreshold"
        treat_missing_data  = "breaching"
        notifies_recovery   = true
      })
    },
  )
  event_alarm = {
    namespace           = null
    metric              = null
    dimensions          = null
    firing              = null
    statistic           = "Sum"
    period              = 300
    evaluation_periods  = null
    datapoints_to_alarm = 1
    comparison_operator = "GreaterThanOrEqualToThreshold"
    treat_missing_data  = "notBreaching"
    notifies_recovery   = false
  }
}

# --- The queue -------------------------------------------------------------------------------------------------------

resource "aws_sqs_queue" "dead_letter" {
  count = local.has_alerts ? 1 : 0

  name = local.dead_letter_queue_name
  # Two weeks, the longest that SQS keeps a message.
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

# Rules send to it as a service; schedules send with their role.
resource "aws_sqs_queue_policy" "dead_letter" {
  count = local.has_alerts && local.trigger == "event-rule" ? 1 : 0

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

  lifecycle {
    create_before_destroy = true
  }
}

# --- The topic, where an address is given ----------------------------------------------------------------------------

# CloudWatch cannot publish through the key alias/aws/sns, whose policy cannot be changed. It uses this key without
# conditions, as AWS documents it, since an alarm whose key refuses it fails silently. The topic's policy names the
# alarms.
resource "aws_kms_key" "alerts" {
  count = local.alerts_by_email ? 1 : 0

  description         = "Encrypts the alerts of ${local.name}"
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
  tags = local.tags

  # A policy of a key may name only roles that exist.
  depends_on = [aws_iam_role.functions]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sns_topic" "alerts" {
  count = local.alerts_by_email ? 1 : 0

  name              = local.alert_topic_name
  kms_master_key_id = aws_kms_key.alerts[0].arn
  tags              = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sns_topic_policy" "alerts" {
  count = local.alerts_by_email ? 1 : 0

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

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sns_topic_subscription" "alerts" {
  count = local.alerts_by_email ? 1 : 0

  topic_arn = aws_sns_topic.alerts[0].arn
  protocol  = "email"
  endpoint  = local.given_alerts.email

  lifecycle {
    create_before_destroy = true
  }
}

# --- The alarms ------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${local.name}.${each.key}"
  alarm_description = each.value.description
  namespace         = each.value.namespace
  metric_name       = each.value.metric
  dimensions        = each.value.dimensions
  statistic         = each.value.firing == null ? each.value.statistic : null
  period            = each.value.firing == null ? each.value.period : null

  dynamic "metric_query" {
    for_each = each.value.firing == null ? [] : ["missed"]

    content {
      id          = metric_query.value
      expression  = "IF(announced == 1 AND state == 1, 1, 0)"
      label       = "Missed firings"
      return_data = true
    }
  }
  dynamic "metric_query" {
    for_each = each.value.firing == null ? {} : local.firing_metrics

    content {
      id = metric_query.key

      metric {
        namespace   = local.metric_namespace
        metric_name = metric_query.value
        dimensions  = each.value.firing
        period      = each.value.period
        stat        = "Maximum"
      }
    }
  }

  evaluation_periods = (
    each.value.evaluation_periods == null
    ? ceil(each.value.late_seconds / each.value.period) + 1 : each.value.evaluation_periods
  )
  datapoints_to_alarm = each.value.datapoints_to_alarm
  threshold           = 1
  comparison_operator = each.value.comparison_operator
  treat_missing_data  = each.value.treat_missing_data
  alarm_actions       = [local.alert_topic_arn]
  ok_actions          = each.value.notifies_recovery ? [local.alert_topic_arn] : null
  tags                = local.tags

  depends_on = [aws_sns_topic_policy.alerts, aws_sns_topic_subscription.alerts]

  lifecycle {
    create_before_destroy = true
  }
}

# --- The watch -------------------------------------------------------------------------------------------------------

resource "aws_scheduler_schedule" "watch" {
  #checkov:skip=CKV_AWS_297:The input holds names and expressions, no secrets, and Scheduler encrypts it by itself
  for_each = local.trigger == "scheduler" ? local.watch_set : []

  name                         = each.key
  group_name                   = aws_scheduler_schedule_group.this[0].name
  description                  = local.watch.description
  schedule_expression          = local.watch.expression
  schedule_expression_timezone = "UTC"
  state                        = "ENABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.this[local.watch_action].arn
    role_arn = local.scheduler_role_arn
    input    = local.watch_scheduler_input

    retry_policy {
      maximum_event_age_in_seconds = local.watch.event_seconds
      maximum_retry_attempts       = local.retry_attempts
    }

    dead_letter_config {
      arn = aws_sqs_queue.dead_letter[0].arn
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_event_rule" "watch" {
  for_each = local.trigger == "event-rule" ? local.watch_set : []

  name                = local.watch.rule_name
  description         = local.watch.description
  schedule_expression = local.watch.expression
  state               = "ENABLED"
  tags                = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_event_target" "watch" {
  for_each = local.trigger == "event-rule" ? local.watch_set : []

  rule      = aws_cloudwatch_event_rule.watch[each.key].name
  target_id = "function"
  arn       = aws_lambda_function.this[local.watch_action].arn

  input_transformer {
    input_paths    = { time = "$.time" }
    input_template = local.watch_rule_input
  }

  retry_policy {
    maximum_event_age_in_seconds = local.watch.event_seconds
    maximum_retry_attempts       = local.retry_attempts
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letter[0].arn
  }

  depends_on = [aws_lambda_permission.event_rules, aws_sqs_queue_policy.dead_letter]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition = length(local.watch_rule_input) <= local.max_rule_input_length
      error_message = join(" ", [
        join("", [
          "alerts.missed_firings: expected names and expressions of all enabled schedules to fit in the 8,192 ",
          "characters of the",
        ]),
        join("", [
          "watch's input (about 70 schedules), got ${length(local.watch_rule_input)}: divide the schedules among ",
          "calls of this",
        ]),
        "module, or write missed_firings = false.",
      ])
    }
  }
}
