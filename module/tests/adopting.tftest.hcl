# What `adopt` takes over, and what it refuses. Nothing here reaches AWS: the provider is a mock.

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
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:ap-northeast-2:123456789012:rule/mock" }
  }
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
    dev = { instance_ids = ["i-0123456789abcdef0"] }
  }
  schedules = {
    dev-start = { action = "start", expression = "cron(0 8 ? * MON-FRI *)", targets = "dev", timezone = "UTC" }
    dev-stop  = { action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = "dev", timezone = "UTC" }
  }
}

run "nothing_is_adopted_by_default" {
  command = plan

  assert {
    condition = (
      length(aws_iam_role_policy_attachments_exclusive.functions) + length(aws_lambda_permission.adopted_rules) == 0
    )
    error_message = "Something of adopting is made."
  }
  assert {
    condition     = aws_iam_role.functions[0].name == "dev-functions-ap-northeast-2" && aws_iam_role.functions[0].path == "/"
    error_message = "The role is not the module's own."
  }
}

run "rules_and_role_keep_their_names" {
  command = plan

  variables {
    trigger = "event-rule"
    alerts  = { sns_topic_arn = "arn:aws:sns:ap-northeast-2:123456789012:alarms" }
    adopt = {
      role = {
        name             = "EC2StartStopRole"
        path             = "/service-role/"
        description      = "Made in the console"
        keep_policy_arns = ["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"]
      }
      functions = {
        stop = {
          name                  = "StopEC2Instances"
          log_group_kms_key_arn = "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c"
        }
        start = { name = "StartEC2Instances" }
      }
      schedules = { dev-stop = { rule = "NightlyStop", target_id = "Id1" } }
    }
  }

  assert {
    condition = [
      aws_iam_role.functions[0].name,
      aws_iam_role.functions[0].path,
      aws_iam_role.functions[0].description,
      aws_iam_role_policy.functions[0].role,
    ] == ["EC2StartStopRole", "/service-role/", "Made in the console", "EC2StartStopRole"]
    error_message = "The role would be another, or changed."
  }
  assert {
    condition = (
      aws_iam_role_policy_attachments_exclusive.functions[0].role_name == "EC2StartStopRole" &&
      aws_iam_role_policy_attachments_exclusive.functions[0].policy_arns == toset(["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"])
    )
    error_message = "The role would keep other policies than those that are named."
  }
  assert {
    condition = (
      [for name in ["dev-start", "dev-stop"] : aws_cloudwatch_event_rule.this[name].name] ==
      ["dev.dev-start", "NightlyStop"]
    )
    error_message = "The rules are named otherwise."
  }
  assert {
    condition = (
      [for name in ["dev-start", "dev-stop"] : aws_cloudwatch_event_target.this[name].target_id] == ["function", "Id1"]
    )
    error_message = "The targets are named otherwise."
  }
  assert {
    condition = (
      keys(aws_lambda_permission.adopted_rules) == ["dev-stop"] &&
      aws_lambda_permission.adopted_rules["dev-stop"].statement_id == "AllowAdoptedRule-NightlyStop" &&
      aws_lambda_permission.adopted_rules["dev-stop"].function_name == "StopEC2Instances"
    )
    error_message = "The adopted rule may not invoke its function."
  }
  assert {
    condition = jsondecode(aws_sqs_queue_policy.dead_letter[0].policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == [
      "arn:aws:events:ap-northeast-2:123456789012:rule/dev.*",
      "arn:aws:events:ap-northeast-2:123456789012:rule/NightlyStop",
    ]
    error_message = "The adopted rule cannot keep what it could not deliver."
  }
  assert {
    condition     = length(aws_cloudwatch_event_target.this["dev-stop"].dead_letter_config) == 1
    error_message = "No alarm watches the adopted rule."
  }
  assert {
    condition = (
      aws_cloudwatch_log_group.this["stop"].kms_key_id == "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c"
      && aws_cloudwatch_log_group.this["start"].kms_key_id == null
    )
    error_message = "The key of the log group would be taken off, or given to the other."
  }
}

run "schedules_stay_in_their_group" {
  # The ARN of the module's own group is known once it is made.
  command = apply

  variables {
    adopt = { schedules = { dev-stop = { group = "default", name = "NightlyStop" } } }
  }

  assert {
    condition = [for name in ["dev-start", "dev-stop"] : "${aws_scheduler_schedule.this[name].group_name}/${aws_scheduler_schedule.this[name].name}"] == [
      "dev/dev-start",
      "default/NightlyStop",
    ]
    error_message = "The schedules are named otherwise."
  }
  assert {
    condition = jsondecode(aws_iam_role.scheduler[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == [
      "arn:aws:scheduler:ap-northeast-2:123456789012:schedule-group/mock",
      "arn:aws:scheduler:ap-northeast-2:123456789012:schedule-group/default",
    ]
    error_message = "The adopted schedule may not take on the role."
  }
}

# --- Refusals --------------------------------------------------------------------------------------------------------

run "role_by_its_arn" {
  command = plan

  variables {
    adopt = { role = { name = "arn:aws:iam::123456789012:role/EC2StartStopRole" } }
  }

  expect_failures = [output.schedules]
}

run "role_path" {
  command = plan

  variables {
    adopt = { role = { name = "EC2StartStopRole", path = "service-role" } }
  }

  expect_failures = [output.schedules]
}

run "policy_by_its_name" {
  command = plan

  variables {
    adopt = { role = { name = "EC2StartStopRole", keep_policy_arns = ["ReadOnlyAccess"] } }
  }

  expect_failures = [output.schedules]
}

run "schedule_without_its_group" {
  command = plan

  variables {
    adopt = { schedules = { dev-stop = { name = "Nightly" } } }
  }

  expect_failures = [output.schedules]
}

run "schedule_twice" {
  command = plan

  variables {
    adopt = {
      schedules = {
        dev-start = { group = "default", name = "Nightly" }
        dev-stop  = { group = "default", name = "Nightly" }
      }
    }
  }

  expect_failures = [output.schedules]
}

run "key_of_what_is_no_action" {
  command = plan

  variables {
    adopt = { functions = { logs = { name = "Logs" } } }
  }

  expect_failures = [output.schedules]
}

run "function_without_a_schedule" {
  command = plan

  variables {
    schedules = { dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" } }
    adopt     = { functions = { start = { name = "StartEC2Instances" } } }
  }

  expect_failures = [output.schedules]
}

run "rule_for_no_schedule" {
  command = plan

  variables {
    trigger = "event-rule"
    adopt   = { schedules = { nightly = { rule = "NightlyStop", target_id = "Id1" } } }
  }

  expect_failures = [output.schedules]
}

run "rule_with_trigger_scheduler" {
  command = plan

  variables {
    adopt = { schedules = { dev-stop = { rule = "NightlyStop", target_id = "Id1" } } }
  }

  expect_failures = [output.schedules]
}

run "schedule_with_trigger_event_rule" {
  command = plan

  variables {
    trigger = "event-rule"
    adopt   = { schedules = { dev-stop = { group = "default", name = "NightlyStop" } } }
  }

  expect_failures = [output.schedules]
}

run "adopted_role_with_role_arn" {
  command = plan

  variables {
    role_arn = "arn:aws:iam::123456789012:role/functions"
    adopt    = { role = { name = "EC2StartStopRole" } }
  }

  expect_failures = [output.schedules]
}
