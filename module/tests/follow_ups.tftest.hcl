# What follow-ups and events add. Nothing here reaches AWS: the provider is a mock.

# Each test file has these mocks: OpenTofu cannot read them from a shared file (opentofu/opentofu#1778).
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "ap-northeast-2" }
  }
  # OpenTofu generates what is known only after apply, and other resources accept only ARNs.
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:ap-northeast-2:123456789012:key/mock" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:ap-northeast-2:123456789012:function:mock" }
  }
  mock_resource "aws_scheduler_schedule_group" {
    defaults = { arn = "arn:aws:scheduler:ap-northeast-2:123456789012:schedule-group/mock" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:ap-northeast-2:123456789012:mock" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:ap-northeast-2:123456789012:mock" }
  }
}

variables {
  name = "dev"
  targets = {
    dev   = { instance_ids = ["i-0123456789abcdef0"], checks = { tcp = [443] } }
    dev2  = { instance_ids = ["i-0123456789abcdef0"] }
    night = { tags = { Environment = ["staging"] }, regions = ["us-east-1"] }
    off   = { instance_ids = ["i-0000000000000000a"] }
  }
  schedules = {
    dev-start  = { action = "start", expression = "cron(0 8 ? * MON-FRI *)", targets = "dev", holidays = "kr" }
    dev-stop   = { action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = "dev2" }
    night-stop = { action = "stop", expression = "cron(0 23 ? * MON-FRI *)", targets = "night" }
    off-stop   = { action = "stop", expression = "rate(1 day)", targets = "off", enabled = false }
  }
  holidays = { kr = ["2026-12-25"] }
}

run "neither_by_default" {
  command = plan

  assert {
    condition     = length(aws_scheduler_schedule_group.follow_ups) == 0 && output.follow_up_group_name == null
    error_message = "There is a group for follow-ups that nothing writes."
  }
  assert {
    condition = length(setintersection(
      jsondecode(aws_iam_role_policy.functions[0].policy).Statement[*].Sid,
      ["WriteFollowUps", "PassSchedulerRole", "PutOutcomeEvents"],
    )) == 0
    error_message = "The role may do what no feature needs."
  }
  assert {
    condition = alltrue([
      for function in values(aws_lambda_function.this) : length(setintersection(
        keys(function.environment[0].variables), ["FOLLOW_UPS", "SCHEDULES", "EVENTS"],
      )) == 0
    ])
    error_message = "The environment has what no feature needs."
  }
}

run "follow_ups" {
  command = plan

  variables {
    follow_ups = true
  }

  assert {
    condition     = output.follow_up_group_name == "dev-followups"
    error_message = "The follow-ups have no group of their own."
  }
  assert {
    condition = [
      for s in jsondecode(aws_iam_role_policy.functions[0].policy).Statement : s
      if contains(["WriteFollowUps", "PassSchedulerRole", "PutOutcomeEvents"], s.Sid)
      ] == [
      {
        Sid      = "WriteFollowUps"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule", "scheduler:GetSchedule"]
        Resource = ["arn:aws:scheduler:ap-northeast-2:123456789012:schedule/dev-followups/*"]
      },
      {
        Sid       = "PassSchedulerRole"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = ["arn:aws:iam::123456789012:role/dev-scheduler-ap-northeast-2"]
        Condition = { StringEquals = { "iam:PassedToService" = ["scheduler.amazonaws.com"] } }
      },
    ]
    error_message = "The role may do something else."
  }
  assert {
    condition = jsondecode(aws_lambda_function.this["stop"].environment[0].variables.FOLLOW_UPS) == {
      group   = "dev-followups"
      roleArn = "arn:aws:iam::123456789012:role/dev-scheduler-ap-northeast-2"
    }
    error_message = "The function does not know where to write follow-ups."
  }
  # Both functions know the enabled schedules of both actions; what runs inside an instance is not among them.
  assert {
    condition = alltrue([
      for function in values(aws_lambda_function.this) : jsondecode(function.environment[0].variables.SCHEDULES) == {
        targets = [
          { region = "ap-northeast-2", instanceIds = ["i-0123456789abcdef0"] },
          { region = "us-east-1", tags = { Environment = ["staging"] } },
        ]
        calendars = [["2026-12-25"]]
        schedules = [
          { name = "dev-start", action = "start", expression = "cron(0 8 ? * MON-FRI *)", targets = [0], calendar = 0 },
          { name = "dev-stop", action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = [0] },
          { name = "night-stop", action = "stop", expression = "cron(0 23 ? * MON-FRI *)", targets = [1] },
        ]
      }
    ])
    error_message = "A function does not know the enabled schedules."
  }
}

