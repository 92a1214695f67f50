# What is refused at plan, a run for each rule.

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
  schedules = {
    dev-stop = { action = "stop", schedule_expression = "rate(1 day)", instance_ids = ["i-0123456789abcdef0"] }
  }
}

run "sizes" {
  module {
    source = "./tests/sizes"
  }
}

run "name" {
  command = plan

  variables {
    name = "has space"
  }

  expect_failures = [var.name]
}

run "name_of_aws_own_group" {
  command = plan

  variables {
    name = "default"
  }

  expect_failures = [var.name]
}

run "trigger" {
  command = plan

  variables {
    trigger = "cron"
  }

  expect_failures = [var.trigger]
}

run "no_schedule" {
  command = plan

  variables {
    schedules = {}
  }

  expect_failures = [var.schedules]
}

run "schedule_name" {
  command = plan

  variables {
    schedules = {
      "dev stop" = { action = "stop", schedule_expression = "rate(1 day)", instance_ids = ["i-0123456789abcdef0"] }
    }
  }

  expect_failures = [var.schedules]
}

run "action" {
  command = plan

  variables {
    schedules = {
      dev = { action = "terminate", schedule_expression = "rate(1 day)", instance_ids = ["i-0123456789abcdef0"] }
    }
  }

  expect_failures = [var.schedules]
}

run "timezone_abbreviation" {
  command = plan

  variables {
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, timezone = "KST" }
    }
  }

  expect_failures = [var.schedules]
}

run "timezone_offset" {
  command = plan

  variables {
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, timezone = "+09:00" }
    }
  }

  expect_failures = [var.schedules]
}

run "no_target" {
  command = plan

  variables {
    schedules = { dev-stop = { action = "stop", schedule_expression = "rate(1 day)" } }
  }

  expect_failures = [var.schedules]
}

run "instance_id" {
  command = plan

  variables {
    schedules = { dev-stop = { action = "stop", schedule_expression = "rate(1 day)", instance_ids = ["i-0123"] } }
  }

  expect_failures = [var.schedules]
}

run "instance_id_twice" {
  command = plan

  variables {
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "rate(1 day)"
        instance_ids        = ["i-0123456789abcdef0", "i-0123456789abcdef0"]
      }
    }
  }

  expect_failures = [var.schedules]
}

run "tag_key" {
  command = plan

  variables {
    schedules = { dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { "" = ["dev"] } } }
  }

  expect_failures = [var.schedules]
}

run "tag_keys_that_iam_cannot_tell_apart" {
  command = plan

  variables {
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { env = ["dev"], Env = ["dev"] } }
    }
  }

  expect_failures = [var.schedules]
}

run "tag_without_a_value" {
  command = plan

  variables {
    schedules = { dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { env = [] } } }
  }

  expect_failures = [var.schedules]
}

run "tag_not_expressible_in_a_policy" {
  command = plan

  variables {
    schedules = { dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { env = ["개발"] } } }
  }

  expect_failures = [var.schedules]
}

run "region" {
  command = plan

  variables {
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, regions = ["Seoul"] }
    }
  }

  expect_failures = [var.schedules]
}

run "two_regions_of_an_id" {
  command = plan

  variables {
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "rate(1 day)"
        instance_ids        = ["i-0123456789abcdef0"]
        regions             = ["ap-northeast-2", "us-east-1"]
      }
    }
  }

  expect_failures = [var.schedules]
}

run "holiday_that_does_not_exist" {
  command = plan

  variables {
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "rate(1 day)"
        tags                = { a = ["b"] }
        holidays            = ["2027-02-30"]
      }
    }
  }

  expect_failures = [var.schedules]
}

run "latest_minutes" {
  command = plan

  variables {
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, latest_minutes = 1 }
    }
  }

  expect_failures = [var.schedules]
}

run "a_schedule_called_as_the_watch" {
  command = plan

  variables {
    alerts = { email = "ops@example.com" }
    schedules = {
      watch = { action = "stop", schedule_expression = "cron(0 20 * * ? *)", tags = { a = ["b"] } }
    }
  }

  expect_failures = [aws_lambda_function.this]
}

run "description" {
  command = plan

  variables {
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "rate(1 day)"
        tags                = { a = ["b"] }
        description         = run.sizes.long_text
      }
    }
  }

  expect_failures = [var.schedules]
}

run "checks_after_a_stop" {
  command = plan

  variables {
    schedules = {
      dev = { action = "stop", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, checks = { tcp = [22] } }
    }
  }

  expect_failures = [var.schedules]
}

run "checks_of_nothing" {
  command = plan

  variables {
    schedules = { dev = { action = "start", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, checks = {} } }
  }

  expect_failures = [var.schedules]
}

run "more_checks_than_can_be_read" {
  command = plan

  variables {
    schedules = {
      dev = {
        action              = "start"
        schedule_expression = "rate(1 day)"
        tags                = { a = ["b"] }
        checks              = { tcp = range(1, 22) }
      }
    }
  }

  expect_failures = [var.schedules]
}

run "systemd_unit" {
  command = plan

  variables {
    schedules = {
      dev = {
        action              = "start"
        schedule_expression = "rate(1 day)"
        tags                = { a = ["b"] }
        checks              = { systemd = ["--now"] }
      }
    }
  }

  expect_failures = [var.schedules]
}

run "tcp_port" {
  command = plan

  variables {
    schedules = {
      dev = { action = "start", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, checks = { tcp = [65536] } }
    }
  }

  expect_failures = [var.schedules]
}

run "tcp_port_twice" {
  command = plan

  variables {
    schedules = {
      dev = { action = "start", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, checks = { tcp = [22, 22] } }
    }
  }

  expect_failures = [var.schedules]
}

