# What is refused at plan, a run for each kind of mistake.

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
  targets   = { dev = { instance_ids = ["i-0123456789abcdef0"] } }
  schedules = { office = { running = "MON-FRI 08:00-20:00", targets = "dev" } }
}

run "sizes" {
  module {
    source = "./tests/sizes"
  }
}

# --- The likeliest mistakes; __tests__/e2e/module/refusals.test.ts says what is told of each ------------------------

run "misspelt_key_of_a_schedule" {
  command = plan

  variables {
    schedules = { office = { running = "MON-FRI 08:00-20:00", targets = "dev", time_zone = "Asia/Seoul" } }
  }

  expect_failures = [output.schedules]
}

run "misspelt_key_of_a_target" {
  command = plan

  variables {
    targets = { dev = { instance_ids = ["i-0123456789abcdef0"], exclude_tags = { Keep = "true" } } }
  }

  expect_failures = [output.schedules]
}

run "misspelt_target" {
  command = plan

  variables {
    schedules = { office = { running = "MON-FRI 08:00-20:00", targets = "dve" } }
  }

  expect_failures = [output.schedules]
}

run "misspelt_zone" {
  command = plan

  variables {
    timezone = "Asia/Soeul"
  }

  expect_failures = [output.schedules]
}

run "abbreviation_of_a_zone" {
  command = plan

  variables {
    timezone = "KST"
  }

  expect_failures = [output.schedules]
}

run "window_without_leading_zero" {
  command = plan

  variables {
    schedules = { office = { running = "MON-FRI 8:00-20:00", targets = "dev" } }
  }

  expect_failures = [output.schedules]
}

run "five_fields_in_cron" {
  command = plan

  variables {
    schedules = { stop = { action = "stop", expression = "cron(0 20 ? * MON-FRI)", targets = "dev" } }
  }

  expect_failures = [output.schedules]
}

run "instance_id" {
  command = plan

  variables {
    targets = { dev = { instance_ids = ["i-0123"] } }
  }

  expect_failures = [output.schedules]
}

run "windows_of_rules_in_a_zone" {
  command = plan

  variables {
    trigger  = "event-rule"
    timezone = "Asia/Seoul"
  }

  expect_failures = [output.schedules]
}

run "text_of_a_file_for_the_file" {
  command = plan

  variables {
    config    = "name: dev"
    targets   = null
    schedules = null
  }

  expect_failures = [output.schedules]
}

# --- Others --------------------------------------------------------------------------------------------------------

run "file_and_arguments" {
  command = plan

  variables {
    config = { schedules = { office = { running = "MON-FRI 08:00-20:00", targets = "dev" } } }
  }

  expect_failures = [output.schedules]
}

run "a_text_for_a_map" {
  command = plan

  variables {
    schedules = { office = "MON-FRI 08:00-20:00" }
  }

  expect_failures = [output.schedules]
}

run "windows_that_cover_the_week" {
  command = plan

  variables {
    schedules = { always = { running = "daily 00:00-24:00", targets = "dev" } }
  }

  expect_failures = [output.schedules]
}

run "an_action_as_well_as_windows" {
  command = plan

  variables {
    schedules = { office = { running = "MON-FRI 08:00-20:00", action = "stop", targets = "dev" } }
  }

  expect_failures = [output.schedules]
}

run "a_late_stop_after_the_next_start" {
  command = plan

  variables {
    schedules = { office = { running = ["MON 08:00-12:00", "MON 12:30-20:00"], targets = "dev", latest_minutes = 30 } }
  }

  expect_failures = [output.schedules]
}

run "start_and_stop_in_one_minute" {
  command = plan

  variables {
    schedules = {
      on  = { action = "start", expression = "cron(0 8 ? * MON *)", targets = "dev" }
      off = { action = "stop", expression = "cron(0 8 * * ? *)", targets = "dev" }
    }
  }

  expect_failures = [output.schedules]
}

