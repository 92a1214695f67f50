# The request that a trigger passes to a function, and the targets that a function knows. Their keys are written as the
# function reads them.

locals {
  # What must run after a start.
  checks = {
    for name, s in var.schedules : name => {
      for key, value in {
        systemd = length(s.checks.systemd) > 0 ? s.checks.systemd : null
        tcp     = length(s.checks.tcp) > 0 ? s.checks.tcp : null
        command = s.checks.command
      } : key => value if value != null
    } if s.checks != null
  }

  # Where to look, and for what: one entry a region.
  targets = {
    for name, s in local.triggers : name => [
      for region in coalescelist(s.regions, [local.region]) : {
        for key, value in {
          region      = region
          instanceIds = length(s.instance_ids) > 0 ? s.instance_ids : null
          tags        = length(s.tags) > 0 ? s.tags : null
          exclude     = length(s.exclude_tags) > 0 ? s.exclude_tags : null
          checks      = lookup(local.checks, name, null)
        } : key => value if value != null
      }
    ]
  }

  requests = {
    for name, s in local.triggers : name => {
      for key, value in {
        schedule = name
        action   = s.action
        # A request only asks for the checks. They are part of the function's environment, never of an event.
        targets = [for target in local.targets[name] : merge(target, { for key in ["checks"] : key => true if can(target.checks) })]
        # The zone of the holidays' dates.
        timezone = s.timezone == "UTC" ? null : s.timezone
        holidays = (
          length(s.holidays) > 0 && (s.action == "start" || !s.stop_on_holidays) ? sort(distinct(s.holidays)) : null
        )
        latestMinutes = s.latest_minutes
        hibernate     = s.action == "stop" && s.hibernate ? true : null
        # With it, a stop is only warned of. Its holidays are those of the stop, whose date the function judges.
        warnMinutes = s.warn_minutes
      } : key => value if value != null
    }
  }

  # Each request as a trigger's input, with a placeholder that the trigger replaces by the time of the firing. It is put
  # in front as text, because jsonencode() writes < as \u003c. A < in the user's own values is written so too, and is
  # never taken for a placeholder.
  request_members = { for name, request in local.requests : name => substr(jsonencode(request), 1, -1) }
  rule_inputs     = { for name, members in local.request_members : name => "{\"scheduledTime\":<time>,${members}" }
  scheduler_inputs = {
    for name, members in local.request_members :
    name => "{\"scheduledTime\":\"<aws.scheduler.scheduled-time>\",${members}"
  }

  # The description of a rule or schedule, as the console shows it.
  descriptions = {
    for name, s in local.triggers : name =>
    s.description == null ? "${title(s.action)}: ${s.schedule_expression} in ${s.timezone}" : s.description
  }

  # The targets of the enabled schedules of an action, which its default request has, and those of the disabled ones. A
  # function refuses a request for any other.
  default_targets = {
    for action in local.actions : action => flatten([
      for name, s in var.schedules : local.targets[name] if s.action == action && s.enabled
    ])
  }
  other_targets = {
    for action in local.actions : action => flatten([
      for name, s in var.schedules : local.targets[name] if s.action == action && !s.enabled
    ])
  }

  # Targets with nothing but ids, in one region and with the same checks, are merged: all but their ids is their key. Of
  # other targets, duplicates are removed: each is its own key.
  default_target_keys = {
    for action, targets in local.default_targets : action => [
      for target in targets : jsonencode({
        for key, value in target : key => value if key != "instanceIds" || can(target.tags) || can(target.exclude)
      })
    ]
  }
  other_target_keys = {
    for action, targets in local.other_targets : action => [
      for target in targets : jsonencode({
        for key, value in target : key => value if key != "instanceIds" || can(target.tags) || can(target.exclude)
      })
    ]
  }
  default_target_ids = {
    for action, keys in local.default_target_keys : action => {
      for key in distinct(keys) : key => distinct(flatten([
        for index, target in local.default_targets[action] : try(target.instanceIds, []) if keys[index] == key
      ]))
    }
  }
  # Of the disabled schedules only what the enabled ones do not have.
  other_target_ids = {
    for action, keys in local.other_target_keys : action => {
      for key in distinct(keys) : key => [
        for id in distinct(flatten([
          for index, target in local.other_targets[action] : try(target.instanceIds, []) if keys[index] == key
        ])) : id if !contains(lookup(local.default_target_ids[action], key, []), id)
      ]
    }
  }
  deployed_targets = {
    for action in local.actions : action => concat(
      [
        for key in distinct(local.default_target_keys[action]) : merge(jsondecode(key), {
          for name, ids in { instanceIds = local.default_target_ids[action][key] } : name => ids
          if !can(jsondecode(key).tags) && !can(jsondecode(key).exclude)
        })
      ],
      [
        for key in distinct(local.other_target_keys[action]) : merge(jsondecode(key), { default = false }, {
          for name, ids in { instanceIds = local.other_target_ids[action][key] } : name => ids
          if !can(jsondecode(key).tags) && !can(jsondecode(key).exclude)
        })
        if can(jsondecode(key).tags) || can(jsondecode(key).exclude) ?
        !contains(local.default_target_keys[action], key) : length(local.other_target_ids[action][key]) > 0
      ],
    )
  }
  hibernates_by_default = {
    for action in local.actions : action => action == "stop" && anytrue([
      for s in values(var.schedules) : s.enabled if s.action == action
      ]) && alltrue([
      for s in values(var.schedules) : s.hibernate if s.action == action && s.enabled
    ])
  }

  # The enabled schedules of both actions, by which a follow-up knows what an instance should do when it wakes. Targets and
  # calendars are in lists of their own and named by index, since an environment has little room.
  enabled_targets = {
    for name, s in var.schedules : name => [
      for target in local.targets[name] : jsonencode({ for key, value in target : key => value if key != "checks" })
    ] if s.enabled
  }
  enabled_calendars = {
    for name in keys(local.enabled_targets) :
    name => jsonencode(local.requests[name].holidays) if can(local.requests[name].holidays)
  }
  distinct_targets   = distinct(flatten(values(local.enabled_targets)))
  distinct_calendars = distinct(values(local.enabled_calendars))
  deployed_schedules = {
    targets   = [for target in local.distinct_targets : jsondecode(target)]
    calendars = [for calendar in local.distinct_calendars : jsondecode(calendar)]
    schedules = [
      for name, targets in local.enabled_targets : merge(
        {
          name       = name
          action     = var.schedules[name].action
          expression = var.schedules[name].schedule_expression
          targets    = [for target in targets : index(local.distinct_targets, target)]
        },
        { for zone in [var.schedules[name].timezone] : "timezone" => zone if zone != "UTC" },
        { for calendar in try([local.enabled_calendars[name]], []) : "calendar" => index(local.distinct_calendars, calendar) },
      )
    ]
  }

  environment = {
    for action in local.actions : action => merge(
      {
        for key, value in {
          ACTION        = action
          TARGETS       = jsonencode(local.deployed_targets[action])
          HIBERNATE     = local.hibernates_by_default[action] ? "true" : null
          HOLD_TAG      = var.hold_tag
          MAX_INSTANCES = var.max_instances == null ? null : tostring(var.max_instances)
          ON_SUCCESS    = length(local.success_topic_arns) > 0 ? "true" : null
          EVENTS        = var.events ? "true" : null
        } : key => value if value != null
      },
      # Apart from the others, since an ARN that is unknown before apply would make all of them unknown.
      { for key, value in local.follow_up_variables : key => value if var.follow_ups },
      {
        for topic in distinct(concat(action == "stop" ? local.warning_topic_arns : [], local.success_topic_arns)) :
        "TOPIC_ARN" => topic
      },
    )
  }
  follow_up_variables = {
    FOLLOW_UPS = jsonencode(local.follow_up_settings)
    SCHEDULES  = jsonencode(local.deployed_schedules)
  }

  # Lambda limits all names and values together: without those of follow-ups, and with them.
  environment_lengths = {
    for action, variables in local.environment : action => {
      own = length(join("", flatten([
        for key, value in variables : [key, value] if !contains(keys(local.follow_up_variables), key)
      ])))
      all = length(join("", flatten([for key, value in variables : [key, value]])))
    }
  }
}
