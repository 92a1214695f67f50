# trigger = "event-rule": EventBridge rules on the default bus. They read UTC, and an input transformer passes the request
# to a function.

locals {
  # An adopted rule keeps its name, which need not begin with the prefix.
  rule_names = { for name in keys(local.triggers) : name => try(var.adopt.rules[name].rule_name, "${var.name}.${name}") }

  # The * stands for the names of the schedules. A deployment's name has no dot, so no rule of another one begins so.
  own_rule_arns = "${local.arn_prefixes.events}:rule/${var.name}.*"
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = { for name, s in local.triggers : name => s if var.trigger == "event-rule" }

  name                = local.rule_names[each.key]
  description         = local.descriptions[each.key]
  schedule_expression = each.value.schedule_expression
  state               = each.value.enabled ? "ENABLED" : "DISABLED"
  tags                = var.tags

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.expression_problems[each.key]) == 0
      error_message = join("\n", local.expression_problems[each.key])
    }

    precondition {
      condition     = each.value.timezone == "UTC" || each.value.warn_minutes != null
      error_message = "schedules[\"${each.key}\"].timezone: expected UTC, which is all that rules read, or trigger = \"scheduler\", got \"${each.value.timezone}\"."
    }

    precondition {
      condition     = !startswith(each.value.schedule_expression, "at(") || local.expression_arguments[each.key] == ""
      error_message = "${local.expression_arguments[each.key]}: expected cron(...) or rate(...), which is all that rules know, or trigger = \"scheduler\", got \"${each.value.schedule_expression}\"."
    }

    precondition {
      condition     = length(local.rule_names[each.key]) <= 64
      error_message = "schedules[\"${each.key}\"]: expected a name that makes a rule's name of at most 64 characters, got \"${local.rule_names[each.key]}\"."
    }
  }
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = { for name, s in local.triggers : name => s if var.trigger == "event-rule" }

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = try(var.adopt.rules[each.key].target_id, "function")
  arn       = aws_lambda_function.this[each.value.action].arn

  input_transformer {
    input_paths    = { time = "$.time" }
    input_template = local.rule_inputs[each.key]
  }

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

  depends_on = [
    aws_lambda_permission.event_rules,
    aws_lambda_permission.adopted_rules,
    aws_sqs_queue_policy.dead_letter,
  ]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.rule_inputs[each.key]) <= 8192
      error_message = "schedules[\"${each.key}\"]: expected targets and holidays that fit in the 8,192 characters of a rule's input, got ${length(local.rule_inputs[each.key])}: name the instances by tags instead."
    }
  }
}

# One permission per function for all rules: a resource policy holds 20 KB, too little for one per rule.
resource "aws_lambda_permission" "event_rules" {
  for_each = toset(var.trigger == "event-rule" ? local.actions : [])

  # With another name, this statement is there before the old one goes.
  statement_id  = "AllowRulesOf-${var.name}"
  function_name = aws_lambda_function.this[each.key].function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = local.own_rule_arns

  lifecycle {
    create_before_destroy = true
  }
}

# The permission that an adopted rule was given by hand cannot be imported: a change of any attribute replaces it.
resource "aws_lambda_permission" "adopted_rules" {
  for_each = var.trigger == "event-rule" ? var.adopt.rules : {}

  # Unlike rules, statements have no dots in their names.
  statement_id  = "AllowAdoptedRule-${replace(each.value.rule_name, ".", "_dot_")}"
  function_name = aws_lambda_function.this[var.schedules[each.key].action].function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this[each.key].arn

  lifecycle {
    create_before_destroy = true
  }
}
