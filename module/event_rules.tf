# trigger = "event-rule": EventBridge rules on the default bus. They read UTC, and an input transformer passes the
# request to a function.

locals {
  # An adopted rule keeps its name, which need not begin with the prefix.
  rule_names = {
    for name in keys(local.triggers) : name => try(local.adopted_rules[name].rule, "${local.name}.${name}")
  }

  # The * stands for the names of the schedules. A deployment's name has no dot, so no rule of another one begins so.
  own_rule_arns = "${local.arn_prefixes.events}:rule/${local.name}.*"
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name                = local.rule_names[each.key]
  description         = local.descriptions[each.key]
  schedule_expression = each.value.expression
  state               = each.value.enabled ? "ENABLED" : "DISABLED"
  tags                = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.rules

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = try(local.adopted_rules[each.key].target_id, "function")
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
      condition = length(local.rule_inputs[each.key]) <= local.max_rule_input_length
      error_message = join("", [
        "schedules[\"${each.key}\"]: expected targets and holidays that fit in the 8,192 characters of a rule's ",
        "input, got ${length(local.rule_inputs[each.key])}: name the instances by tags instead.",
      ])
    }
  }
}

# One permission per function for all rules: a resource policy holds 20 KB, too little for one per rule.
resource "aws_lambda_permission" "event_rules" {
  for_each = toset(local.trigger == "event-rule" ? local.actions : [])

  # With another name, this statement is there before the old one goes.
  statement_id  = "AllowRulesOf-${local.name}"
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
  for_each = { for name, each in local.adopted_rules : name => each if contains(keys(local.rules), name) }

  # Unlike rules, statements have no dots in their names.
  statement_id  = "AllowAdoptedRule-${replace(each.value.rule, ".", "_dot_")}"
  function_name = aws_lambda_function.this[local.schedules[each.key].action].function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this[each.key].arn

  lifecycle {
    create_before_destroy = true
  }
}
