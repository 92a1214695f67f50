# What is made, by option. Nothing here reaches AWS: the provider is a mock.

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
    dev-start = { action = "start", expression = "cron(0 8 ? * MON-FRI *)", targets = "dev", timezone = "UTC" }
    dev-stop  = { action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = "dev", timezone = "UTC" }
  }
}

run "scheduler_by_default" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule_group.this[0].name == "dev"
    error_message = "The schedules are not in a group of their own."
  }
  assert {
    condition     = sort(keys(aws_scheduler_schedule.this)) == tolist(["dev-start", "dev-stop"])
    error_message = "There is not one schedule for each."
  }
  assert {
    condition     = length(aws_cloudwatch_event_rule.this) == 0 && length(aws_lambda_permission.event_rules) == 0
    error_message = "There are rules as well as schedules."
  }
  assert {
    condition     = length(aws_sqs_queue.dead_letter) == 0 && length(aws_cloudwatch_metric_alarm.this) == 0
    error_message = "There are alerts without the variable alerts."
  }
}

run "a_schedule_carries_its_request" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"], tags = { Note = ["<aws.scheduler.scheduled-time>"] } }
    }
    schedules = {
      dev-stop = {
        action         = "stop"
        expression     = "cron(0 20 ? * MON-FRI *)"
        targets        = "dev"
        timezone       = "Asia/Seoul"
        hibernate      = true
        latest_minutes = 30
      }
    }
  }

  assert {
    condition = (
      startswith(aws_scheduler_schedule.this["dev-stop"].target[0].input, "{\"scheduledTime\":\"<aws.scheduler.scheduled-time>\",")
    )
    error_message = "The placeholder of the firing's time is not as Scheduler reads it."
  }
  assert {
    condition     = length(regexall("<", aws_scheduler_schedule.this["dev-stop"].target[0].input)) == 1
    error_message = "A < of the user's could be taken for a placeholder."
  }
  assert {
    condition = jsondecode(aws_scheduler_schedule.this["dev-stop"].target[0].input) == {
      scheduledTime = "<aws.scheduler.scheduled-time>"
      schedule      = "dev-stop"
      action        = "stop"
      timezone      = "Asia/Seoul"
      latestMinutes = 30
      hibernate     = true
      targets = [{
        region      = "ap-northeast-2"
        instanceIds = ["i-0123456789abcdef0"]
        tags        = { Note = ["<aws.scheduler.scheduled-time>"] }
      }]
    }
    error_message = "The request is not what the function reads."
  }
  assert {
    condition     = aws_scheduler_schedule.this["dev-stop"].schedule_expression_timezone == "Asia/Seoul"
    error_message = "The schedule is not in its own zone."
  }
  # Together at most latest_minutes.
  assert {
    condition = (
      aws_scheduler_schedule.this["dev-stop"].target[0].retry_policy[0].maximum_event_age_in_seconds == 900 &&
      aws_lambda_function_event_invoke_config.this["stop"].maximum_event_age_in_seconds == 900
    )
    error_message = "An event may wait longer than latest_minutes allows."
  }
}

run "holidays_keep_starts_only" {
  command = plan

  variables {
    targets = {
      start = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      start = { action = "start", expression = "rate(1 day)", targets = "start", holidays = "kr" }
      stop  = { action = "stop", expression = "rate(1 day)", targets = "start", holidays = "kr2" }
      stop-rarely = {
        action           = "stop"
        expression       = "rate(1 day)"
        targets          = "start"
        holidays         = "kr2"
        stop_on_holidays = false
      }
    }
    holidays = { kr = ["2027-02-08", "2027-01-01", "2027-01-01"], kr2 = ["2027-01-01"] }
  }

  assert {
    condition = (
      jsondecode(aws_scheduler_schedule.this["start"].target[0].input).holidays == ["2027-01-01", "2027-02-08"]
    )
    error_message = "A start does not know its holidays, each once and in order."
  }
  assert {
    condition     = !can(jsondecode(aws_scheduler_schedule.this["stop"].target[0].input).holidays)
    error_message = "Holidays keep a stop from running although stop_on_holidays is true."
  }
  assert {
    condition     = jsondecode(aws_scheduler_schedule.this["stop-rarely"].target[0].input).holidays == ["2027-01-01"]
    error_message = "A stop does not get its holidays although stop_on_holidays is false."
  }

  # A stop runs on its holidays, which is told.
  expect_failures = [check.arguments_have_an_effect]
}

