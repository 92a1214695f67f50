# Starts and stops EC2 instances on a schedule: two Lambda functions, their role, and what triggers them.
#
#   input.tf        the arguments, or a config file, in one form
#   windows.tf      what `running` windows become
#   expressions.tf  what fires, and when
#   names.tf        names and keys that there are not, and the nearest ones
#   problems.tf     whatever else is wrong in the input
#   facts.tf        what all of these must know as the library does; generated
#   requests.tf     what a trigger hands to a function
#   iam.tf          what the functions may do
#   scheduler.tf    trigger = "scheduler": EventBridge Scheduler; and where follow_ups are written
#   event_rules.tf  trigger = "event-rule": EventBridge rules
#   alerts.tf       alarms, and the queue of undelivered events

# Every resource is created before it is destroyed, so that an apply which AWS refuses leaves what fires now. For the
# same reason what works only together depends on each other, also where it needs no attribute: Terraform then destroys
# the old ones together, after all the new ones.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# Where the module acts. The state keeps it, because Terraform defers the data sources while something changes that a
# module call depends on (depends_on): all that is put together from them would be unknown then, and replaced in part.
resource "terraform_data" "location" {
  input = local.current_location

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition = self.input == local.current_location
      error_message = join("", [
        "provider: expected the account and region that this module was applied in, ${jsonencode(self.input)}, got ",
        "${jsonencode(local.current_location)}: destroy it there first, or give it a state of its own here.",
      ])
    }
  }
}

