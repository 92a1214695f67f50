# The arguments, or the config file, as the rest of the module reads them: in one spelling, with defaults, and with
# lists where the input may have one value. What is wrong in them is found in problems.tf; here it counts as absent.

locals {
  # Whether and as what a value is given is no secret, also where the value is.
  is_file = nonsensitive(sensitive(var.config != null))

  # The keys of each block as they are written in the input, and as the module names them: a config file has
  # instanceIds, an argument instance_ids.
  keys = {
    for block, kinds in local.kinds : block => merge(
      { for key in keys(kinds) : (local.is_file ? key : local.snake_case[key]) => local.snake_case[key] },
      # What Terraform cannot work out, as the library does, is said to the module.
      { for key in ["warn_expression"] : key => key if block == "schedule" && !local.is_file },
    )
  }
  # The kind of each key's value, by the module's name of the key.
  kinds_of = {
    for block, kinds in local.kinds : block => merge(
      { for key, kind in kinds : local.snake_case[key] => kind },
      { for key in ["warn_expression"] : key => "text" if block == "schedule" },
    )
  }
  snake_case = {
    for key in distinct(flatten([for kinds in values(local.kinds) : keys(kinds)])) :
    key => lower(replace(key, "/[A-Z]/", "_$0"))
  }
  camel_case = { for camel, snake in local.snake_case : snake => camel }
  # The module's name of a key as it is written in the input.
  written = merge([for keys in values(local.keys) : { for written, key in keys : key => written }]...)

  given = [
    local.arguments, merge([
      for value in [var.config] : value if nonsensitive(sensitive(startswith(jsonencode(value), "{")))
    ]...)
  ][local.is_file ? 1 : 0]
  arguments = {
    name                     = var.name
    timezone                 = var.timezone
    trigger                  = var.trigger
    targets                  = var.targets
    schedules                = var.schedules
    holidays                 = var.holidays
    functions                = var.functions
    alerts                   = var.alerts
    kms_key_arns             = var.kms_key_arns
    permissions_boundary_arn = var.permissions_boundary_arn
    role_arn                 = var.role_arn
    scheduler_role_arn       = var.scheduler_role_arn
    role_path                = var.role_path
    max_instances            = var.max_instances
    hold_tag                 = var.hold_tag
    follow_ups               = var.follow_ups
    events                   = var.events
    tags                     = var.tags
    adopt                    = var.adopt
  }

  given_top = { for written, key in local.keys.config : key => lookup(local.given, written, null) }
  # Without texts and numbers that are something else.
  top = {
    for key, value in local.given_top : key => [value, try(tostring(value), null), try(tonumber(value), null)][
      lookup({ text = 1, number = 2 }, local.kinds_of.config[key], 0)
    ]
  }

  # The blocks within it. JSON tells what something is also where parts of it are unknown before apply, which can() does
  # not; but not in Terraform 1.5, nor where they are sensitive, as an e-mail address may be. Of what JSON is not asked
  # here, variables.tf says that it must be a map.
  blocks = merge(
    {
      for block in ["targets", "schedules", "holidays", "tags", "adopt"] :
      block => merge([for value in [local.top[block]] : value if startswith(jsonencode(value), "{")]...)
    },
    {
      for block in ["alerts", "functions"] : block => merge({}, [
        for value in [local.top[block]] : value
        if local.is_file ? nonsensitive(sensitive(startswith(jsonencode(value), "{"))) : true
      ]...)
    },
  )
  entries = {
    for block in ["targets", "schedules", "holidays"] : block => {
      for name, entry in local.blocks[block] : name => merge([
        for value in [entry] : value if startswith(jsonencode(value), "{")
      ]...)
    }
  }
  given_targets = {
    for name, entry in local.entries.targets :
    name => { for written, key in local.keys.target : key => lookup(entry, written, null) }
  }
  given_checks = {
    for name, target in local.given_targets :
    name => merge([for value in [target.checks] : value if startswith(jsonencode(value), "{")]...)
  }
  given_schedules = {
    for name, entry in local.entries.schedules : name => merge(
      { warn_expression = null },
      { for written, key in local.keys.schedule : key => lookup(entry, written, null) },
    ) if startswith(jsonencode(local.blocks.schedules[name]), "{")
  }
  given_functions = { for written, key in local.keys.functions : key => lookup(local.blocks.functions, written, null) }
  vpc_block = merge([
    for value in [local.given_functions.vpc] : value if nonsensitive(sensitive(startswith(jsonencode(value), "{")))
  ]...)
  given_adopt = { for written, key in local.keys.adopt : key => lookup(local.blocks.adopt, written, null) }
  adopt_blocks = {
    for block, value in local.given_adopt :
    block => merge([for object in [value] : object if startswith(jsonencode(object), "{")]...)
  }
  given_role = { for written, key in local.keys.adopt_role : key => lookup(local.adopt_blocks.role, written, null) }
  adopted_function_entries = {
    for action in ["stop", "start"] : action => merge([
      for value in [lookup(local.adopt_blocks.functions, action, null)] : value if startswith(jsonencode(value), "{")
    ]...)
  }
  adopted_schedule_entries = {
    for name, entry in local.adopt_blocks.schedules :
    name => merge([for value in [entry] : value if startswith(jsonencode(value), "{")]...)
  }

  # --- With defaults -----------------------------------------------------------------------------------------------

  name = local.top.name == null ? local.defaults.name : try(tostring(local.top.name), local.defaults.name)
  timezone = local.top.timezone == null ? local.defaults.timezone : try(
    tostring(local.top.timezone), local.defaults.timezone
  )
  # Rules are the default of a config file, whose local times the library converts to UTC. Terraform cannot.
  trigger = local.top.trigger == null ? (local.is_file ? "event-rule" : "scheduler") : try(
    tostring(local.top.trigger), ""
  )

  functions = {
    for key, value in local.given_functions : key => [value, lookup(local.defaults, key, null)][value == null ? 1 : 0]
  }
  # The functions' subnets and security groups; none without a VPC.
  vpc = local.functions.vpc == null ? [] : [{
    for written, key in local.keys.vpc :
    key => concat([], [for all in [lookup(local.vpc_block, written, null)] : all[*] if all != null]...)
  }]
  keep_log_groups          = try(coalesce(tobool(local.functions.keep_log_groups), false), false)
  traces                   = try(coalesce(tobool(local.functions.tracing), false), false)
  max_instances            = local.top.max_instances
  hold_tag                 = local.top.hold_tag
  follow_ups               = try(coalesce(tobool(local.top.follow_ups), false), false)
  events                   = try(coalesce(tobool(local.top.events), false), false)
  kms_key_arns             = concat([], [for all in [local.top.kms_key_arns] : all[*] if all != null]...)
  permissions_boundary_arn = local.top.permissions_boundary_arn
  tags                     = { for key, value in local.blocks.tags : key => value }
  allowed_account_ids = [
    for id in concat([], [for all in [local.top.allowed_account_ids] : all[*] if all != null]...) :
    try(tostring(id), jsonencode(id))
  ]

  # Their keys say which of the two is given, since values may be unknown before apply, or sensitive.
  has_alerts   = nonsensitive(sensitive(local.top.alerts != null))
  given_alerts = { for written, key in local.keys.alerts : key => lookup(local.blocks.alerts, written, null) }
  alert_keys = [
    for key in ["sns_topic_arn", "email"] : key if contains(keys(local.blocks.alerts), local.written[key])
  ]
  alerts_by_email = !contains(local.alert_keys, "email") ? false : (
    length(local.alert_keys) == 1 ? true : nonsensitive(sensitive(local.given_alerts.sns_topic_arn == null))
  )
  on_success     = local.has_alerts && try(coalesce(tobool(local.given_alerts.on_success), false), false)
  missed_firings = local.has_alerts && try(coalesce(tobool(local.given_alerts.missed_firings), true), true)

  targets = {
    for name, target in local.given_targets : name => {
      instance_ids = local.target_lists[name].instance_ids
      regions      = coalescelist(local.target_lists[name].regions, [local.region])
      tags         = local.target_tags[name].tags
      exclude      = local.target_tags[name].exclude
      all          = try(coalesce(tobool(target.all), false), false)
      # What must run after a start, in the function's own spelling; null for nothing.
      checks = target.checks == null ? null : {
        for key, value in {
          systemd = local.check_lists[name].systemd
          tcp     = [for port in local.check_lists[name].tcp : try(tonumber(port), port)]
          command = try(tostring(lookup(local.given_checks[name], "command", null)), null)
        } : key => value if key == "command" ? value != null : length(value) > 0
      }
    }
  }
  target_lists = {
    for name, target in local.given_targets : name => {
      for key in ["instance_ids", "regions"] :
      key => [
        for text in concat([], [for all in [target[key]] : all[*] if all != null]...) :
        try(coalesce(tostring(text)), "")
      ]
    }
  }
  # How the JSON of a value of each kind begins.
  json_begins = {
    list   = ["["]
    object = ["{"]
    bool   = ["t", "f"]
    number = ["-", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
    text   = ["\""]
    texts  = ["\"", "["]
  }
  # How JSON begins that is no tag's value: a list, null, and a file's numbers and booleans, where 1.10 has become 1.1.
  no_tag_values = flatten([
    "[", "n", [for kind in ["bool", "number"] : local.is_file ? local.json_begins[kind] : []],
  ])
  # The values of each tag: texts, and patterns as they are written, { like = ... } or { any = true }, without null.
  target_tags = {
    for name, target in local.given_targets : name => {
      for filter in ["tags", "exclude"] : filter => {
        for key, values in merge([for value in [target[filter]] : value if startswith(jsonencode(value), "{")]...) :
        key => [
          for value in values[*] : [
            try(tostring(value), ""), value, try({ for key, text in value : key => text if text != null }, value)
            ][
            startswith(jsonencode(value), "{") ? 2 : (
              anytrue([for begin in local.no_tag_values : startswith(jsonencode(value), begin)]) ? 1 : 0
            )
          ]
        ]
      }
    }
  }
  check_lists = {
    for name, checks in local.given_checks : name => {
      for key in ["systemd", "tcp"] :
      key => concat([], [for all in [lookup(checks, key, null)] : all[*] if all != null]...)
    }
  }

  # The dates of each calendar, each once and in order.
  calendars = {
    for name, calendar in local.blocks.holidays : name => sort(distinct([
      for date in concat(local.calendar_lists[name].list, local.calendar_lists[name].dates) : date
      if !contains(local.calendar_lists[name].workdays, date)
    ]))
  }
  calendar_lists = {
    for name, parts in local.entries.holidays : name => {
      for key, given in {
        list     = startswith(jsonencode(local.blocks.holidays[name]), "[") ? [local.blocks.holidays[name]] : []
        dates    = [lookup(parts, "dates", null)]
        workdays = [lookup(parts, "workdays", null)]
        } : key => [
        for date in concat([], [for all in given : all[*] if all != null]...) :
        try(trimsuffix(tostring(date), local.is_file ? "T00:00:00Z" : ""), "")
      ]
    }
  }

  # Each entry of `schedules`, with defaults. Its times are read in expressions.tf.
  schedule_entries = {
    for key, s in local.given_schedules : key => {
      action           = s.action
      expression       = try(coalesce(tostring(s.expression), ""), "")
      running          = local.schedule_lists[key].running
      is_running       = s.running != null
      timezone         = s.timezone == null ? local.timezone : try(tostring(s.timezone), local.timezone)
      targets          = distinct(local.schedule_lists[key].targets)
      holidays         = try(local.calendars[s.holidays], [])
      stop_on_holidays = try(coalesce(tobool(s.stop_on_holidays), true), true)
      enabled          = try(coalesce(tobool(s.enabled), true), true)
      hibernate        = try(coalesce(tobool(s.hibernate), false), false)
      latest_minutes   = try(floor(tonumber(s.latest_minutes)), null)
      warn_minutes     = try(floor(tonumber(s.warn_minutes)), null)
      warn_expression  = try(tostring(s.warn_expression), null)
      # yamldecode() makes a date of a file a time.
      dates = {
        for setting in ["start_date", "end_date"] : setting => trimsuffix(
          try(tostring(s[setting]), ""), local.is_file ? "T00:00:00Z" : ""
        ) if s[setting] == null ? false : can(tostring(s[setting]))
      }
      description = try(tostring(s.description), null)
    }
  }

  schedule_lists = {
    for name, schedule in local.given_schedules : name => {
      for key in ["running", "targets"] :
      key => [
        for text in concat([], [for all in [schedule[key]] : all[*] if all != null]...) :
        try(coalesce(tostring(text)), "")
      ]
    }
  }

  adopt_role = local.given_adopt.role == null ? null : merge(local.given_role, {
    path             = local.given_role.path == null ? "/" : try(tostring(local.given_role.path), "")
    keep_policy_arns = concat([], [for all in [local.given_role.keep_policy_arns] : all[*] if all != null]...)
  })
  adopted_functions = {
    for action, entry in local.adopted_function_entries :
    action => { for written, key in local.keys.adopt_function : key => lookup(entry, written, null) }
  }
  # Rules and schedules, by the name of the schedule that they fire.
  adopted_schedules = {
    for name, entry in local.adopted_schedule_entries :
    name => { for written, key in local.keys.adopt_schedule : key => lookup(entry, written, null) }
  }
  adopted_rules = {
    for name, each in local.adopted_schedules : name => each if can("${each.rule}${each.target_id}")
  }
  adopted_groups = {
    for name, each in local.adopted_schedules : name => each if can("${each.group}${each.name}")
  }
}