run "follow_ups_with_rules_and_alerts" {
  command = apply

  variables {
    trigger    = "event-rule"
    follow_ups = true
    alerts     = { email = "ops@example.com" }
  }

  assert {
    condition     = length(aws_scheduler_schedule_group.this) == 0 && length(aws_scheduler_schedule.this) == 0
    error_message = "Rules are the trigger, and there are schedules too."
  }
  assert {
    condition = (
      jsondecode(aws_iam_role.scheduler[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"]
      == aws_scheduler_schedule_group.follow_ups[0].arn
    )
    error_message = "Others than the follow-ups may use the role."
  }
  assert {
    condition = (
      jsondecode(aws_lambda_function.this["stop"].environment[0].variables.FOLLOW_UPS).deadLetterArn
      == "arn:aws:sqs:ap-northeast-2:123456789012:dev-dlq"
    )
    error_message = "Follow-ups that cannot be delivered are lost."
  }
}

run "follow_ups_with_schedules" {
  command = apply

  variables {
    follow_ups = true
    adopt      = { schedules = { night-stop = { group = "default", name = "NightlyStop" } } }
  }

  assert {
    condition = (
      jsondecode(aws_iam_role.scheduler[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == [
        aws_scheduler_schedule_group.this[0].arn,
        aws_scheduler_schedule_group.follow_ups[0].arn,
        "arn:aws:scheduler:ap-northeast-2:123456789012:schedule-group/default",
      ]
    )
    error_message = "The schedules of one of the groups may not use the role."
  }
}

run "follow_ups_by_roles_of_ones_own" {
  command = plan

  variables {
    trigger            = "event-rule"
    follow_ups         = true
    role_arn           = "arn:aws:iam::123456789012:role/operations/functions"
    scheduler_role_arn = "arn:aws:iam::123456789012:role/operations/scheduler"
  }

  assert {
    condition = (
      length(aws_iam_role.functions) + length(aws_iam_role.scheduler) == 0 &&
      output.scheduler_role_arn == var.scheduler_role_arn && output.scheduler_policy != null
    )
    error_message = "Something of IAM is made, or the outputs do not say what the role needs."
  }
  assert {
    condition = (
      jsondecode(aws_lambda_function.this["stop"].environment[0].variables.FOLLOW_UPS).roleArn == var.scheduler_role_arn &&
      [for s in jsondecode(output.function_policy).Statement : s.Resource if s.Sid == "PassSchedulerRole"] ==
      [[var.scheduler_role_arn]]
    )
    error_message = "The functions use another role, or the output does not say that they must be allowed to pass it."
  }
}

run "follow_ups_without_a_role" {
  command = plan

  variables {
    trigger               = "event-rule"
    follow_ups            = true
    create_scheduler_role = false
  }

  expect_failures = [aws_scheduler_schedule_group.follow_ups]
}

run "events" {
  command = plan

  variables {
    events = true
  }

  assert {
    condition = [
      for s in jsondecode(aws_iam_role_policy.functions[0].policy).Statement : s if s.Sid == "PutOutcomeEvents"
      ] == [{
        Sid       = "PutOutcomeEvents"
        Effect    = "Allow"
        Action    = ["events:PutEvents"]
        Resource  = ["arn:aws:events:ap-northeast-2:123456789012:event-bus/default"]
        Condition = { StringEquals = { "events:source" = ["ec2-start-stop"] } }
    }]
    error_message = "The role may not put events, or others too."
  }
  assert {
    condition = alltrue([
      for function in values(aws_lambda_function.this) : function.environment[0].variables.EVENTS == "true"
    ])
    error_message = "The functions do not know that events are asked for."
  }
}
