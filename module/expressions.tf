# What fires, and when: the expressions of `schedules`, of windows, and of warnings, which are put earlier. AWS rejects
# a wrong one only at apply. Here each is read field by field.

locals {
  # What fires, in the order of `schedules`: an expression of its own, or two for each window.
  schedule_list = concat([], [
    for key, s in local.schedule_entries : concat(
      [
        for time in lookup(local.window_times, key, []) : {
          key        = key
          name       = time.name
          action     = time.action
          day_offset = time.day_offset
          expression = length(time.days) == 7 ? "cron(${time.time} * * ? *)" : (
            "cron(${time.time} ? * ${local.weekday_texts[join("", time.days)]} *)"
          )
        }
      ],
      [
        for expression in [s.expression] :
        { key = key, name = key, action = s.action, day_offset = 0, expression = expression }
        if !s.is_running && try(contains(["start", "stop"], s.action), false)
      ],
    )
  ]...)
  schedules_by_name = { for each in local.schedule_list : each.name => each... }
  schedules = {
    for name, each in local.schedules_by_name : name => merge(local.schedule_entries[each[0].key], each[0], {
      latest_minutes = local.latest_minutes[name]
      # A window belongs to the day on which it starts, and so do its holidays.
      holidays = each[0].day_offset == 0 ? local.schedule_entries[each[0].key].holidays : [
        for date in local.schedule_entries[each[0].key].holidays :
        try(formatdate("YYYY-MM-DD", timeadd("${date}T00:00:00Z", "${each[0].day_offset * 24}h")), date)
      ]
    })
  }

  # When each schedule begins and ends, in UTC, and by its own clocks where these never change: Terraform does not know
  # when others do. A date begins with its first moment and ends with its last. A window belongs to the day on which it
  # starts, so that the stop of the last one may come a day later.
  dates = {
    for name, each in local.schedules_by_name : name => {
      for setting, times in local.given_dates[each[0].key] : setting => {
        for kind, time in times : kind => timeadd(time, "${each[0].day_offset * 24}h")
      } if can(times.utc)
    }
  }
  # Without `utc` where it cannot be told.
  given_dates = {
    for key, dates in local.date_parts : key => {
      for setting, parts in dates : setting => merge(
        { for utc in try([timeadd("${parts.local}Z", "${local.minutes_to_utc[parts.offset]}m")], []) : "utc" => utc },
        {
          for clock in try([
            timeadd("${parts.local}Z", "${local.minutes_to_utc[parts.offset] - local.minutes_to_utc[parts.zone]}m")
          ], []) : "clock" => clock
        },
      )
    }
  }
  # The local time of each, empty where there is none; the offset from UTC that it names, and that of its zone.
  date_parts = {
    for key, s in local.schedule_entries : key => {
      for setting, text in s.dates : setting => [
        for zone in [lookup(local.zone_offsets, s.timezone, "")] : merge({ zone = zone }, try(
          {
            local = trimsuffix(
              timeadd("${regex(local.patterns.date, text)}T00:00:00Z", setting == "end_date" ? "24h" : "0h"), "Z",
            )
            offset = zone
          },
          [
            for part in [regex("^(.{10}T.{5})(?:(:.{2})(?:[.]0+)?)?(Z|[+-].{2}:?.{2})?$", text)] : {
              local  = trimsuffix(timeadd("${part[0]}${part[1] == null ? ":00" : part[1]}Z", "0s"), "Z")
              offset = part[2] == null ? zone : part[2]
            }
          ][0],
          { local = "", offset = "" },
        ))
      ][0]
    }
  }
  minutes_to_utc = {
    for offset in distinct(concat(values(local.zone_offsets), flatten([
      for dates in values(local.date_parts) : [for parts in values(dates) : parts.offset]
      ]))) : offset => offset == "Z" ? 0 : (
      (startswith(offset, "-") ? 1 : -1) * (tonumber(substr(offset, 1, 2)) * 60 + tonumber(substr(offset, -2, 2)))
    ) if can(regex("^(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])$", offset))
  }
  # What a function must know of a schedule.
  schedule_times = {
    for name, s in local.schedules : name => merge(
      { name = name, action = s.action, expression = s.expression },
      { for zone in [s.timezone] : "timezone" => zone if zone != "UTC" },
      { for setting, date in local.dates[name] : local.camel_case[setting] => replace(date.utc, "Z", ".000Z") },
    )
  }
  # As EventBridge Scheduler takes them. AWS does not say whether a schedule fires at its end; it fires in whole
  # minutes, so an end a second earlier leaves no doubt. Those of a warning are that much earlier.
  scheduler_dates = {
    for name, s in local.triggers : name => {
      for setting, date in lookup(local.dates, trimsuffix(name, s.warn_minutes == null ? "" : "-warn"), {}) :
      setting => timeadd(date.utc, format("-%dm%ds",
        s.warn_minutes == null ? 0 : s.warn_minutes, setting == "end_date" ? 1 : 0,
      ))
    }
  }

  # The six fields of each cron(...); none where the expression is another, or has not six.
  cron = {
    for name, each in local.schedules_by_name :
    name => try(split(" ", regex("^cron\\(([^ ()]+(?: [^ ()]+){5})\\)$", each[0].expression)[0]), [])
  }
  # The minute of the day and the days, from Sunday on, of each cron(...) that has one time on days of the week; what
  # windows become, and most of what people write. Only these can be compared here.
  weekly = {
    for name, fields in local.cron : name => {
      minute = tonumber(fields[1]) * 60 + tonumber(fields[0])
      days = contains(["?", "*"], fields[4]) ? range(7) : [
        for day in range(7) : day if anytrue([
          for ends in [
            for item in split(",", upper(fields[4])) : [for end in split("-", item) : local.weekday_numbers[end]]
          ] :
          day >= ends[0] && day <= ends[length(ends) - 1]
        ])
      ]
      } if can(regex(
        "^[0-5]?[0-9] ([01]?[0-9]|2[0-3]) ([*] [*] [?]|[?] [*] ([*]|${local.cron_weekdays})) [*]$", join(" ", fields)
    ))
  }
  cron_weekdays = "((${local.cron_weekday_item}),)*(${local.cron_weekday_item})"
  weekday_numbers = merge(
    { for number, day in local.weekdays : day => number },
    { for number in range(7) : number + 1 => number },
  )

  # How late a firing may still change anything. Without a number of its own, so that it does not undo the opposite
  # action on the same instances, where the two have comparable times in one zone, and neither has ended before the
  # other begins.
  opposites = {
    for name, time in local.weekly : name => [
      for other, next in local.weekly : {
        name    = other
        minutes = (next.minute - time.minute + 1440) % 1440
        } if(
        local.schedules_by_name[name][0].action != local.schedules_by_name[other][0].action &&
        local.entry_of[name].timezone == local.entry_of[other].timezone &&
        local.entry_of[other].enabled && (next.minute - time.minute + 1440) % 1440 <= local.limits.latestMinutes.max &&
        anytrue([for day in time.days : contains(next.days, (day + (next.minute < time.minute ? 1 : 0)) % 7)]) &&
        anytrue([for target in local.entry_of[name].targets : contains(local.entry_of[other].targets, target)]) &&
        !anytrue([
          for pair in [[name, other], [other, name]] : try(
            timecmp(local.dates[pair[0]].end_date.utc, local.dates[pair[1]].start_date.utc) <= 0, false
          )
        ])
      )
    ]
  }
  entry_of = { for name, each in local.schedules_by_name : name => local.schedule_entries[each[0].key] }
  latest_minutes = {
    for name, s in local.entry_of : name => s.latest_minutes != null ? s.latest_minutes : max(2, min(concat(
      [local.defaults.latest_minutes],
      [for next in lookup(local.opposites, name, []) : next.minutes - 1 if next.minutes > 0],
    )...))
  }

  # A stop with warn_minutes has a second trigger that much earlier.
  warned = { for name, s in local.schedules : name => s if s.warn_minutes != null && s.action != "start" }
  # null where the expression is neither given nor made here: of one time on days of the week, of one time on other days
  # where the warning is on the same day, and of at(...).
  warning_expressions = {
    for name, s in local.warned : name => s.warn_expression != null ? s.warn_expression : try(
      local.weekly_warnings[name],
      one([
        for part in [regex("^cron\\(([0-5]?[0-9]) ([01]?[0-9]|2[0-3]) (.*)$", s.expression)] : format("cron(%d %d %s",
          (tonumber(part[1]) * 60 + tonumber(part[0]) - s.warn_minutes) % 60,
          floor((tonumber(part[1]) * 60 + tonumber(part[0]) - s.warn_minutes) / 60), part[2],
        ) if tonumber(part[1]) * 60 + tonumber(part[0]) >= s.warn_minutes
      ]),
      format(
        "at(%s)",
        trimsuffix(timeadd("${regex("^at\\((.*)\\)$", s.expression)[0]}Z", "-${s.warn_minutes}m"), "Z"),
      ),
      null,
    )
  }
  weekly_warnings = {
    for name, s in local.warned : name => one([
      for minute in [local.weekly[name].minute - s.warn_minutes] : format(
        length(local.weekly[name].days) == 7 ? "cron(%d %d * * ? *)" : "cron(%d %d ? * %s *)",
        (minute + 1440) % 60, floor((minute < 0 ? minute + 1440 : minute) / 60),
        length(local.weekly[name].days) == 7 ? [] : [local.weekday_texts[join("", [
          for day in range(7) : day if contains(local.weekly[name].days, (day + (minute < 0 ? 1 : 0)) % 7)
        ])]]...
      )
    ]) if can(local.weekly[name])
  }
  warnings = {
    for name, expression in local.warning_expressions : "${name}-warn" => merge(local.schedules[name], {
      expression  = expression
      description = "Warns ${local.schedules[name].warn_minutes} minutes before ${name}"
      hibernate   = false
    }) if expression != null
  }

  # What fires: the schedules themselves, and their warnings, which alone have warn_minutes here. One with a name that
  # AWS rejects is a problem, and no resource that the provider would say so of, too.
  rules = { for name, s in local.named_triggers : name => s if local.trigger == "event-rule" }
  timed = { for name, s in local.named_triggers : name => s if local.trigger == "scheduler" }
  named_triggers = {
    for name, s in local.triggers : name => s
    if can(regex(local.patterns.schedule_name, name)) && length(name) <= local.max_name_length
  }
  triggers = merge({ for name, s in local.schedules : name => merge(s, { warn_minutes = null }) }, local.warnings)

  # One value of a field of cron(...), as a regular expression.
  cron_day          = "(0?[1-9]|[12][0-9]|3[01])"
  cron_month        = "(0?[1-9]|1[0-2])"
  cron_month_name   = "(${join("|", [for name in slice(local.cron_names, 0, 12) : local.cron_any_case[name]])})"
  cron_weekday      = "[1-7]"
  cron_weekday_name = "(${join("|", [for name in slice(local.cron_names, 12, 19) : local.cron_any_case[name]])})"

  # One item of a field's list: a value, a range, a value or range with a step, or * with a step.
  cron_items = {
    for field, item in {
      minutes = { value = "[0-5]?[0-9]", step = "([1-9]|[1-5][0-9])" }
      hours   = { value = "([01]?[0-9]|2[0-3])", step = "([1-9]|1[0-9]|2[0-3])" }
      day     = { value = local.cron_day, step = local.cron_day }
      month   = { value = local.cron_month, step = local.cron_month }
      year    = { value = "(19[7-9][0-9]|2[01][0-9][0-9])", step = "[1-9][0-9]{0,2}" }
    } : field => "([*]/${item.step}|${item.value}(-${item.value})?(/${item.step})?)"
  }
  cron_month_name_item = "${local.cron_month_name}(-${local.cron_month_name})?"
  cron_weekday_item = join("|", [
    for day in [local.cron_weekday, local.cron_weekday_name] : "${day}(-${day})?"
  ])

  # In AWS's order. A pattern is for the field with a comma behind it, so that a list is items which end with a comma.
  cron_fields = [
    {
      expected = "minutes of 0-59 with , - * /"
      pattern  = "^([*],|(${local.cron_items.minutes},)+)$"
    },
    {
      expected = "hours of 0-23 with , - * /"
      pattern  = "^([*],|(${local.cron_items.hours},)+)$"
    },
    {
      expected = "a day-of-month of 1-31 with , - * /, or ?, L, or a day with W such as 15W"
      pattern  = "^([*?Ll],|${local.cron_day}[Ww],|(${local.cron_items.day},)+)$"
    },
    {
      expected = "a month of 1-12 or JAN-DEC with , - * /"
      pattern  = "^([*],|((${local.cron_items.month}|${local.cron_month_name_item}),)+)$"
    },
    {
      expected = join("", [
        "a day-of-week of 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such ",
        "as 2#1",
      ])
      pattern = format("^([*?Ll],|(%s|%s)([Ll]|#[1-5]),|((%s),)+)$",
        local.cron_weekday, local.cron_weekday_name, local.cron_weekday_item,
      )
    },
    {
      expected = "a year of 1970-2199 with , - * /"
      pattern  = "^([*],|(${local.cron_items.year},)+)$"
    },
  ]

  # In order, for ranges. EventBridge ignores their case; (?i) would also match letters outside ASCII.
  cron_names = split(" ", "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC SUN MON TUE WED THU FRI SAT")
  cron_any_case = {
    for name in local.cron_names :
    name => join("", [for letter in split("", name) : "[${letter}${lower(letter)}]"])
  }

  trigger_cron = {
    for name, s in local.triggers :
    name => try(split(" ", regex("^cron\\(([^ ()]+(?: [^ ()]+){5})\\)$", s.expression)[0]), [])
  }

  # What is wrong with each expression; nothing where it holds.
  expression_problems = {
    for name, s in local.triggers : name => [
      for expected in concat(
        can(regex("^(cron|rate|at)\\([^()]*\\)$", s.expression)) ? [] : ["cron(...), rate(...) or at(...)"],
        length(s.expression) <= 256 ? [] : ["at most 256 characters"],

        startswith(s.expression, "cron(") && length(local.trigger_cron[name]) == 0 ? [
          "six fields in cron(...): minutes hours day-of-month month day-of-week year, one space between them"
        ] : [],
        [
          for index, field in local.trigger_cron[name] : "${local.cron_fields[index].expected} (not ${field})"
          if !can(regex(local.cron_fields[index].pattern, "${field},"))
        ],
        try((local.trigger_cron[name][2] == "?") != (local.trigger_cron[name][4] == "?"), true) ? [] : [
          "exactly one of day-of-month and day-of-week to be ?"
        ],
        # AWS does not document ranges that wrap around.
        alltrue(flatten([
          for field in local.trigger_cron[name] : [
            [for ends in regexall("([0-9]+)-([0-9]+)", field) : tonumber(ends[0]) <= tonumber(ends[1])],
            [
              for ends in regexall("([A-Z]+)-([A-Z]+)", upper(field)) :
              try(index(local.cron_names, ends[0]) <= index(local.cron_names, ends[1]), true)
            ],
          ]
        ])) ? [] : ["ranges that do not wrap around (FRI,SAT,SUN,MON rather than FRI-MON)"],
        can(regex(
          "^(3[01]W? (0?2|FEB)|31W? (0?[469]|11|APR|JUN|SEP|NOV))$",
          upper("${local.trigger_cron[name][2]} ${local.trigger_cron[name][3]}")
        )) ? ["a date that exists in day-of-month and month"] : [],

        startswith(s.expression, "rate(") && !can(regex(
          "^rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,7}) (minutes|hours|days))\\)$", s.expression
          )) ? [
          join("", [
            "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with ",
            "minute, hour or day",
          ])
        ] : [],

        # formatdate() rejects dates that do not exist, such as 30 February.
        startswith(s.expression, "at(") && !(
          can(regex(
            "^at\\((19[7-9]|2[01][0-9])[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\)$", s.expression
          )) &&
          can(formatdate("YYYY", "${trimsuffix(trimprefix(s.expression, "at("), ")")}Z"))
          ) ? [
          "a local time of 1970 to 2199 in at(...), as yyyy-mm-ddThh:mm:ss"
        ] : [],
      ) :
      "${local.expression_arguments[name]}: expected ${expected}, got ${jsonencode(s.expression)}."
      if local.expression_arguments[name] != ""
    ]
  }
  # The argument that gives each expression; empty where it is made from that of a stop, and holds if the stop's does.
  expression_arguments = {
    for name, s in local.triggers : name => s.warn_minutes == null ? (
      s.is_running || local.given_schedules[s.key].expression == null ? "" : "${local.at.schedules[s.key]}.expression"
      ) : (
      s.warn_expression == null ? "" : "${local.at.schedules[s.key]}.${local.written.warn_expression}"
    )
  }

  warning_problems = concat(
    [
      for name, expression in local.warning_expressions :
      join("", [
        "${local.at.schedules[local.warned[name].key]}.${local.written.warn_minutes}: expected times that this ",
        "module can put ${local.warned[name].warn_minutes} minutes earlier, one on days of the week, or one on the ",
        "same day, got ${jsonencode(local.warned[name].expression)}: say when to warn in warn_expression.",
      ])
      if expression == null && length(local.expression_problems[name]) == 0
    ],
    [
      for name, s in local.warned :
      join("", [
        "${local.at.schedules[s.key]}.${local.written.warn_minutes}: expected a name for its warning that no ",
        "schedule has, got ${name}-warn: rename the schedule ${name}-warn.",
      ])
      if contains(keys(local.schedules), "${name}-warn")
    ],
    [
      for name, s in local.warned :
      join("", [
        "${local.at.schedules[s.key]}: expected a shorter name, since its warning is ${name}-warn and a name has ",
        "at most ${local.max_name_length} characters, got ${length(name) + 5}.",
      ])
      if length(name) + 5 > local.max_name_length
    ],
  )
}