run "event_rules" {
  command = plan

  variables {
    trigger = "event-rule"
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this["dev-stop"].name == "dev.dev-stop"
    error_message = "A rule's name does not begin with the prefix, as the functions' permission needs."
  }
  assert {
    condition = (
      startswith(aws_cloudwatch_event_target.this["dev-stop"].input_transformer[0].input_template, "{\"scheduledTime\":<time>,")
    )
    error_message = "The placeholder of the firing's time is not as EventBridge reads it."
  }
  assert {
    condition = (
      aws_lambda_permission.event_rules["stop"].source_arn == "arn:aws:events:ap-northeast-2:123456789012:rule/dev.*"
    )
    error_message = "Not just the rules made here may invoke the function."
  }
  assert {
    condition = (
      length(aws_scheduler_schedule.this) == 0
      && length(aws_scheduler_schedule_group.this) == 0
      && length(aws_iam_role.scheduler) == 0
    )
    error_message = "Resources of EventBridge Scheduler are made as well as rules."
  }
}

run "only_the_function_that_is_needed" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition     = keys(aws_lambda_function.this) == ["stop"] && keys(aws_cloudwatch_log_group.this) == ["stop"]
    error_message = "There is a function that starts, without a schedule that does."
  }
  assert {
    condition     = aws_lambda_function.this["stop"].environment[0].variables["ACTION"] == "stop"
    error_message = "The function may do more than stop."
  }
}

run "a_disabled_schedule_does_not_fire" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev", enabled = false }
    }
    alerts = { email = "ops@example.com" }
  }

  assert {
    condition     = aws_scheduler_schedule.this["dev-stop"].state == "DISABLED"
    error_message = "A disabled schedule fires."
  }
  assert {
    condition = alltrue([
      for target in jsondecode(aws_lambda_function.this["stop"].environment[0].variables["TARGETS"]) : !target.default
    ])
    error_message = "The console's Test button would run a disabled schedule."
  }
}

run "the_known_targets_name_each_instance_once" {
  command = plan

  variables {
    targets = {
      a = { instance_ids = ["i-0000000000000000a", "i-0000000000000000b"] }
      b = { instance_ids = ["i-0000000000000000b", "i-0000000000000000c"] }
      c = { tags = { Environment = ["qa"] }, regions = ["us-east-1", "us-west-2"] }
      d = { tags = { Environment = ["qa"] }, regions = ["us-east-1"] }
      e = { instance_ids = ["i-0000000000000000c", "i-0000000000000000d"] }
      f = { tags = { Environment = ["qa"] }, regions = ["us-west-2", "eu-west-1"] }
    }
    schedules = {
      a-stop = { action = "stop", expression = "rate(1 day)", targets = "a" }
      b-stop = { action = "stop", expression = "rate(1 day)", targets = "b" }
      c-stop = { action = "stop", expression = "rate(1 day)", targets = "c" }
      d-stop = { action = "stop", expression = "rate(1 day)", targets = "d" }
      e-stop = { action = "stop", expression = "rate(1 day)", targets = "e", enabled = false }
      f-stop = { action = "stop", expression = "rate(1 day)", targets = "f", enabled = false }
    }
  }

  assert {
    condition = jsondecode(aws_lambda_function.this["stop"].environment[0].variables["TARGETS"]) == [
      { region = "ap-northeast-2", instanceIds = ["i-0000000000000000a", "i-0000000000000000b", "i-0000000000000000c"] },
      { region = "us-east-1", tags = { Environment = ["qa"] } },
      { region = "us-west-2", tags = { Environment = ["qa"] } },
      { region = "ap-northeast-2", instanceIds = ["i-0000000000000000d"], default = false },
      { region = "eu-west-1", tags = { Environment = ["qa"] }, default = false },
    ]
    error_message = "The function does not know all targets of its schedules, or not which the default request has."
  }
}