run "names_that_windows_make" {
  command = plan

  variables {
    schedules = {
      office       = { running = "MON 08:00-12:00", targets = "dev" }
      office-start = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  expect_failures = [output.schedules]
}

run "one_time_rule" {
  command = plan

  variables {
    trigger   = "event-rule"
    schedules = { once = { action = "stop", expression = "at(2030-01-31T20:00:00)", targets = "dev" } }
  }

  expect_failures = [output.schedules]
}

run "a_schedule_called_as_the_watch" {
  command = plan

  variables {
    alerts    = { email = "ops@example.com" }
    schedules = { watch = { action = "stop", expression = "cron(0 20 * * ? *)", targets = "dev" } }
  }

  expect_failures = [output.schedules]
}

run "dates_that_need_converting" {
  command = plan

  variables {
    timezone  = "Europe/Berlin"
    schedules = { office = { running = "MON-FRI 08:00-20:00", targets = "dev", start_date = "2027-01-01" } }
  }

  expect_failures = [output.schedules]
}

run "hibernating_a_start" {
  command = plan

  variables {
    schedules = { start = { action = "start", expression = "rate(1 day)", targets = "dev", hibernate = true } }
  }

  expect_failures = [check.arguments_have_an_effect]
}

run "a_start_date_that_is_past" {
  command = plan

  variables {
    schedules = { office = { running = "MON-FRI 08:00-20:00", targets = "dev", start_date = "2020-01-01" } }
  }

  expect_failures = [check.start_dates_are_to_come]
}

run "wildcards_in_a_text" {
  command = plan

  variables {
    targets   = { dev = { tags = { Name = "web-*" } } }
    schedules = { stop = { action = "stop", expression = "rate(1 day)", targets = "dev" } }
  }

  expect_failures = [check.wildcards_are_patterns]
}

run "calendar_to_look_up" {
  command = plan

  variables {
    holidays = { kr = { country = "KR", years = [2027] } }
  }

  expect_failures = [output.schedules]
}

run "no_role_made_nor_given" {
  command = plan

  variables {
    create_role = false
  }

  expect_failures = [aws_lambda_function.this]
}

run "no_scheduler_role_made_nor_given" {
  command = plan

  variables {
    create_scheduler_role = false
  }

  expect_failures = [aws_scheduler_schedule.this]
}

run "alerts_without_a_recipient" {
  command = plan

  variables {
    alerts = {}
  }

  expect_failures = [output.schedules]
}

run "alerts_to_a_topic_in_another_region" {
  command = plan

  variables {
    alerts = { sns_topic_arn = "arn:aws:sns:us-east-1:123456789012:alarms" }
  }

  expect_failures = [output.schedules]
}

run "alerts_to_a_fifo_topic" {
  command = plan

  variables {
    alerts = { sns_topic_arn = "arn:aws:sns:ap-northeast-2:123456789012:alarms.fifo" }
  }

  expect_failures = [output.schedules]
}

# --- Sizes ---------------------------------------------------------------------------------------------------------

run "ids_beyond_a_roles_policy" {
  command = plan

  variables {
    targets   = { dev = { instance_ids = run.sizes.ids_beyond_a_policy } }
    schedules = { stop = { action = "stop", expression = "rate(1 day)", targets = "dev" } }
  }

  expect_failures = [aws_iam_role_policy.functions]
}

run "ids_beyond_a_functions_environment" {
  command = plan

  variables {
    role_arn  = "arn:aws:iam::123456789012:role/functions"
    targets   = { dev = { instance_ids = run.sizes.ids_beyond_an_environment } }
    schedules = { stop = { action = "stop", expression = "rate(1 day)", targets = "dev" } }
  }

  expect_failures = [aws_lambda_function.this]
}

run "schedules_beyond_an_environment_with_follow_ups" {
  command = plan

  variables {
    follow_ups = true
    targets    = { dev = { instance_ids = run.sizes.ids_beyond_an_environment_with_follow_ups } }
    schedules  = { stop = { action = "stop", expression = "rate(1 day)", targets = "dev" } }
  }

  expect_failures = [aws_lambda_function.this]
}

run "request_beyond_a_rules_input" {
  command = plan

  variables {
    trigger   = "event-rule"
    schedules = { start = { action = "start", expression = "rate(1 day)", targets = "dev", holidays = "kr" } }
    holidays  = { kr = run.sizes.holidays_beyond_an_input }
  }

  expect_failures = [aws_cloudwatch_event_target.this]
}
