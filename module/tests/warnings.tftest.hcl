# What warn_minutes adds, and where it is refused. Nothing here reaches AWS: the provider is a mock.

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
  name   = "dev"
  alerts = { email = "ops@example.com" }
  targets = {
    dev = { instance_ids = ["i-0123456789abcdef0"] }
  }
  schedules = {
    dev-start = { action = "start", expression = "cron(0 8 ? * MON-FRI *)", targets = "dev" }
    dev-stop = {
      action           = "stop"
      expression       = "cron(10 20 ? * MON-FRI *)"
      targets          = "dev"
      holidays         = "kr"
      stop_on_holidays = false
      hibernate        = true
      warn_minutes     = 30
    }
  }
  holidays = { kr = ["2026-12-25"] }
}

run "warning_by_a_schedule" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = {
        action       = "stop"
        expression   = "cron(10 20 ? * MON-FRI *)"
        targets      = "dev"
        timezone     = "Asia/Seoul"
        enabled      = false
        warn_minutes = 30
      }
      midnight = {
        action       = "stop"
        expression   = "cron(30 00 ? * TUE-SAT *)"
        targets      = "dev"
        warn_minutes = 30
      }
      once = { action = "stop", expression = "at(2027-03-01T00:15:00)", targets = "dev", warn_minutes = 1440 }
      overnight = {
        action          = "stop"
        expression      = "cron(10 0 ? * TUE-SAT *)"
        targets         = "dev"
        warn_minutes    = 15
        warn_expression = "cron(55 23 ? * MON-FRI *)"
      }
    }
  }

  assert {
    condition = {
      for name, s in aws_scheduler_schedule.this : name =>
      "${s.schedule_expression} ${s.schedule_expression_timezone} ${s.state}" if endswith(name, "-warn")
      } == {
      dev-stop-warn  = "cron(40 19 ? * MON-FRI *) Asia/Seoul DISABLED"
      midnight-warn  = "cron(0 0 ? * TUE-SAT *) UTC ENABLED"
      once-warn      = "at(2027-02-28T00:15:00) UTC ENABLED"
      overnight-warn = "cron(55 23 ? * MON-FRI *) UTC ENABLED"
    }
    error_message = "A warning does not fire so much before its stop."
  }
}

run "warning_by_a_rule" {
  command = apply

  variables {
    trigger = "event-rule"
  }

  assert {
    condition = (
      join(" ", keys(aws_cloudwatch_event_rule.this)) == "dev-start dev-stop dev-stop-warn" &&
      aws_cloudwatch_event_rule.this["dev-stop-warn"].name == "dev.dev-stop-warn" &&
      aws_cloudwatch_event_rule.this["dev-stop-warn"].schedule_expression == "cron(40 19 ? * MON-FRI *)" &&
      aws_cloudwatch_event_rule.this["dev-stop-warn"].description == "Warns 30 minutes before dev-stop"
    )
    error_message = "The warning is not a rule of its own, half an hour earlier."
  }
  assert {
    condition = jsondecode(
      replace(aws_cloudwatch_event_target.this["dev-stop-warn"].input_transformer[0].input_template, "<time>", "0")
      ) == {
      scheduledTime = 0
      schedule      = "dev-stop-warn"
      action        = "stop"
      targets       = [{ region = "ap-northeast-2", instanceIds = ["i-0123456789abcdef0"] }]
      holidays      = ["2026-12-25"]
      latestMinutes = 60
      warnMinutes   = 30
    }
    error_message = "The warning's request is not that of its stop with warnMinutes."
  }
  assert {
    condition = !can(jsondecode(
      replace(aws_cloudwatch_event_target.this["dev-stop"].input_transformer[0].input_template, "<time>", "0")
    ).warnMinutes)
    error_message = "The stop only warns."
  }
  assert {
    condition     = aws_cloudwatch_event_target.this["dev-stop-warn"].retry_policy[0].maximum_event_age_in_seconds == 60
    error_message = "The warning is tried when its stop is due."
  }
  assert {
    condition = (
      aws_lambda_function.this["stop"].environment[0].variables.TOPIC_ARN
      == "arn:aws:sns:ap-northeast-2:123456789012:dev-alerts" &&
      !can(aws_lambda_function.this["start"].environment[0].variables.TOPIC_ARN)
    )
    error_message = "Not just the function that stops knows the topic."
  }
  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.functions[0].policy).Statement : s if s.Sid == "PublishWarnings"] == [{
      Sid      = "PublishWarnings"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = ["arn:aws:sns:ap-northeast-2:123456789012:dev-alerts"]
    }]
    error_message = "The role may not publish to the topic, or to others too."
  }
  assert {
    condition = [for s in jsondecode(aws_kms_key.alerts[0].policy).Statement : s.Principal.AWS if s.Sid == "FunctionsEncrypt"] == [
      "arn:aws:iam::123456789012:role/dev-functions-ap-northeast-2"
    ]
    error_message = "The topic's key refuses the role that publishes."
  }
}