run "function_settings" {
  command = plan

  variables {
    functions = {
      stop_name          = "StopEC2Instances"
      start_name         = "StartEC2Instances"
      timeout_seconds    = 900
      memory_mb          = 512
      log_retention_days = 365
      runtime            = "nodejs20.x"
      architecture       = "x86_64"
    }
    max_instances = 5
    hold_tag      = "hold"
    tags          = { Team = "ops" }
  }

  assert {
    condition = (
      aws_lambda_function.this["stop"].function_name == "StopEC2Instances" &&
      aws_lambda_function.this["stop"].timeout == 900 &&
      aws_lambda_function.this["stop"].memory_size == 512 &&
      aws_lambda_function.this["stop"].runtime == "nodejs20.x" &&
      aws_lambda_function.this["stop"].architectures == tolist(["x86_64"]) &&
      aws_lambda_function.this["stop"].environment[0].variables["MAX_INSTANCES"] == "5" &&
      aws_lambda_function.this["stop"].environment[0].variables["HOLD_TAG"] == "hold"
    )
    error_message = "The function is not as set."
  }
  assert {
    condition = (
      aws_cloudwatch_log_group.this["start"].name == "/aws/lambda/StartEC2Instances"
      && aws_cloudwatch_log_group.this["start"].retention_in_days == 365
    )
    error_message = "The log group is not as set."
  }
  assert {
    condition = alltrue([
      for tags in [aws_lambda_function.this["stop"].tags, aws_cloudwatch_log_group.this["stop"].tags, aws_iam_role.functions[0].tags, aws_scheduler_schedule_group.this[0].tags] :
      tags == tomap({ Team = "ops" })
    ])
    error_message = "Something bears no tags."
  }
}

run "alerts_to_an_address" {
  command = plan

  variables {
    alerts = { email = "ops@example.com" }
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition = (
      aws_sns_topic_subscription.alerts[0].endpoint == "ops@example.com"
      && length(aws_kms_key.alerts) == 1
    )
    error_message = "There is no encrypted topic that sends to the address."
  }
  assert {
    condition = sort([
      for alarm in values(aws_cloudwatch_metric_alarm.this) : alarm.alarm_name
    ]) == tolist(["dev.dead-letters", "dev.missed-dev-stop", "dev.stop-failed"])
    error_message = "The alarms are not those that are documented."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["missed-dev-stop"].evaluation_periods == 26
    error_message = "The alarm on a rate does not wait a day, an hour more, and latest_minutes."
  }
  assert {
    condition     = length(aws_sqs_queue.dead_letter) == 1 && length(aws_sqs_queue_policy.dead_letter) == 0
    error_message = "The queue has a policy although only roles send to it."
  }
}

run "alerts_on_missed_firings" {
  command = plan

  variables {
    alerts = { email = "ops@example.com" }
    targets = {
      dev = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-start = { action = "start", expression = "at(2027-01-01T08:00:00)", targets = "dev" }
      dev-stop  = { action = "stop", expression = "cron(0 20 1 * ? *)", targets = "dev", timezone = "Asia/Seoul" }
      off       = { action = "stop", expression = "cron(0 20 * * ? *)", targets = "dev", enabled = false }
      rare      = { action = "stop", expression = "rate(7 days)", targets = "dev" }
    }
  }

  assert {
    condition = [
      for name in keys(aws_cloudwatch_metric_alarm.this) : name if startswith(name, "missed-")
    ] == ["missed-dev-start", "missed-dev-stop", "missed-watch"]
    error_message = "Not each schedule whose firings are known has an alarm."
  }
  assert {
    condition = jsondecode(aws_scheduler_schedule.watch["watch"].target[0].input) == {
      scheduledTime = "<aws.scheduler.scheduled-time>"
      watch         = "watch"
      functionNames = { stop = "dev-StopEC2Instances", start = "dev-StartEC2Instances" }
      schedules = [
        { name = "dev-start", action = "start", expression = "at(2027-01-01T08:00:00)" },
        { name = "dev-stop", action = "stop", expression = "cron(0 20 1 * ? *)", timezone = "Asia/Seoul" },
      ]
    }
    error_message = "The watch does not know when the schedules fire."
  }
}

run "alerts_without_missed_firings" {
  command = plan

  variables {
    alerts = { email = "ops@example.com", missed_firings = false }
    targets = {
      watch = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      watch = { action = "stop", expression = "cron(0 20 * * ? *)", targets = "watch" }
    }
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "missed-watch") && length(aws_scheduler_schedule.watch) == 0
    error_message = "There is a watch although missed firings raise no alarm."
  }
}

