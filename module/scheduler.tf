# trigger = "scheduler": EventBridge Scheduler, whose schedules fire in their own time zones. They are in a group of
# their own and invoke the functions with a role that can do nothing else. With follow_ups, either trigger has that
# role, and a group for the one-time schedules that the functions write.

resource "aws_scheduler_schedule_group" "this" {
  count = local.trigger == "scheduler" ? 1 : 0

  name = local.name
  tags = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_scheduler_schedule_group" "follow_ups" {
  count = local.follow_ups ? 1 : 0

  name = local.follow_up_group_name
  tags = local.tags

  lifecycle {
    create_before_destroy = true

    precondition {
      condition = local.create_scheduler_role || local.top.scheduler_role_arn != null
      error_message = join("", [
        "scheduler_role_arn: expected the ARN of a role, since create_scheduler_role is false and follow_ups is ",
        "true, got none.",
      ])
    }
  }
}

resource "aws_iam_role" "scheduler" {
  count = local.create_scheduler_role ? 1 : 0 # Unknown scheduler_role_arn: write create_scheduler_role = false

  name                 = local.scheduler_role_name
  path                 = local.new_role_path
  assume_role_policy   = jsonencode(local.scheduler_trust)
  permissions_boundary = local.permissions_boundary_arn
  tags                 = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "scheduler" {
  count = local.create_scheduler_role ? 1 : 0

  name   = "invoke-functions"
  role   = aws_iam_role.scheduler[0].name
  policy = jsonencode(local.scheduler_policy)

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  uses_scheduler      = local.trigger == "scheduler" || local.follow_ups
  scheduler_role_name = "${local.name}-scheduler-${local.role_suffix}"
  scheduler_role_arn  = local.create_scheduler_role ? aws_iam_role.scheduler[0].arn : local.top.scheduler_role_arn

  follow_up_group_name = "${local.name}-followups"
  # Where a function writes its follow-ups, as it reads that. The ARNs are put together from names, so that a plan can
  # tell whether the environment is too large.
  follow_up_settings = merge(
    {
      group = local.follow_up_group_name
      roleArn = local.create_scheduler_role ? (
        "${local.arn_prefixes.iam}:role${local.new_role_path}${local.scheduler_role_name}"
      ) : local.top.scheduler_role_arn
    },
    { for arn in local.dead_letter_queue_arns : "deadLetterArn" => arn },
  )

  # The module's own groups, and those of adopted schedules, which stay where they are.
  schedule_group_arns = concat(
    aws_scheduler_schedule_group.this[*].arn,
    aws_scheduler_schedule_group.follow_ups[*].arn,
    [
      for group in distinct([for each in values(local.adopted_groups) : each.group]) :
      "${local.arn_prefixes.scheduler}:schedule-group/${group}"
    ],
  )

  # Only schedules of these groups in this account may use the role (confused deputy).
  scheduler_trust = {
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = local.account_id
          # AWS returns a list of one as a plain string.
          "aws:SourceArn" = try(one(local.schedule_group_arns), local.schedule_group_arns)
        }
      }
    }]
  }

  scheduler_policy = {
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "InvokeFunctions"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [for action in local.actions : aws_lambda_function.this[action].arn]
      }],
      [for queue in local.dead_letter_queue_arns : {
        Sid      = "SendToDeadLetterQueue"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [queue]
      }],
    )
  }
}

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297:The input holds instance ids and tags, no secrets, and Scheduler encrypts it by itself
  for_each = local.timed

  name                         = try(local.adopted_groups[each.key].name, each.key)
  group_name                   = try(local.adopted_groups[each.key].group, aws_scheduler_schedule_group.this[0].name)
  description                  = local.descriptions[each.key]
  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.timezone
  start_date                   = lookup(local.scheduler_dates[each.key], "start_date", null)
  end_date                     = lookup(local.scheduler_dates[each.key], "end_date", null)
  state                        = each.value.enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.this[each.value.action].arn
    role_arn = local.scheduler_role_arn
    input    = local.scheduler_inputs[each.key]

    retry_policy {
      maximum_event_age_in_seconds = local.trigger_event_age[each.key]
      maximum_retry_attempts       = local.retry_attempts
    }

    dynamic "dead_letter_config" {
      for_each = aws_sqs_queue.dead_letter[*].arn

      content {
        arn = dead_letter_config.value
      }
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = local.create_scheduler_role || local.top.scheduler_role_arn != null
      error_message = "scheduler_role_arn: expected the ARN of a role, since create_scheduler_role is false, got none."
    }
  }
}