run "warning_on_the_day_before_of_days_of_the_week" {
  command = plan

  variables {
    schedules = {
      a-stop = { action = "stop", expression = "cron(10 0 ? * TUE-SAT *)", targets = "dev", warn_minutes = 11 }
      b-stop = { action = "stop", expression = "cron(0 0 ? * SUN,MON,WED *)", targets = "dev", warn_minutes = 1 }
      c-stop = { action = "stop", expression = "cron(0 0 * * ? *)", targets = "dev", warn_minutes = 1440 }
      nights = { running = "SUN-THU 20:00-00:15", targets = "dev", warn_minutes = 30 }
    }
    targets = { dev = { instance_ids = ["i-0123456789abcdef0"] } }
  }

  assert {
    condition = [
      for name in ["a-stop-warn", "b-stop-warn", "c-stop-warn", "nights-stop-warn"] : output.schedules[name].expression
      ] == [
      "cron(59 23 ? * MON-FRI *)", "cron(59 23 ? * SUN,TUE,SAT *)", "cron(0 0 * * ? *)", "cron(45 23 ? * SUN-THU *)",
    ]
    error_message = "The warnings are on other days, or at other times."
  }
}

run "no_warning_by_default" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "cron(0 20 * * ? *)", targets = "dev" }
    }
  }

  assert {
    condition = (
      length(aws_scheduler_schedule.this) == 1 &&
      !can(aws_lambda_function.this["stop"].environment[0].variables.TOPIC_ARN) &&
      !contains(jsondecode(aws_iam_role_policy.functions[0].policy).Statement[*].Sid, "PublishWarnings")
    )
    error_message = "There is something for warnings that nothing asks for."
  }
}

run "warning_without_alerts" {
  command = plan

  variables {
    alerts = null
  }

  expect_failures = [output.schedules]
}

run "warning_on_the_day_before" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "cron(10 0 L * ? *)", targets = "dev", warn_minutes = 11 }
    }
  }

  expect_failures = [output.schedules]
}

run "warning_of_several_hours" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "cron(0 20,22 * * ? *)", targets = "dev", warn_minutes = 10 }
    }
  }

  expect_failures = [output.schedules]
}

run "warning_of_a_rate" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev", warn_minutes = 10 }
    }
  }

  expect_failures = [output.schedules]
}

run "warning_by_a_wrong_expression" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = {
        action          = "stop"
        expression      = "rate(1 day)"
        targets         = "dev"
        warn_minutes    = 10
        warn_expression = "cron(0 24 * * ? *)"
      }
    }
  }

  expect_failures = [output.schedules]
}

run "warning_by_the_name_of_a_schedule" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop      = { action = "stop", expression = "cron(0 20 * * ? *)", targets = "dev", warn_minutes = 10 }
      dev-stop-warn = { action = "stop", expression = "cron(0 21 * * ? *)", targets = "dev" }
    }
  }

  expect_failures = [output.schedules]
}

run "warning_with_a_long_name" {
  command = plan

  variables {
    targets = {
      abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdef = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdef = {
        action       = "stop"
        expression   = "cron(0 20 * * ? *)"
        targets      = "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdef"
        warn_minutes = 10
      }
    }
  }

  expect_failures = [output.schedules]
}