run "alerts_that_name_services" {
  command = plan

  variables {
    alerts = { email = "ops@example.com" }
    targets = {
      dev  = { instance_ids = ["i-0123456789abcdef0"], checks = { systemd = ["nginx"], tcp = [5432] } }
      dev2 = { instance_ids = ["i-0123456789abcdef0"] }
    }
    schedules = {
      dev-start = { action = "start", expression = "rate(1 day)", targets = "dev" }
      dev-stop  = { action = "stop", expression = "rate(1 day)", targets = "dev2" }
    }
  }

  assert {
    condition = (
      jsondecode(aws_lambda_function.this["start"].environment[0].variables.TARGETS)[0].checks ==
      { systemd = ["nginx"], tcp = [5432] }
    )
    error_message = "The start function does not know its checks."
  }
  assert {
    condition     = jsondecode(aws_scheduler_schedule.this["dev-start"].target[0].input).targets[0].checks == true
    error_message = "A start's request has checks of its own, or asks for none."
  }
  assert {
    condition     = !can(regex("checks", aws_lambda_function.this["stop"].environment[0].variables.TARGETS))
    error_message = "A stop has checks."
  }
  assert {
    condition = alltrue([
      for alarm in [for name in ["start-failed", "stop-failed"] : aws_cloudwatch_metric_alarm.this[name]] :
      alarm.metric_name == "AsyncEventsDropped" && alarm.evaluation_periods == 5 && alarm.datapoints_to_alarm == 1
    ])
    error_message = "The alarms on failed runs do not see late data, or count what a retry mends."
  }
  assert {
    condition = (
      length(aws_lambda_function_event_invoke_config.this["start"].destination_config) == 1
      && length(aws_lambda_function_event_invoke_config.this["stop"].destination_config) == 0
    )
    error_message = "The topic does not get the records of failed starts, or it gets those of stops."
  }
  assert {
    condition = jsondecode(aws_kms_key.alerts[0].policy).Statement[2] == {
      Sid       = "FunctionsEncrypt"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/dev-functions-ap-northeast-2" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = "*"
    }
    error_message = "The functions cannot publish through the topic's key."
  }
  assert {
    condition = (
      can(regex("arn:aws:sns:ap-northeast-2:123456789012:dev-alerts", aws_iam_role_policy.functions[0].policy))
    )
    error_message = "The functions may not publish to the topic."
  }
}

run "alerts_to_a_topic" {
  command = plan

  variables {
    trigger = "event-rule"
    alerts  = { sns_topic_arn = "arn:aws:sns:ap-northeast-2:123456789012:alarms" }
  }

  assert {
    condition     = length(aws_sns_topic.alerts) == 0 && length(aws_kms_key.alerts) == 0
    error_message = "A topic is made although one was given."
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["stop-failed"].alarm_actions ==
      toset(["arn:aws:sns:ap-northeast-2:123456789012:alarms"])
    )
    error_message = "Alarms do not go to the topic."
  }
  assert {
    condition     = length(aws_sqs_queue_policy.dead_letter) == 1 && contains(keys(aws_cloudwatch_metric_alarm.this), "dead-letters")
    error_message = "Rules cannot send undelivered events to the queue, or there is no alarm on them."
  }
}

run "roles_of_ones_own" {
  command = plan

  variables {
    role_arn           = "arn:aws:iam::123456789012:role/operations/functions"
    scheduler_role_arn = "arn:aws:iam::123456789012:role/operations/scheduler"
  }

  assert {
    condition = (
      length(aws_iam_role.functions) + length(aws_iam_role_policy.functions) + length(aws_iam_role.scheduler) + length(aws_iam_role_policy.scheduler) ==
      0
    )
    error_message = "Something of IAM is made."
  }
  assert {
    condition = (
      aws_lambda_function.this["stop"].role == var.role_arn
      && aws_scheduler_schedule.this["dev-stop"].target[0].role_arn == var.scheduler_role_arn
    )
    error_message = "The roles are not used."
  }
  assert {
    condition     = output.role_arn == var.role_arn && can(jsondecode(output.function_policy).Statement)
    error_message = "The outputs do not say which role, or what it needs."
  }
}