locals {
  current_location = {
    account_id = data.aws_caller_identity.current.account_id
    partition  = data.aws_partition.current.partition
    # Version 6 of the provider has `region` and deprecates `id` and `name`; version 5 has no `region`, so naming it is
    # an error.
    region = lookup(data.aws_region.current, "region", lookup(data.aws_region.current, "id", null))
  }
  account_id = terraform_data.location.input.account_id
  partition  = terraform_data.location.input.partition
  region     = terraform_data.location.input.region

  # How ARNs of this account and region begin. ARNs in policies are built from names rather than read from resources, so
  # that a plan can show the policies.
  arn_prefixes = merge(
    { iam = "arn:${local.partition}:iam::${local.account_id}" },
    {
      for service in ["cloudwatch", "events", "lambda", "logs", "scheduler", "sns", "sqs"] :
      service => "arn:${local.partition}:${service}:${local.region}:${local.account_id}"
    },
  )

  # The actions that a schedule has: without a start schedule there is neither a start function nor its permission.
  actions = [
    for action in ["stop", "start"] : action if contains([for s in values(local.schedules) : s.action], action)
  ]

  function_names = {
    for action, each in {
      stop  = { given = local.functions.stop_name, default = "StopEC2Instances" }
      start = { given = local.functions.start_name, default = "StartEC2Instances" }
      } : action => coalesce([
        for name in [local.adopted_functions[action].name, each.given, "${local.name}-${each.default}"] :
        try(tostring(name), null)
    ]...)
  }
  log_group_names = { for action, name in local.function_names : action => "/aws/lambda/${name}" }

  zip_file = "${path.module}/lambda.zip"

  # Retries of a trigger for each firing, and of a function for each event.
  retry_attempts = 2

  # How long, in seconds, Lambda may retry an event: half of the shortest latest_minutes of the function's schedules, so
  # that the other half is left for the trigger. Lambda accepts 60 to 21,600.
  function_event_age = {
    for action in local.actions : action => max(60, min(21600, floor(
      min([for s in values(local.schedules) : s.latest_minutes if s.action == action]...) * 60 / 2
    )))
  }

  # How long the trigger may retry: together with the function at most latest_minutes, and a warning no longer than
  # until its stop. EventBridge accepts 60 to 86,400.
  trigger_event_age = {
    for name, s in local.triggers : name => max(60, min(86400,
      min(concat([s.latest_minutes], s.warn_minutes[*])...) * 60 - local.function_event_age[s.action]
    ))
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:The logs hold instance ids and states, no secrets; CloudWatch Logs encrypts them by itself
  #checkov:skip=CKV_AWS_338:log_retention_days says how long; a month of reports is enough to see what was missed
  for_each = toset(local.actions) # schedules: every action must be known at plan, not only after apply

  name              = local.log_group_names[each.key]
  retention_in_days = local.functions.log_retention_days
  skip_destroy      = local.keep_log_groups
  kms_key_id = [
    local.functions.log_group_kms_key_arn, local.adopted_functions[each.key].log_group_kms_key_arn
  ][local.adopted_functions[each.key].log_group_kms_key_arn == null ? 0 : 1]
  tags = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:Its report and its metrics say what a run did; tracing is a setting
  #checkov:skip=CKV_AWS_115:Each schedule is one invocation; reserved concurrency is taken from the rest of the account
  #checkov:skip=CKV_AWS_116:With alerts, an alarm counts the events that Lambda drops; the log has each run's report
  #checkov:skip=CKV_AWS_117:It talks to nothing but public APIs of AWS; functions.vpc puts it into a VPC
  #checkov:skip=CKV_AWS_173:The environment holds instance ids and tags, no secrets, and Lambda encrypts it by itself
  #checkov:skip=CKV_AWS_272:The zip is built byte for byte from its sources; signing needs a profile of the account
  for_each = toset(local.actions)

  function_name = local.function_names[each.key]
  description   = "${each.key == "stop" ? "Stops" : "Starts"} EC2 instances when a schedule says so"
  role          = local.role_arn

  filename         = local.zip_file
  source_code_hash = filebase64sha256(local.zip_file)
  handler          = "index.handler"
  runtime          = local.functions.runtime
  architectures    = [local.functions.architecture]
  timeout          = local.functions.timeout_seconds
  memory_size      = local.functions.memory_mb

  environment {
    variables = local.environment[each.key]
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this[each.key].name
    application_log_level = try(regex("^(${join("|", local.log_levels)})$", local.functions.log_level)[0], null)
  }

  reserved_concurrent_executions = local.functions.reserved_concurrency

  dynamic "vpc_config" {
    for_each = local.vpc

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "tracing_config" {
    for_each = local.traces ? ["Active"] : []

    content {
      mode = tracing_config.value
    }
  }

  tags = local.tags

  # Lambda rejects a VPC, tracing and a destination that the role may not use yet, and needs it until its interfaces are
  # gone.
  depends_on = [aws_iam_role_policy.functions, aws_scheduler_schedule_group.follow_ups]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = local.create_role || local.top.role_arn != null
      error_message = "role_arn: expected the ARN of a role, since create_role is false, got none."
    }

    precondition {
      condition = local.environment_lengths[each.key].own <= local.max_environment_bytes
      error_message = join("", [
        "targets: expected all targets of the ${each.key} schedules to fit in the 4,096 bytes of a function's ",
        "environment (about 180 ids), got ${local.environment_lengths[each.key].own}: ",
        local.size_advice,
        ", or put long commands into scripts on the instances.",
      ])
    }

    precondition {
      condition = (
        local.environment_lengths[each.key].all <= local.max_environment_bytes ||
        local.environment_lengths[each.key].own > local.max_environment_bytes
      )
      error_message = join("", [
        "follow_ups: expected all schedules, with their instances and holidays, to fit beside the targets of the ",
        "${each.key} schedules in the 4,096 bytes of a function's environment (about 80 ids), got ",
        "${local.environment_lengths[each.key].all}: name the instances by tags instead, shorten holidays, or ",
        "leave follow_ups out.",
      ])
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = toset(local.actions)

  function_name                = aws_lambda_function.this[each.key].function_name
  maximum_event_age_in_seconds = local.function_event_age[each.key]
  maximum_retry_attempts       = local.retry_attempts

  dynamic "destination_config" {
    for_each = local.failures_notify_topic[each.key] ? [local.alert_topic_arn] : []

    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