run "blank_command" {
  command = plan

  variables {
    schedules = {
      dev = { action = "start", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, checks = { command = " " } }
    }
  }

  expect_failures = [var.schedules]
}

run "expression_of_a_schedule" {
  command = plan

  variables {
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "cron(0 20 ? * MON-FRIN *)"
        instance_ids        = ["i-0123456789abcdef0"]
      }
    }
  }

  expect_failures = [aws_scheduler_schedule.this]
}

run "expression_of_a_rule" {
  command = plan

  variables {
    trigger = "event-rule"
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "cron(0 20 ? * MON-FRIN *)"
        instance_ids        = ["i-0123456789abcdef0"]
      }
    }
  }

  expect_failures = [aws_cloudwatch_event_rule.this]
}

run "zone_of_a_rule" {
  command = plan

  variables {
    trigger = "event-rule"
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", tags = { a = ["b"] }, timezone = "Asia/Seoul" }
    }
  }

  expect_failures = [aws_cloudwatch_event_rule.this]
}

run "one_time_rule" {
  command = plan

  variables {
    trigger = "event-rule"
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "at(2030-01-31T20:00:00)"
        instance_ids        = ["i-0123456789abcdef0"]
      }
    }
  }

  expect_failures = [aws_cloudwatch_event_rule.this]
}

run "stop_function_name" {
  command = plan

  variables {
    stop_function_name = "stop it"
  }

  expect_failures = [var.stop_function_name]
}

run "start_function_name" {
  command = plan

  variables {
    start_function_name = "start it"
  }

  expect_failures = [var.start_function_name]
}

run "same_function_name" {
  command = plan

  variables {
    stop_function_name  = "both"
    start_function_name = "both"
  }

  expect_failures = [aws_lambda_function.this]
}

run "timeout_seconds" {
  command = plan

  variables {
    timeout_seconds = 901
  }

  expect_failures = [var.timeout_seconds]
}

run "memory_mb" {
  command = plan

  variables {
    memory_mb = 64
  }

  expect_failures = [var.memory_mb]
}

run "log_retention_days" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "runtime" {
  command = plan

  variables {
    runtime = "python3.9"
  }

  expect_failures = [var.runtime]
}

run "architecture" {
  command = plan

  variables {
    architecture = "arm"
  }

  expect_failures = [var.architecture]
}

run "max_instances" {
  command = plan

  variables {
    max_instances = 0
  }

  expect_failures = [var.max_instances]
}

run "hold_tag" {
  command = plan

  variables {
    hold_tag = ""
  }

  expect_failures = [var.hold_tag]
}

run "alias_of_a_key" {
  command = plan

  variables {
    kms_key_arns = ["arn:aws:kms:ap-northeast-2:123456789012:alias/volumes"]
  }

  expect_failures = [var.kms_key_arns]
}

run "permissions_boundary" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "role_arn" {
  command = plan

  variables {
    role_arn = "functions"
  }

  expect_failures = [var.role_arn]
}

run "scheduler_role_arn" {
  command = plan

  variables {
    scheduler_role_arn = "scheduler"
  }

  expect_failures = [var.scheduler_role_arn]
}

run "no_role_made_nor_given" {
  command = plan

  variables {
    create_roles = false
  }

  expect_failures = [aws_lambda_function.this]
}

run "alerts_without_a_recipient" {
  command = plan

  variables {
    alerts = {}
  }

  expect_failures = [var.alerts]
}

run "alerts_to_a_fifo_topic" {
  command = plan

  variables {
    alerts = { sns_topic_arn = "arn:aws:sns:ap-northeast-2:123456789012:alarms.fifo" }
  }

  expect_failures = [var.alerts]
}

run "alerts_to_a_topic_in_another_region" {
  command = plan

  variables {
    alerts = { sns_topic_arn = "arn:aws:sns:us-east-1:123456789012:alarms" }
  }

  expect_failures = [aws_sqs_queue.dead_letter]
}

run "alerts_to_no_address" {
  command = plan

  variables {
    alerts = { email = "ops" }
  }

  expect_failures = [var.alerts]
}

run "reserved_tag" {
  command = plan

  variables {
    tags = { "aws:cloudformation:stack-name" = "dev" }
  }

  expect_failures = [var.tags]
}

run "ids_beyond_a_roles_policy" {
  command = plan

  variables {
    schedules = {
      dev-stop = { action = "stop", schedule_expression = "rate(1 day)", instance_ids = run.sizes.ids_beyond_a_policy }
    }
  }

  expect_failures = [aws_iam_role_policy.functions]
}

run "ids_beyond_a_functions_environment" {
  command = plan

  variables {
    role_arn = "arn:aws:iam::123456789012:role/functions"
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "rate(1 day)"
        instance_ids        = run.sizes.ids_beyond_an_environment
      }
    }
  }

  expect_failures = [aws_lambda_function.this]
}

run "request_beyond_a_rules_input" {
  command = plan

  variables {
    trigger = "event-rule"
    schedules = {
      dev-start = {
        action              = "start"
        schedule_expression = "rate(1 day)"
        tags                = { a = ["b"] }
        holidays            = run.sizes.holidays_beyond_an_input
      }
    }
  }

  expect_failures = [aws_cloudwatch_event_target.this]
}

run "schedules_beyond_an_environment_with_follow_ups" {
  command = plan

  variables {
    follow_ups = true
    schedules = {
      dev-stop = {
        action              = "stop"
        schedule_expression = "rate(1 day)"
        instance_ids        = slice(run.sizes.ids_beyond_a_policy, 0, 100)
      }
    }
  }

  expect_failures = [aws_lambda_function.this]
}
