# What is wrong in the input: lists of lines `path: expected ..., got ....`, with the words of the library, joined in
# preconditions of the output `schedules`, so that one plan tells all. Several lists, since one value that is unknown
# before apply makes the list unknown that reads it, and its check waits for apply.

locals {
  # --- Kinds: a list where a text is expected ----------------------------------------------------------------------

  # Values by the kind that they must be of. A text may be unknown before apply, but for those that say what is made.
  kind_values = concat(
    # Terraform itself says so of arguments that have a type.
    [{ path = "", block = "config", value = {
      for key, value in local.given_top : key => value if local.is_file || contains(
        ["targets", "schedules", "holidays", "functions", "adopt"], key
      )
    } }],
    [{ path = "functions.", block = "functions", value = local.given_functions }],
    [{ path = "functions.vpc.", block = "vpc", value = merge([
      for value in local.vpc : { for key, ids in value : key => lookup(local.vpc_block, local.written[key], null) }
    ]...) }],
    [
      for name, target in local.given_targets :
      { path = "${local.at.targets[name]}.", block = "target", value = target }
    ],
    [
      for name, checks in local.given_checks :
      { path = "${local.at.targets[name]}.checks.", block = "checks", value = checks }
    ],
    [for name, s in local.given_schedules : { path = "${local.at.schedules[name]}.", block = "schedule", value = s }],
    [
      for name, calendar in local.entries.holidays :
      { path = "${local.at.holidays[name]}.", block = "calendar", value = calendar }
    ],
    [
      { path = "adopt.", block = "adopt", value = local.given_adopt },
      { path = "adopt.role.", block = "adopt_role", value = local.given_role },
      { path = "adopt.functions.", block = "adopt_functions", value = local.adopt_blocks.functions },
    ],
  )
  kind_words = {
    list   = "a list"
    object = "a map"
    bool   = "true or false"
    number = "a whole number"
    text   = "a text"
    texts  = "a text or a list of texts"
  }
  known_texts = [
    "action", "expression", "warn_expression", "timezone", "start_date", "end_date", "trigger", "holidays", "runtime",
    "architecture",
  ]
  kind_problems = {
    for place, others in { input = local.entry_problems, targets = [] } : place => concat(others, flatten([
      for each in local.kind_values : [
        for key, value in each.value : format("%s%s: expected %s, got %s.",
          each.path, local.written[key], local.kind_words[local.kinds_of[each.block][key]],
          startswith(jsonencode(value), "[") ? "a list" : (
            startswith(jsonencode(value), "{") ? "a map" : jsonencode(value)
          ),
        )
        if value == null || !contains(keys(local.kinds_of[each.block]), key) ? false : (
          local.kinds_of[each.block][key] == "text" && !contains(local.known_texts, key) ? false : !anytrue([
            for begin in local.json_begins[local.kinds_of[each.block][key]] : startswith(jsonencode(value), begin)
          ])
        )
      ] if(each.block == "target") == (place == "targets")
    ]))
  }
  entry_problems = concat(
    length(local.given) > 0 || !local.is_file ? [] : [
      "config: expected a config file as yamldecode(file(...)) gives it, got ${jsonencode(var.config)}."
    ],
    flatten([
      for block in ["targets", "schedules"] : [
        for name, entry in local.blocks[block] :
        "${local.at[block][name]}: expected a map of its keys, got ${jsonencode(entry)}."
        if !startswith(jsonencode(entry), "{")
      ]
    ]),
    [
      for name, calendar in local.blocks.holidays :
      "${local.at.holidays[name]}: expected a list of dates, got ${jsonencode(calendar)}."
      if !startswith(jsonencode(calendar), "[") && !startswith(jsonencode(calendar), "{")
    ],
  )

  # --- Times -------------------------------------------------------------------------------------------------------

  time_problems = concat(
    length(local.blocks.schedules) > 0 || length(local.given) == 0 ? [] : [
      "schedules: expected at least one schedule, got none."
    ],
    [
      for key in keys(local.schedule_entries) :
      "${local.at.schedules[key]}: expected a name of letters, digits, `.`, `-` and `_`, got ${jsonencode(key)}."
      if !can(regex(local.patterns.schedule_name, key))
    ],
    [
      for key, s in local.given_schedules :
      "${local.at.schedules[key]}: expected either `running`, or `action` with `expression`, got both."
      if s.running != null && (s.action != null || s.expression != null)
    ],
    [
      for key, s in local.given_schedules : format(
        "%s: expected `running`, or `action` with `expression`, got no %s.", local.at.schedules[key],
        join(" and no ", concat(s.action == null ? ["`action`"] : [], s.expression == null ? ["`expression`"] : [])),
      ) if s.running == null && (s.action == null || s.expression == null)
    ],
    [
      for key, s in local.given_schedules :
      "${local.at.schedules[key]}.action: expected start or stop, got ${jsonencode(s.action)}."
      if s.action == null ? false : !contains(["start", "stop"], try(tostring(s.action), ""))
    ],
    [
      for key, s in local.schedule_entries :
      "${local.at.schedules[key]}.running: expected 1 to 50 windows, got ${length(s.running)}."
      if s.is_running && (length(s.running) == 0 || length(s.running) > 50)
    ],
    flatten([
      for key, windows in local.window_problems : [
        for problems in windows : [
          for problem in slice(problems, 0, min(1, length(problems))) : format("%s.running: expected %s, got %s%s.",
            local.at.schedules[key], problem.expected, jsonencode(problem.got),
            problem.hint == "" ? "" : " (${problem.hint})",
          )
        ]
      ]
    ]),
    [
      for key, starts in local.merged_starts : format(
        join("", [
          "%s.running: expected windows that leave some time to stop, got windows that together cover all 168 ",
          "hours of the week (targets that always run need no schedule).",
        ]),
        local.at.schedules[key],
      ) if length(starts) == 0 && length(local.schedule_entries[key].running) > 0
    ],
    [
      for key, s in local.schedule_entries :
      "${local.at.schedules[key]}.targets: expected the name of at least one target, got none."
      if length(s.targets) == 0
    ],
    flatten(values(local.expression_problems)),
    distinct(flatten([
      for name, s in local.schedules : [
        for argument in [
          local.given_schedules[s.key].timezone == null ? "timezone" : "${local.at.schedules[s.key]}.timezone"
        ] :
        join("", [
          "${argument}: expected UTC, which is all that rules read (Terraform cannot convert times), or trigger",
          "${local.is_file ? ": scheduler" : " = \"scheduler\""}, got ${jsonencode(s.timezone)}.",
        ])
      ] if local.trigger == "event-rule" && s.timezone != "UTC" && !startswith(s.expression, "rate(")
    ])),
    [
      for name, s in local.schedules :
      join("", [
        "${local.at.schedules[s.key]}.expression: expected cron(...) or rate(...), which is all that rules know, ",
        "or trigger scheduler, got ${jsonencode(s.expression)}.",
      ])
      if local.trigger == "event-rule" && startswith(try(tostring(s.expression), ""), "at(")
    ],
    [
      for name, each in local.schedules_by_name : format(
        "%s: expected names that differ from those of %s, got %s, one of its windows.", local.at.schedules[each[1].key],
        local.at.schedules[each[0].key], jsonencode(name),
      ) if length(each) > 1
    ],
    [
      for name, s in local.triggers : format(
        "%s: expected a shorter name, so that its %s's has at most %d characters, got %s of %d.",
        local.at.schedules[s.key], local.trigger == "scheduler" ? "schedule" : "rule", local.max_name_length,
        jsonencode(local.trigger == "scheduler" ? name : "${local.name}.${name}"),
        length(local.trigger == "scheduler" ? name : "${local.name}.${name}"),
      ) if length(local.trigger == "scheduler" ? name : "${local.name}.${name}") > local.max_name_length
    ],
    local.warning_problems,
    flatten([
      for key, s in local.given_schedules : [
        for setting, limits in {
          latest_minutes = local.limits.latestMinutes, warn_minutes = local.limits.warnMinutes
          } : format("%s.%s: expected a whole number of minutes from %d to %d, got %s.", local.at.schedules[key],
          local.written[setting], limits.min, limits.max, jsonencode(s[setting]),
          ) if s[setting] == null ? false : try(
          s[setting] < limits.min || s[setting] > limits.max || floor(s[setting]) != s[setting], false
        )
      ]
    ]),
    [
      for name in keys(local.schedules) :
      join("", [
        "${local.at.schedules[local.schedules[name].key]}: expected another name than that of the watch for missed ",
        "firings, got watch.",
      ])
      if name == "watch" && local.watch_action != null
    ],
    flatten([
      for key, s in local.schedule_entries : [
        for setting, text in s.dates : [
          for expected in concat(
            local.date_parts[key][setting].local != "" && (
              local.date_parts[key][setting].offset == "" || can(local.given_dates[key][setting].utc)
              ) ? [] : [
              "a date as yyyy-mm-dd, or a date-time such as 2027-01-04T08:00"
            ],
            !s.is_running || can(regex(local.patterns.date, text)) || can(regex("T00:00(:00)?[Z+-]", text)) ? [] : [
              "a date as yyyy-mm-dd, since a window belongs to the day on which it starts"
            ],
            local.trigger == "scheduler" ? [] : [
              "trigger scheduler, since EventBridge rules have neither a start nor an end date"
            ],
            startswith(s.expression, "at(") ? [
              "none, since at(...) fires once: EventBridge Scheduler ignores its dates"
            ] : [],
            local.date_parts[key][setting].local == "" || local.date_parts[key][setting].offset != "" ||
            !contains(local.zones, s.timezone) ? [] : [join("", [
              "a date-time with its offset from UTC, such as 2027-01-04T00:00+01:00, since Terraform does not know ",
              "when clocks change in ${s.timezone}",
            ])],
            setting == "start_date" || try(timecmp(
              local.given_dates[key].end_date.utc, local.given_dates[key].start_date.utc
            ) > 0, true) ? [] : ["a time after ${local.written.start_date}, ${s.dates.start_date}"],
          ) : "${local.at.schedules[key]}.${local.written[setting]}: expected ${expected}, got ${jsonencode(text)}."
        ]
      ]
    ]),
    flatten([
      for key, s in local.given_schedules : [
        for problem in concat(
          s.action == "start" ? ["a stop, or `running` windows, to warn of, got a start"] : [],
          local.has_alerts ? [] : ["`alerts`, whose topic a warning is sent to, got none"],
        ) : "${local.at.schedules[key]}.${local.written.warn_minutes}: expected ${problem}."
      ] if s.warn_minutes != null
    ]),
    [
      for key, s in local.given_schedules :
      join("", [
        "${local.at.schedules[key]}.warn_expression: expected none without warn_minutes, got ",
        "${jsonencode(s.warn_expression)}.",
      ])
      if s.warn_expression != null && s.warn_minutes == null
    ],
    # A late run may not act after the opposite action that follows.
    flatten([
      for name, others in local.opposites : [
        for next in others : next.minutes == 0 ? format(
          join("", [
            "%s: expected another time than that of %s, which does the opposite to some of its targets, got the ",
            "same minute.",
          ]),
          local.at.schedules[local.schedules[name].key], next.name,
          ) : local.given_schedules[local.schedules[name].key].latest_minutes == null ? format(
          join("", [
            "%s: expected more than %d minutes before %s does the opposite to some of its targets, as AWS may wait ",
            "that long, got %d.",
          ]),
          local.at.schedules[local.schedules[name].key], local.limits.latestMinutes.min, next.name, next.minutes,
          ) : format(
          join("", [
            "%s.%s: expected fewer than %d minutes, since %s does the opposite to some of its targets %d minutes ",
            "later, got %d.",
          ]),
          local.at.schedules[local.schedules[name].key], local.written.latest_minutes, next.minutes, next.name,
          next.minutes, local.schedules[name].latest_minutes,
        ) if local.schedules[name].enabled && next.minutes <= local.schedules[name].latest_minutes
      ]
    ]),
  )
  not_done = {
    backend  = "write it in the `terraform` block of the root module"
    provider = "write it in the `provider` block of the root module"
  }

  # --- Settings ----------------------------------------------------------------------------------------------------

  setting_problems = concat(
    [
      for name in [local.name] :
      join("", [
        "name: expected 1 to 46 letters, digits, - and _, and not `default` (AWS's own schedule group), got ",
        "${jsonencode(name)}.",
      ])
      if !(can(regex(local.patterns.name_prefix, name)) && length(name) <= 46) || name == "default"
    ],
    [
      for value in [local.trigger] :
      "trigger: expected ${join(" or ", local.known_triggers)}, got ${jsonencode(value)}."
      if !contains(local.known_triggers, value)
    ],
    [
      for path, name in {
        (local.written.stop_name) = local.functions.stop_name, (local.written.start_name) = local.functions.start_name
      } : "functions.${path}: expected 1 to 64 letters, digits, `-` and `_`, got ${jsonencode(name)}."
      if name == null ? false : !can(regex(local.patterns.name_prefix, name)) || try(length(tostring(name)) > 64, true)
    ],
    local.function_names.stop != local.function_names.start ? [] : [
      join("", [
        "functions.${local.written.start_name}: expected a name other than the stop function's, got ",
        "${local.function_names.start}.",
      ])
    ],
    [
      for setting, value in {
        "functions.timeout_seconds"      = local.functions.timeout_seconds
        "functions.memory_mb"            = local.functions.memory_mb
        "functions.reserved_concurrency" = local.functions.reserved_concurrency
        max_instances                    = local.max_instances
        } : format("%s: expected a whole number of %s from %d to %d, got %s.",
        join(".", [for part in split(".", setting) : local.written[part]]),
        local.limits[local.camel_case[reverse(split(".", setting))[0]]].unit,
        local.limits[local.camel_case[reverse(split(".", setting))[0]]].min,
        local.limits[local.camel_case[reverse(split(".", setting))[0]]].max, jsonencode(value),
        ) if value == null ? false : try(
        value < local.limits[local.camel_case[reverse(split(".", setting))[0]]].min ||
        value > local.limits[local.camel_case[reverse(split(".", setting))[0]]].max || floor(value) != value, false
      )
    ],
    contains(local.log_days, local.functions.log_retention_days) ? [] : [
      format("functions.%s: expected a number of days that CloudWatch Logs knows (%s), got %s.",
        local.written.log_retention_days, join(", ", local.log_days),
        jsonencode(local.functions.log_retention_days),
      )
    ],
    can(regex(local.patterns.node_runtime, local.functions.runtime)) ? [] : [
      join("", [
        "functions.runtime: expected a Node.js runtime of Lambda from `nodejs20.x` on, got ",
        "${jsonencode(local.functions.runtime)}.",
      ])
    ],
    [
      for level in [local.functions.log_level] :
      "functions.${local.written.log_level}: expected ${join(", ", local.log_levels)}, got ${jsonencode(level)}."
      if level == null ? false : !contains(local.log_levels, level)
    ],
    contains(local.architectures, local.functions.architecture) ? [] : [
      join("", [
        "functions.architecture: expected ${join(" or ", local.architectures)}, got ",
        "${jsonencode(local.functions.architecture)}.",
      ])
    ],
    # yamldecode() reads YAML 1.1, where these are words for true and false.
    [
      for path in concat(
        flatten([
          for block in ["targets", "schedules", "holidays"] : [
            for name, path in local.at[block] : path if contains(["true", "false"], name)
          ]
        ]),
        flatten([
          for name, target in local.targets : [
            for filter in ["tags", "exclude"] : [
              for key in keys(target[filter]) : "${local.at.targets[name]}.${filter}.${key}"
              if contains(["true", "false"], key)
            ]
          ]
        ]),
      ) :
      "${path}: expected a name in quotes, which y, yes, on, n, no and off need, got ${reverse(split(".", path))[0]}."
      if local.is_file
    ],
    flatten([
      for name, calendar in local.entries.holidays : [
        for key in ["ics", "country"] :
        join("", [
          "${local.at.holidays[name]}.${key}: expected `dates`, since Terraform cannot look them up, got ",
          "${jsonencode(calendar[key])}: write the dates themselves, which `ec2-start-stop preview` shows.",
        ])
        if can(calendar[key])
      ]
    ]),
    flatten([
      for name, dates in local.calendars : [
        for date in dates :
        "${local.at.holidays[name]}: expected dates that exist, as yyyy-mm-dd, got ${jsonencode(date)}."
        if !(can(regex(local.patterns.date, date)) && can(formatdate("YYYY-MM-DD", "${date}T00:00:00Z")))
      ]
    ]),
    # What is in a file for the library, and not the module's to do.
    [
      for key, way_out in local.not_done : "${local.written[key]}: expected none for the module, got one: ${way_out}."
      if local.top[key] != null
    ],
    [
      for region in local.top.region[*] :
      join("", [
        "region: expected that of the AWS provider, ${local.region}, got ${jsonencode(region)}: give the module ",
        "the provider of that region.",
      ])
      if region != local.region
    ],
    length(local.allowed_account_ids) > 0 || local.top.allowed_account_ids == null ? [] : [join("", [
      "${local.written.allowed_account_ids}: expected at least one account id, or no such setting at all, got ",
      "none.",
    ])],
    length(local.allowed_account_ids) == 0 || contains(local.allowed_account_ids, local.account_id) ? [] : [
      join("", [
        "${local.written.allowed_account_ids}: expected one of ${join(", ", local.allowed_account_ids)}, got ",
        "${local.account_id}.",
      ])
    ],
    [
      for name, value in local.arguments : "config: expected no argument beside it that the file has, got ${name}."
      if local.is_file ? nonsensitive(sensitive(value != null)) : false
    ],
  )

  # --- Values that may be unknown before apply ---------------------------------------------------------------------

  target_problems = concat(
    length(local.blocks.targets) > 0 || length(local.given) == 0 ? [] : [
      "targets: expected at least one target, got none."
    ],
    [
      for name, target in local.given_targets :
      join("", [
        "${local.at.targets[name]}: expected `${local.written.instance_ids}`, `tags` or both, or ",
        "${local.is_file ? "`all: true`" : "`all = true`"}, got neither.",
      ])
      if target.instance_ids == null && target.tags == null && target.all == null
    ],
    flatten([
      for name, target in local.given_targets : concat(
        jsonencode(target.all) != "false" ? [] : [
          "${local.at.targets[name]}.all: expected true, or no such setting at all, got false."
        ],
        target.instance_ids == null && target.tags == null ? [] : [format(
          "%s.all: expected no `%s` and `tags` beside it, since it has them too, got %s.", local.at.targets[name],
          local.written.instance_ids, join(" and ", [
            for key in ["instance_ids", "tags"] : "`${local.written[key]}`" if target[key] != null
          ]),
        )],
      ) if target.all != null
    ]),
    [
      for name, target in local.targets :
      join("", [
        "${local.at.targets[name]}.${local.written.instance_ids}: expected at least one instance id, or no such ",
        "setting at all, got none.",
      ])
      if length(target.instance_ids) == 0 && local.given_targets[name].instance_ids != null
    ],
    flatten([
      for name, target in local.targets : concat(
        length(target.instance_ids) == 0 || length(target.regions) <= 1 ? [] : [format(
          join("", [
            "%s.regions: expected one region, since instance ids live in one: make a target for each region, or ",
            "name them by `tags`, got %d regions.",
          ]),
          local.at.targets[name], length(target.regions),
        )],
        [
          for index, region in target.regions :
          join("", [
            "${local.at.targets[name]}.regions[${index}]: expected an AWS region code such as `ap-northeast-2`, ",
            "got ${jsonencode(region)}.",
          ])
          if !can(regex(local.patterns.region_code, region))
        ],
        # The functions' credentials are taken in their own partition only.
        flatten([
          for index, region in target.regions : [
            for partition in [
              concat([for start, name in local.partitions : name if startswith(region, start)], ["aws"])[0]
              ] : format("%s.regions[%d]: expected a region of the partition of %s, %s, got %s of %s.",
              local.at.targets[name], index, local.region, local.partition, jsonencode(region), partition,
            ) if partition != local.partition
          ] if can(regex(local.patterns.region_code, region))
        ]),
        length(local.target_lists[name].regions) > 0 || local.given_targets[name].regions == null ? [] : [
          "${local.at.targets[name]}.regions: expected at least one region code, or no `regions` at all, got none."
        ],
        length(target.regions) == length(distinct(target.regions)) ? [] : [
          "${local.at.targets[name]}.regions: expected each region once, got ${join(", ", target.regions)}."
        ],
      )
    ]),
    # EC2 allows any characters in tags, but IAM compares keys without regard to case and reads $ before { as a policy
    # variable.
    flatten([
      for name, target in local.targets : [
        for filter, tags in { tags = target.tags, exclude = target.exclude } : concat(
          length(tags) > 0 || local.given_targets[name][filter] == null ? [] : [
            "${local.at.targets[name]}.${filter}: expected at least one tag, or no such setting at all, got none."
          ],
          [
            for key in keys(tags) : format(
              "%s.%s: expected tag keys of 1 to %d characters, without control characters and $ before {, got %s.",
              local.at.targets[name], filter, local.max_tag_key_length, jsonencode(key),
            ) if !can(regex("^[^[:cntrl:]]{1,128}$", key)) || can(regex("[$][{]", key))
          ],
          # Those of `exclude` also from those of `tags`.
          flatten([
            for others in [filter == "tags" ? [] : keys(target.tags)] : [
              for keys in [distinct(concat(others, keys(tags)))] : join("", [
                "${local.at.targets[name]}.${filter}: expected keys that differ by more than upper and lower case, ",
                "which IAM cannot tell apart, got ${join(", ", keys)}.",
                ]) if length(keys) - length(distinct([for key in keys : lower(key)])) > (
                length(others) - length(distinct([for key in others : lower(key)]))
              )
            ]
          ]),
          [
            for key, values in tags : format(
              "%s.%s: expected one or more different values of at most %d characters for each key, got %s for %s.",
              local.at.targets[name], filter, local.max_tag_value_length, jsonencode(values), key,
              ) if length(values) == 0 || length(values) != length(distinct([
                for value in values : jsonencode(value)
                ])) || anytrue([
                for value in values : length(local.tag_forms[jsonencode(value)].source) > local.max_tag_value_length
            ])
          ],
          flatten([
            for key, values in tags : [
              for value in values : format("%s.%s.%s: expected %s, got %s.",
                local.at.targets[name], filter, key, local.pattern_problems[jsonencode(value)][0], jsonencode(value),
              ) if length(lookup(local.pattern_problems, jsonencode(value), [])) > 0
            ]
          ]),
          [
            for key, values in tags : format(
              "%s.%s.%s: expected `any` alone, since it has the other values too, got %d values.",
              local.at.targets[name], filter, key, length(values),
            ) if length(values) > 1 && anytrue([for value in values : can(value.any)])
          ],
          [
            for key, values in tags : format(
              join("", [
                "%s.%s: expected characters up to U+00FF, since IAM policies take no others: use another tag, or ",
                "`%s`, got %s = %s.",
              ]),
              local.at.targets[name], filter, local.written.instance_ids, key, jsonencode(values),
              ) if filter == "tags" && !can(regex(local.patterns.iam_policy_text, join("", concat([key], [
                for value in values : local.tag_forms[jsonencode(value)].source
            ]))))
          ],
        )
      ]
    ]),
    flatten([
      for name, target in local.targets : concat(
        [
          for key, values in target.exclude : format(
            "%s.exclude.%s: expected exclusions that leave some of what `tags` demands of this key, got all of it.",
            local.at.targets[name], key,
            ) if length(lookup(target.tags, key, [])) > 0 && alltrue([
              for wanted in lookup(target.tags, key, []) : anytrue([
                for value in values : can(regex(
                  local.tag_forms[jsonencode(value)].matches, local.tag_forms[jsonencode(wanted)].text
                ))
              ])
          ])
        ],
        [
          for count in [length([for key in keys(target.tags) : key if !startswith(lower(key), "aws:")])] : format(
            "%s.tags: expected at most %d tags, since an instance has no more, got %d.",
            local.at.targets[name], local.max_resource_tags, count,
          ) if count > local.max_resource_tags
        ],
        # Each instance of the target would bear it, and a hold would take the place of its value.
        [
          for key in [local.hold_tag == null ? local.defaults.hold_tag : local.hold_tag] : format(
            "%s.tags.%s: expected a tag other than `%s`, whose value would hold each instance for ever, got %s.",
            local.at.targets[name], key, local.written.hold_tag, jsonencode(key),
          ) if contains(keys(target.tags), key)
        ],
      )
    ]),
    flatten([
      for name, target in local.targets : [
        for path in ["${local.at.targets[name]}.checks"] : concat(
          [
            for count in [
              length(lookup(target.checks, "systemd", [])) + length(lookup(target.checks, "tcp", [])) +
              length(lookup(local.given_checks[name], "command", null)[*])
            ] : "${path}: expected 1 to ${local.max_service_checks} units, ports and commands, got ${count}."
            if count == 0 || count > local.max_service_checks
          ],
          [
            for index, unit in lookup(target.checks, "systemd", []) :
            "${path}.systemd[${index}]: expected the name of a systemd unit, such as `nginx`, got ${jsonencode(unit)}."
            if !can(regex(local.patterns.systemd_unit, unit))
          ],
          [
            for index, port in lookup(target.checks, "tcp", []) : format(
              "%s.tcp[%d]: expected a TCP port from %d to %d, got %s.", path, index, local.tcp_port.min,
              local.tcp_port.max,
              jsonencode(port),
            ) if try(port < local.tcp_port.min || port > local.tcp_port.max || floor(port) != port, true)
          ],
          [
            for key in ["systemd", "tcp"] :
            "${path}.${key}: expected each entry once, got ${join(", ", lookup(target.checks, key, []))}."
            if length(lookup(target.checks, key, [])) != length(distinct(lookup(target.checks, key, [])))
          ],
          [
            for command in lookup(target.checks, "command", null)[*] : format(
              join("", [
                "%s.command: expected a shell command of at most %d characters, none of them control characters, ",
                "got %s of %d.",
              ]),
              path, local.max_command_length, jsonencode(substr(command, 0, 80)), length(command),
              ) if trimspace(command) == "" || length(command) > local.max_command_length || can(
              regex("[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x{9F}]", command)
            )
          ],
        )
      ] if target.checks != null
    ]),
  )
  # Each value of a tag: what it says, a regular expression of what it matches, and a text that another's must match for
  # the other to match all that this does. The wildcards are characters there which only one as wide matches.
  tag_forms = {
    for value, like in {
      for json in distinct(flatten([
        for target in values(local.targets) : [
          for values in concat(values(target.tags), values(target.exclude)) : [for value in values : jsonencode(value)]
        ]
        ])) : json => try(
        tostring(jsondecode(json).like), jsondecode(json).any ? "*" : null,
        replace(tostring(jsondecode(json)), "/[*?\\\\]/", "\\$0"), "",
      )
      } : value => {
      source = join("", compact([try(tostring(jsondecode(value).like), tostring(jsondecode(value)), "")]))
      matches = format("^(?s:%s)$", join("", [
        for part in regexall("(?s)\\\\.|.", join("", compact([like]))) : lookup(
          { "*" = ".*", "?" = "[^\\x{e000}]" }, part,
          startswith(part, "\\") ? part : replace(part, "/[.+^$(){}|\\[\\]]/", "\\$0"),
        )
      ]))
      text = join("", [
        for part in regexall("(?s)\\\\.|.", join("", compact([like]))) :
        lookup({ "*" = "\ue000", "?" = "\ue001" }, part, trimprefix(part, "\\"))
      ])
    }
  }
  # What is wrong with each value of a tag.
  pattern_problems = {
    for value in keys(local.tag_forms) : value => concat(
      local.is_file && can(regex("^\"[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z\"$", value)) ? [
        "quotes around a date, which yamldecode() makes a time without them"
      ] : [],
      can(regex("^(\".*\"|[{](\"any\":true|\"like\":\".*\")[}])$", value)) ? [] : [
        local.is_file ? "a text, { like: web-* } or { any: true }" : "a text, { like = \"web-*\" } or { any = true }"
      ],
      flatten([
        for like in can(regex("^[{]\"like\":\".*\"[}]$", value)) ? [jsondecode(value).like] : [] : [
          for wildcards in [replace(like, "/\\\\[*?\\\\]/", "")] : concat(
            strcontains(wildcards, "\\") ? ["a backslash only before `*`, `?` or another backslash"] : [],
            can(regex("[*?]", wildcards)) ? [] : ["a pattern with `*` or `?`, or a literal value without `like`"],
            can(regex("^[*]+$", like)) ? ["`any` for every value"] : [],
          )
        ]
      ]),
    )
  }
  # Of ids alone, which often come from instances that are not made yet.
  id_problems = concat(
    flatten([
      for name, target in local.targets : [
        for index, id in target.instance_ids : format(
          "%s.%s[%d]: expected an instance id: `i-` and 17 (or 8) hexadecimal digits, got %s.", local.at.targets[name],
          local.written.instance_ids, index, jsonencode(id),
        ) if !can(regex(local.patterns.instance_id, id))
      ]
    ]),
    flatten([
      for name, target in local.targets : [
        for index, id in target.instance_ids :
        join("", [
          "${local.at.targets[name]}.${local.written.instance_ids}[${index}]: expected each instance id once, got ",
          "${jsonencode(id)} again.",
        ])
        if contains(slice(target.instance_ids, 0, index), id)
      ]
    ]),
  )
  value_problems = concat(
    flatten([
      for each in local.kind_values : [
        for key, value in each.value : format("%s%s: expected a text, got %s.", each.path, local.written[key],
          startswith(jsonencode(value), "[") ? "a list" : "a map",
          ) if lookup(local.kinds_of[each.block], key, "") != "text" || contains(local.known_texts, key) ? false : (
          value == null ? false : !can(tostring(value))
        )
      ]
    ]),
    [
      for key, s in local.schedule_entries :
      join("", [
        "${local.at.schedules[key]}.description: expected at most ${local.max_description_length} characters, got ",
        "${length(s.description)}.",
      ])
      if s.description == null ? false : length(s.description) > local.max_description_length
    ],
    [
      for index, arn in local.kms_key_arns : format(
        "%s[%d]: expected the ARN of a KMS key (not of an alias, which IAM does not match), got %s.",
        local.written.kms_key_arns, index, jsonencode(arn),
      ) if !can(regex(local.patterns.kms_key_arn, arn))
    ],
    [
      for arn in [local.permissions_boundary_arn] :
      "${local.written.permissions_boundary_arn}: expected the ARN of an IAM policy, got ${jsonencode(arn)}."
      if arn == null ? false : !can(regex(local.patterns.policy_arn, arn))
    ],
    [
      for key in [local.hold_tag] :
      join("", [
        "${local.written.hold_tag}: expected a tag key of 1 to ${local.max_tag_key_length} characters that does ",
        "not begin with `aws:`, which AWS reserves, got ${jsonencode(key)}.",
      ])
      if key == null ? false : !can(regex("^[^[:cntrl:]]{1,128}$", key)) || can(regex("^(?i:aws:)", key))
    ],
    flatten([
      for argument, arns in { role_arn = local.top.role_arn, scheduler_role_arn = local.top.scheduler_role_arn } : [
        for arn in [arns] : "${local.written[argument]}: expected the ARN of an IAM role, got ${jsonencode(arn)}."
        if arn == null ? false : !can(regex(local.patterns.role_arn, arn))
      ]
    ]),
    [
      for path in [local.top.role_path] :
      "${local.written.role_path}: expected a path such as `/teams/ops/`, got ${jsonencode(path)}."
      if path == null ? false : !can(regex(local.patterns.role_path, path))
    ],
    [
      for arn in [local.functions.log_group_kms_key_arn] : format(
        "functions.%s: expected the ARN of a KMS key (not of an alias, which may change its key), got %s.",
        local.written.log_group_kms_key_arn, jsonencode(arn),
      ) if arn == null ? false : !can(regex(local.patterns.kms_key_arn, arn))
    ],
    # CloudWatch Logs takes keys of its own region only.
    flatten([
      for path, arn in merge(
        { functions = local.functions.log_group_kms_key_arn },
        {
          for action, adopted in local.adopted_functions :
          "adopt.functions.${action}" => adopted.log_group_kms_key_arn
        },
        ) : [
        for region in [try(split(":", arn)[3], local.region)] :
        format("%s.%s: expected a key in the region of the functions, %s, got one in %s.",
          path, local.written.log_group_kms_key_arn, local.region, region,
        ) if region != local.region
      ]
    ]),
    # AWS accepts no ARN across partitions.
    [
      for path, arn in merge(
        { for index, arn in local.kms_key_arns : "${local.written.kms_key_arns}[${index}]" => arn },
        {
          (local.written.permissions_boundary_arn) = local.permissions_boundary_arn
          (local.written.role_arn)                 = local.top.role_arn
          (local.written.scheduler_role_arn)       = local.top.scheduler_role_arn
        },
        {
          for index, arn in try(local.adopt_role.keep_policy_arns, []) :
          "adopt.role.${local.written.keep_policy_arns}[${index}]" => arn
        },
        ) : format("%s: expected an ARN of the partition of %s, arn:%s:..., got %s.",
        path, local.region, local.partition, jsonencode(arn),
      ) if can(regex("^arn:aws", arn)) ? split(":", arn)[1] != local.partition : false
    ],
    flatten([
      for vpc in local.vpc : [
        for key, ids in {
          subnet_ids = { given = vpc.subnet_ids, max = local.max_subnets, pattern = local.patterns.subnet_id }
          security_group_ids = {
            given   = vpc.security_group_ids
            max     = local.max_security_groups
            pattern = local.patterns.security_group_id
          }
          } : concat(
          length(ids.given) >= 1 && length(ids.given) <= ids.max ? [] : [
            "functions.vpc.${local.written[key]}: expected 1 to ${ids.max} ids, got ${length(ids.given)}."
          ],
          [
            for index, id in ids.given : format(
              "functions.vpc.%s[%d]: expected the id of a %s, got %s.", local.written[key], index,
              replace(trimsuffix(key, "_ids"), "_", " "), jsonencode(id),
            ) if !can(regex(ids.pattern, id))
          ],
        )
      ]
    ]),
    length(local.tags) <= local.max_resource_tags ? [] : [
      "tags: expected at most ${local.max_resource_tags} tags, got ${length(local.tags)}."
    ],
    # IAM is the strictest of the tagged services.
    [
      for key, value in local.tags : format(
        join("", [
          "tags: expected keys of 1 to %d characters that do not begin with aws:, and values of at most %d, of ",
          "letters, digits, spaces and _.:/=+-@, got %s = %s.",
        ]),
        local.max_tag_key_length, local.max_tag_value_length, jsonencode(key), jsonencode(value),
        ) if startswith(lower(key), "aws:") || !can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", key)) || !can(
        regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value)
      )
    ],
  )

  # Without the values, which may be sensitive.
  alert_problems = !local.has_alerts ? [] : concat(
    length(local.alert_keys) > 0 ? [] : ["alerts: expected `${local.written.sns_topic_arn}` or `email`, got neither."],
    [
      for given in length(local.alert_keys) < 2 ? [] : [nonsensitive(sensitive(
        local.given_alerts.sns_topic_arn == null || local.given_alerts.email == null
      ))] :
      join("", [
        "alerts: expected `${local.written.sns_topic_arn}` or `email`, not both: subscribe the address to the ",
        "topic, got both.",
      ])
      if !given
    ],
    [
      for key in ["missed_firings", "on_success"] :
      "alerts.${local.written[key]}: expected true or false, got another value."
      if !nonsensitive(sensitive(contains(["null", "true", "false"], jsonencode(local.given_alerts[key]))))
    ],
    [
      for ok in local.alerts_by_email ? [
        nonsensitive(sensitive(can(regex(local.patterns.email, local.given_alerts.email))))
      ] : [] : "alerts.email: expected an e-mail address, got another text." if !ok
    ],
    [
      for ok in contains(local.alert_keys, "sns_topic_arn") && !local.alerts_by_email ? [
        nonsensitive(sensitive(can(regex(local.patterns.sns_topic_arn, local.given_alerts.sns_topic_arn))))
      ] : [] :
      "alerts.${local.written.sns_topic_arn}: expected the ARN of a standard SNS topic, got another text."
      if !ok
    ],
    # CloudWatch refuses an alarm on a topic of another region, after half of the alarms are made.
    [
      for region in contains(local.alert_keys, "sns_topic_arn") && !local.alerts_by_email ? [
        nonsensitive(sensitive(try(split(":", local.given_alerts.sns_topic_arn)[3], local.region)))
        ] : [] : format("alerts.%s: expected a topic in the region of the functions, %s, got one in %s.",
        local.written.sns_topic_arn, local.region, region,
      ) if region != local.region
    ],
  )

  # --- Adopting ----------------------------------------------------------------------------------------------------

  adopt_problems = concat(
    local.create_role || local.adopt_role == null ? [] : [
      "adopt.role: expected none with role_arn or create_role = false, got one."
    ],
    local.adopt_role == null ? [] : concat(
      can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", local.adopt_role.name)) ? [] : [
        "adopt.role.name: expected the name of an IAM role, without its path, got ${jsonencode(local.adopt_role.name)}."
      ],
      can(regex(local.patterns.role_path, local.adopt_role.path)) ? [] : [
        "adopt.role.path: expected a path such as `/service-role/`, got ${jsonencode(local.adopt_role.path)}."
      ],
      [
        for index, arn in local.adopt_role.keep_policy_arns :
        join("", [
          "adopt.role.${local.written.keep_policy_arns}[${index}]: expected the ARN of an IAM policy, got ",
          "${jsonencode(arn)}.",
        ])
        if !can(regex(local.patterns.policy_arn, arn))
      ],
    ),
    flatten([
      for action, adopted in local.adopted_functions : concat(
        contains(local.actions, action) ? [] : [
          join("", [
            "adopt.functions.${action}: expected a schedule that has the action ${action}, got none, so that ",
            "function is not made.",
          ])
        ],
        can(regex(local.patterns.name_prefix, adopted.name)) ? [] : [
          join("", [
            "adopt.functions.${action}.name: expected the name of a function, not its ARN, got ",
            "${jsonencode(adopted.name)}.",
          ])
        ],
        [
          for arn in adopted.log_group_kms_key_arn[*] :
          join("", [
            "adopt.functions.${action}.${local.written.log_group_kms_key_arn}: expected the ARN of a KMS key, got ",
            "${jsonencode(arn)}.",
          ])
          if !can(regex(local.patterns.kms_key_arn, arn))
        ],
      ) if lookup(local.adopt_blocks.functions, action, null) != null
    ]),
    [
      for name, each in local.adopted_schedules : format(
        "adopt.schedules.%s: expected %s, as trigger %s needs, got %s.", name,
        local.trigger == "event-rule" ? "`rule` and `${local.written.target_id}`" : "`group` and `name`", local.trigger,
        length(local.adopted_keys[name]) == 0 ? "neither" : join(" and ", local.adopted_keys[name]),
      ) if local.adopted_keys[name] != (local.trigger == "event-rule" ? ["rule", "target_id"] : ["group", "name"])
    ],
    flatten([
      for name, each in local.adopted_schedules : [
        for key, value in each :
        join("", [
          "adopt.schedules.${name}.${local.written[key]}: expected 1 to 64 letters, digits, `.`, `-` and `_`, got ",
          "${jsonencode(value)}.",
        ])
        if value == null ? false : !can(regex("^[A-Za-z0-9._-]{1,64}$", value))
      ]
    ]),
    [
      for name, each in local.adopted_schedules :
      "adopt.schedules.${name}: expected each rule or schedule once, got ${jsonencode(each)} again."
      if length([for other in values(local.adopted_schedules) : other if other == each]) > 1
    ],
  )
  adopted_keys = {
    for name, each in local.adopted_schedules : name => [for key, value in each : key if value != null]
  }

  # --- Arguments without effect ------------------------------------------------------------------------------------

  effect_problems = flatten([
    for key, s in local.schedule_entries : concat(
      s.hibernate && s.action == "start" && !s.is_running ? [
        "${local.at.schedules[key]}.hibernate: expected it on a stop, or with `running` windows, got it on a start."
      ] : [],
      length(s.holidays) > 0 && s.stop_on_holidays && s.action == "stop" && !s.is_running ? [join("", [
        "${local.at.schedules[key]}.holidays: expected ${local.written.stop_on_holidays} = false beside it, ",
        "or no holidays on a stop, got a stop that runs on them too.",
      ])] : [],
    )
  ])

  past_problems = [
    for key, s in local.schedule_entries : format(
      "%s.%s: expected a time to come, or none, since AWS refuses changes of a schedule with a past one, got %s.",
      local.at.schedules[key], local.written.start_date, jsonencode(s.dates.start_date),
    ) if try(timecmp(local.given_dates[key].start_date.utc, plantimestamp()) <= 0, false)
  ]

  wildcard_problems = flatten([
    for name, target in local.targets : [
      for filter, tags in { tags = target.tags, exclude = target.exclude } : [
        for key, values in tags : [
          for text in [for value in values : try(tostring(value), "")] : format(
            "%s.%s.%s: expected %s for a pattern, since texts are literal, got %s.",
            local.at.targets[name], filter, key,
            text == "*" ? (local.is_file ? "{ any: true }" : "{ any = true }") : format(
              local.is_file ? "{ like: %s }" : "{ like = %s }", jsonencode(text),
            ),
            jsonencode(text),
          ) if can(regex("[*?]", text))
        ]
      ]
    ]
  ])
}

# These stop no plan, since they change nothing.
check "arguments_have_an_effect" {
  assert {
    condition     = length(local.effect_problems) == 0
    error_message = join("\n", local.effect_problems)
  }
}

check "start_dates_are_to_come" {
  assert {
    condition     = length(local.past_problems) == 0
    error_message = join("\n", local.past_problems)
  }
}

check "wildcards_are_patterns" {
  assert {
    condition     = length(local.wildcard_problems) == 0
    error_message = join("\n", local.wildcard_problems)
  }
}
