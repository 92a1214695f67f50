# Starts and stops EC2 instances on a schedule: two Lambda functions, their role, and what triggers them.
#
#   requests.tf     what a trigger hands to a function
#   iam.tf          what the functions may do
#   scheduler.tf    trigger = "scheduler": EventBridge Scheduler; and where follow_ups are written
#   event_rules.tf  trigger = "event-rule": EventBridge rules
#   alerts.tf       alarms, and the queue of undelivered events
#   expressions.tf  checks the schedule expressions at plan, and puts those of warnings earlier
#
# Every resource is created before it is destroyed, so that an apply which AWS refuses leaves what fires now. For the same
# reason what works only together depends on each other, also where it needs no attribute: Terraform then destroys the old
# ones together, after all the new ones.

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
      condition     = self.input == local.current_location
      error_message = "provider: expected the account and region that this module was applied in, ${jsonencode(self.input)}, got ${jsonencode(local.current_location)}: destroy it there first, or give it a state of its own here."
    }
  }
}

locals {
  current_location = {
    account_id = data.aws_caller_identity.current.account_id
    partition  = data.aws_partition.current.partition
    # Version 6 of the provider has `region` and deprecates `id` and `name`; version 5 has no `region`, so naming it is an error.
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
      for service in ["cloudwatch", "ec2", "events", "lambda", "logs", "scheduler", "sns", "sqs"] :
      service => "arn:${local.partition}:${service}:${local.region}:${local.account_id}"
    },
  )

  # The actions that a schedule has: without a start schedule there is neither a start function nor its permission.
  actions = [for action in ["stop", "start"] : action if contains(values(var.schedules)[*].action, action)]

  function_names = {
    stop  = coalesce(var.stop_function_name, "${var.name}-StopEC2Instances")
    start = coalesce(var.start_function_name, "${var.name}-StartEC2Instances")
  }
  log_group_names = { for action, name in local.function_names : action => "/aws/lambda/${name}" }

  zip_file = "${path.module}/lambda.zip"

  # `adopt` must be consistent with the other variables.
  adopt_problems = concat(
    local.create_role || var.adopt.role == null ? [] : [
      "adopt.role: expected none with role_arn or create_roles = false, got ${var.adopt.role.name}."
    ],
    [
      for name in setsubtract(setunion(keys(var.adopt.rules), keys(var.adopt.schedules)), keys(var.schedules)) :
      "adopt: expected names that are in schedules (${join(", ", keys(var.schedules))}), got ${name}."
    ],
    var.trigger == "event-rule" || length(var.adopt.rules) == 0 ? [] : [
      "adopt.rules: expected none with trigger scheduler, got ${join(", ", keys(var.adopt.rules))}: write trigger = \"event-rule\", or adopt.schedules."
    ],
    var.trigger == "scheduler" || length(var.adopt.schedules) == 0 ? [] : [
      "adopt.schedules: expected none with trigger event-rule, got ${join(", ", keys(var.adopt.schedules))}: write trigger = \"scheduler\", or adopt.rules."
    ],
  )

  # Retries of a trigger for each firing, and of a function for each event.
  retry_attempts = 2

  # How long, in seconds, Lambda may retry an event: half of the shortest latest_minutes of the function's schedules, so
  # that the other half is left for the trigger. Lambda accepts 60 to 21,600.
  function_event_age = {
    for action in local.actions : action => max(60, min(21600, floor(
      min([for s in values(var.schedules) : s.latest_minutes if s.action == action]...) * 60 / 2
    )))
  }

  # How long the trigger may retry: together with the function at most latest_minutes, and a warning no longer than until
  # its stop. EventBridge accepts 60 to 86,400.
  trigger_event_age = {
    for name, s in local.triggers : name => max(60, min(86400,
      min(concat([s.latest_minutes], s.warn_minutes[*])...) * 60 - local.function_event_age[s.action]
    ))
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:The logs hold instance ids and states, no secrets, and CloudWatch Logs encrypts them by itself, unless log_group_kms_key_arn names a key
  #checkov:skip=CKV_AWS_338:log_retention_days says how long; a month of reports is enough to see what was missed
  for_each = toset(local.actions)

  name              = local.log_group_names[each.key]
  retention_in_days = var.log_retention_days
  kms_key_id        = lookup(var.adopt.log_group_kms_key_arns, each.key, var.log_group_kms_key_arn)
  skip_destroy      = var.keep_log_groups
  tags              = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:Its report and its metrics say what a run did; tracing adds the time of each run
  #checkov:skip=CKV_AWS_115:Each schedule is one invocation, and reserved_concurrency is taken from the rest of the account
  #checkov:skip=CKV_AWS_116:With alerts, undelivered events go to a queue by aws_lambda_function_event_invoke_config
  #checkov:skip=CKV_AWS_117:It talks to nothing but public APIs of AWS, from a VPC where vpc names one
  #checkov:skip=CKV_AWS_173:The environment holds instance ids and tags, no secrets, and Lambda encrypts it by itself
  #checkov:skip=CKV_AWS_272:The zip is built byte for byte from its sources; signing needs a profile of the account
  for_each = toset(local.actions)

  function_name = local.function_names[each.key]
  description   = "${each.key == "stop" ? "Stops" : "Starts"} EC2 instances when a schedule says so"
  role          = local.role_arn

  filename         = local.zip_file
  source_code_hash = filebase64sha256(local.zip_file)
  handler          = "index.handler"
  runtime          = var.runtime
  architectures    = [var.architecture]
  timeout          = var.timeout_seconds
  memory_size      = var.memory_mb

  reserved_concurrent_executions = var.reserved_concurrency

  dynamic "vpc_config" {
    for_each = var.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing ? ["Active"] : []

    content {
      mode = tracing_config.value
    }
  }

  environment {
    variables = local.environment[each.key]
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.this[each.key].name
    application_log_level = var.log_level
  }

  tags = var.tags

  # Lambda rejects a VPC, tracing and a destination that the role may not use yet, and needs it until its interfaces are gone.
  depends_on = [aws_iam_role_policy.functions, aws_scheduler_schedule_group.follow_ups]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = local.create_role || var.role_arn != null
      error_message = "role_arn: expected the ARN of a role, since create_roles is false, got none."
    }

    precondition {
      condition     = local.function_names.stop != local.function_names.start
      error_message = "start_function_name: expected a name other than that of the function that stops, got ${local.function_names.start}."
    }

    # Declared once, on the first function.
    precondition {
      condition     = length(local.adopt_problems) == 0 || each.key != local.actions[0]
      error_message = join("\n", local.adopt_problems)
    }

    precondition {
      condition     = local.watch_action == null || !can(var.schedules["watch"]) || each.key != local.actions[0]
      error_message = "schedules: expected no schedule called watch, which is the name of the watch that alerts.missed_firings needs, got one: rename it, or write missed_firings = false."
    }

    precondition {
      condition     = length(local.warning_problems) == 0 || each.key != local.actions[0]
      error_message = join("\n", local.warning_problems)
    }

    precondition {
      condition     = local.environment_lengths[each.key].own <= 4096
      error_message = "schedules: expected all targets of the ${each.key} schedules to fit in the 4,096 bytes of a function's environment (about 180 ids), got more: name the instances by tags instead, or put long commands into scripts on the instances."
    }

    precondition {
      condition     = local.environment_lengths[each.key].all <= 4096 || local.environment_lengths[each.key].own > 4096
      error_message = "follow_ups: expected all schedules, with their instances and holidays, to fit beside the targets of the ${each.key} schedules in the 4,096 bytes of a function's environment (about 80 ids), got ${local.environment_lengths[each.key].all}: name the instances by tags instead, shorten holidays, or leave follow_ups out."
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
