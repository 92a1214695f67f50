# The request that a trigger passes to a function, and the targets that a function knows. Their keys are written as the
# function reads them.

locals {
  # Where to look, and for what: one part a region.
  target_parts = {
    for name, target in local.targets : name => [
      for region in target.regions : {
        for key, value in {
          region      = region
          instanceIds = length(target.instance_ids) > 0 ? target.instance_ids : null
          tags        = length(target.tags) > 0 ? target.tags : null
          all         = target.all ? true : null
          exclude     = length(target.exclude) > 0 ? target.exclude : null
          checks      = target.checks
        } : key => value if value != null
      }
    ]
  }

  # The targets of an action's enabled schedules, which its default request has, and those of its disabled ones. A
  # function refuses a request for any other.
  default_targets = {
    for action in local.actions : action => distinct(flatten([
      for each in local.schedule_list : local.schedules[each.name].targets
      if each.action == action && local.schedules[each.name].enabled
    ]))
  }
  other_targets = {
    for action in local.actions : action => distinct(flatten([
      for each in local.schedule_list : [
        for name in local.schedules[each.name].targets : name if !contains(local.default_targets[action], name)
      ] if each.action == action
    ]))
  }

  # Parts of several targets. Those with nothing but ids, in one region and with the same checks, become one: all but
  # their ids is their key. Of others, duplicates are removed: each is its own key.
  part_lists = merge(
    # A request only asks for checks. They are part of the function's environment, never of an event.
    {
      for name, s in local.triggers : "request ${name}" => flatten([
        for target in s.targets : [
          for part in lookup(local.target_parts, target, []) : {
            for key, value in merge(part, { for key in ["checks"] : key => true if contains(keys(part), key) }) :
            key => value if key != "checks" || s.action == "start"
          }
        ]
      ])
    },
    {
      for list in flatten([
        for kind, lists in { default = local.default_targets, other = local.other_targets } : [
          for action, names in lists : { name = "${kind} ${action}", action = action, targets = names }
        ]
        ]) : list.name => flatten([
        for target in list.targets : [
          for part in lookup(local.target_parts, target, []) :
          { for key, value in part : key => value if key != "checks" || list.action == "start" }
        ]
      ])
    },
  )
  part_keys = {
    for list, parts in local.part_lists : list => [
      for part in parts : jsonencode({
        for key, value in part : key => value
        if key != "instanceIds" || length(setintersection(keys(part), ["tags", "all", "exclude"])) > 0
      })
    ]
  }
  merged_parts = {
    for list, parts in local.part_lists : list => {
      for key in distinct(local.part_keys[list]) : key => merge(
        parts[index(local.part_keys[list], key)],
        {
          for name in ["instanceIds"] : name => distinct(concat([
            for place, part in parts : lookup(part, name, []) if local.part_keys[list][place] == key
          ]...)) if contains(keys(parts[index(local.part_keys[list], key)]), name)
        },
      )
    }
  }

  requests = {
    for name, s in local.triggers : name => {
      for key, value in {
        schedule = name
        action   = s.action
        targets = [
          for key in distinct(local.part_keys["request ${name}"]) : local.merged_parts["request ${name}"][key]
        ]
        # The zone of the holidays' dates.
        timezone      = s.timezone == "UTC" ? null : s.timezone
        holidays      = length(s.holidays) > 0 && (s.action == "start" || !s.stop_on_holidays) ? s.holidays : null
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

  # The description of a rule or schedule, as the console shows it: the times in words where they are simple.
  descriptions = {
    for name, s in local.triggers : name => s.description != null ? s.description : format("%s %s: %s%s%s",
      title(s.action), join(", ", [for target in s.targets : lookup(local.target_words, target, target)]),
      local.times_in_words[name],
      s.warn_minutes == null ? local.dates_in_words[name] : "",
      startswith(s.expression, "rate(") ? "" : " (${s.timezone})",
    )
  }
  target_words = { for name, target in local.targets : name => "${name}${target.all ? " (all instances)" : ""}" }
  times_in_words = {
    for name, s in local.triggers : name => try(
      "Every ${replace(regex("^rate\\((.*)\\)$", s.expression)[0], "/^1 /", "")}",
      "Once, on ${replace(regex("^at\\((.*)\\)$", s.expression)[0], "T", " at ")}",
      format("At %02d:%02d%s", floor(local.weekly[name].minute / 60), local.weekly[name].minute % 60,
        length(local.weekly[name].days) == 7 ? "" : local.days_in_words[name],
      ),
      s.expression,
    )
  }
  # `, from 2030-06-01 00:00 until 2030-09-01 00:00`, by the clocks of the schedule, or in UTC where Terraform does not
  # know these.
  dates_in_words = {
    for name, dates in local.dates : name => join("", concat([length(dates) > 0 ? "," : ""], [
      for setting in ["start_date", "end_date"] : format(" %s %s%s", setting == "start_date" ? "from" : "until",
        replace(substr(try(dates[setting].clock, dates[setting].utc), 0, 16), "T", " "),
        can(dates[setting].clock) ? "" : " UTC",
      ) if can(dates[setting])
    ]))
  }
  # `, Monday through Friday`, or `, only on Saturday and Sunday`.
  days_in_words = {
    for name, items in local.weekday_items : name => (
      length(items) == 1 && strcontains(items[0], " through ") ? ", ${items[0]}" : format(", only on %s", (
        length(items) < 3 ? join(" and ", items) :
        "${join(", ", slice(items, 0, length(items) - 1))}, and ${items[length(items) - 1]}"
      ))
    )
  }
  weekday_items = {
    for name in keys(local.weekly) : name => [
      for item in split(",", upper(local.cron[name][4])) : join(" through ", [
        for end in split("-", item) : local.weekdays_in_words[local.weekday_numbers[end]]
      ])
    ] if !contains(["?", "*"], local.cron[name][4])
  }
  weekdays_in_words = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  # Of the disabled schedules only what the enabled ones do not have, since an environment has room for few ids.
  deployed_targets = {
    for action in local.actions : action => concat(
      [for key in distinct(local.part_keys["default ${action}"]) : local.merged_parts["default ${action}"][key]],
      [
        for key in distinct(local.part_keys["other ${action}"]) : merge(
          local.merged_parts["other ${action}"][key],
          { default = false },
          { for ids in try([local.other_ids[action][key]], []) : "instanceIds" => ids },
        )
        if contains(keys(local.other_ids[action]), key) ? length(local.other_ids[action][key]) > 0 : (
          !contains(local.part_keys["default ${action}"], key)
        )
      ],
    )
  }
  other_ids = {
    for action in local.actions : action => {
      for key, part in local.merged_parts["other ${action}"] : key => [
        for id in part.instanceIds : id if !contains(
          lookup(lookup(local.merged_parts["default ${action}"], key, {}), "instanceIds", []), id
        )
      ] if length(setintersection(keys(part), ["tags", "all", "exclude"])) == 0
    }
  }
  hibernates_by_default = {
    for action in local.actions : action => action == "stop" && anytrue([
      for s in values(local.schedules) : s.enabled if s.action == action
      ]) && alltrue([
      for s in values(local.schedules) : s.hibernate if s.action == action && s.enabled
    ])
  }

  # The enabled schedules of both actions, by which a follow-up knows what an instance should do when it wakes. Targets
  # and calendars are in lists of their own and named by index, since an environment has little room.
  enabled_targets = {
    for name, s in local.schedules : name => [
      for part in flatten([for target in s.targets : lookup(local.target_parts, target, [])]) :
      jsonencode({ for key, value in part : key => value if key != "checks" })
    ] if s.enabled
  }
  enabled_calendars = {
    for name in keys(local.enabled_targets) :
    name => jsonencode(local.requests[name].holidays) if contains(keys(local.requests[name]), "holidays")
  }
  enabled_names      = [for each in local.schedule_list : each.name if local.schedules[each.name].enabled]
  distinct_targets   = distinct(flatten([for name in local.enabled_names : local.enabled_targets[name]]))
  distinct_calendars = distinct(flatten([for name in local.enabled_names : lookup(local.enabled_calendars, name, [])]))
  deployed_schedules = {
    targets   = [for target in local.distinct_targets : jsondecode(target)]
    calendars = [for calendar in local.distinct_calendars : jsondecode(calendar)]
    schedules = [
      for name in local.enabled_names : merge(
        local.schedule_times[name],
        { targets = [for target in local.enabled_targets[name] : index(local.distinct_targets, target)] },
        {
          for calendar in lookup(local.enabled_calendars, name, null)[*] :
          "calendar" => index(local.distinct_calendars, calendar)
        },
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
          HOLD_TAG      = local.hold_tag
          MAX_INSTANCES = local.max_instances == null ? null : tostring(local.max_instances)
          EVENTS        = local.events ? "true" : null
          ON_SUCCESS    = local.on_success ? "true" : null
        } : key => value if value != null
      },
      # Apart from the others, since an ARN that is unknown before apply would make all of them unknown.
      { for key, value in local.follow_up_variables : key => value if local.follow_ups },
      # Both are the same topic.
      {
        for topic in action == "stop" && length(local.warning_topic_arns) > 0 ?
        local.warning_topic_arns : local.success_topic_arns : "TOPIC_ARN" => topic
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
