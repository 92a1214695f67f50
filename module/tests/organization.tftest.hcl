# Network, keys, paths and roles that an organization brings. Nothing here reaches AWS: the provider is a mock.

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
    dev = { instance_ids = ["i-0123456789abcdef0"] }
  }
  schedules = {
    dev-stop = { action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = "dev" }
  }
}

run "leaves_all_of_it_out_unless_asked" {
  command = plan

  assert {
    condition = (
      length(aws_lambda_function.this["stop"].vpc_config) == 0 &&
      !strcontains(aws_iam_role_policy.functions[0].policy, "NetworkInterface") &&
      !strcontains(aws_iam_role_policy.functions[0].policy, "xray") &&
      aws_iam_role.functions[0].path == "/"
    )
    error_message = "Expected no VPC, no permissions of one, no traces and the path / by default"
  }
}

run "puts_the_roles_into_the_path" {
  command = plan

  variables {
    role_path  = "/teams/ops/"
    follow_ups = true
  }

  assert {
    condition     = [aws_iam_role.functions[0].path, aws_iam_role.scheduler[0].path] == ["/teams/ops/", "/teams/ops/"]
    error_message = "Expected both roles in the path"
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.functions[0].policy, "role/teams/ops/dev-scheduler-ap-northeast-2-0b76e3")
    error_message = "Expected the role that follow-ups pass on to be named with its path"
  }
}

run "refuses_no_subnet" {
  command = plan

  variables {
    functions = { vpc = { subnet_ids = [], security_group_ids = ["sg-0123456789abcdef0"] } }
  }

  expect_failures = [output.schedules]
}

run "refuses_names_for_ids" {
  command = plan

  variables {
    functions = { vpc = { subnet_ids = ["private-a"], security_group_ids = ["sg-0123456789abcdef0"] } }
  }

  expect_failures = [output.schedules]
}

run "refuses_a_concurrency_of_none" {
  command = plan

  variables {
    functions = { reserved_concurrency = 0 }
  }

  expect_failures = [output.schedules]
}

run "refuses_an_unknown_log_level" {
  command = plan

  variables {
    functions = { log_level = "warning" }
  }

  expect_failures = [output.schedules]
}

run "refuses_an_alias_of_a_key" {
  command = plan

  variables {
    functions = { log_group_kms_key_arn = "alias/logs" }
  }

  expect_failures = [output.schedules]
}

run "refuses_a_path_without_its_end" {
  command = plan

  variables {
    role_path = "/teams/ops"
  }

  expect_failures = [output.schedules]
}
