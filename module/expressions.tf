# AWS rejects a wrong schedule expression only at apply. Here each one is checked at plan, field by field, and a
# precondition of its schedule or rule fails with all its problems.

locals {
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
      expected = "a day-of-week of 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1"
      pattern  = "^([*?Ll],|(${local.cron_weekday}|${local.cron_weekday_name})([Ll]|#[1-5]),|((${local.cron_weekday_item}),)+)$"
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

  # The six fields of each cron(...); none where the expression is another, or has not six.
  cron = {
    for name, s in local.triggers : name =>
    try(split(" ", regex("^cron\\(([^ ()]+(?: [^ ()]+){5})\\)$", s.schedule_expression)[0]), [])
  }

  # What is wrong with each expression; nothing where it holds.
  expression_problems = {
    for name, s in local.triggers : name => [
      for expected in concat(
        can(regex("^(cron|rate|at)\\([^()]*\\)$", s.schedule_expression)) ? [] : ["cron(...), rate(...) or at(...)"],
        length(s.schedule_expression) <= 256 ? [] : ["at most 256 characters"],

        startswith(s.schedule_expression, "cron(") && length(local.cron[name]) == 0 ? [
          "six fields in cron(...): minutes hours day-of-month month day-of-week year, one space between them"
        ] : [],
        [
          for index, field in local.cron[name] : "${local.cron_fields[index].expected} (not ${field})"
          if !can(regex(local.cron_fields[index].pattern, "${field},"))
        ],
        try((local.cron[name][2] == "?") != (local.cron[name][4] == "?"), true) ? [] : [
          "exactly one of day-of-month and day-of-week to be ?"
        ],
        # AWS does not document ranges that wrap around.
        alltrue(flatten([
          for field in local.cron[name] : [
            [for ends in regexall("([0-9]+)-([0-9]+)", field) : tonumber(ends[0]) <= tonumber(ends[1])],
            [
              for ends in regexall("([A-Z]+)-([A-Z]+)", upper(field)) :
              try(index(local.cron_names, ends[0]) <= index(local.cron_names, ends[1]), true)
            ],
          ]
        ])) ? [] : ["ranges that do not wrap around (FRI,SAT,SUN,MON rather than FRI-MON)"],
        can(regex(
          "^(3[01]W? (0?2|FEB)|31W? (0?[469]|11|APR|JUN|SEP|NOV))$",
          upper("${local.cron[name][2]} ${local.cron[name][3]}")
        )) ? ["a date that exists in day-of-month and month"] : [],

        startswith(s.schedule_expression, "rate(") && !can(regex(
          "^rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,7}) (minutes|hours|days))\\)$", s.schedule_expression
          )) ? [
          "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with minute, hour or day"
        ] : [],

        # formatdate() rejects dates that do not exist, such as 30 February.
        startswith(s.schedule_expression, "at(") && !(
          can(regex(
            "^at\\((19[7-9]|2[01][0-9])[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\)$", s.schedule_expression
          )) &&
          can(formatdate("YYYY", "${trimsuffix(trimprefix(s.schedule_expression, "at("), ")")}Z"))
          ) ? [
          "a local time of 1970 to 2199 in at(...), as yyyy-mm-ddThh:mm:ss"
        ] : [],
      ) :
      "${local.expression_arguments[name]}: expected ${expected}, got ${jsonencode(s.schedule_expression)}."
      if local.expression_arguments[name] != ""
    ]
  }
  # The argument that gives each expression; empty where it is made from that of a stop, and holds if the stop's does.
  expression_arguments = {
    for name, s in local.triggers : name => s.warn_minutes == null ? "schedules[\"${name}\"].schedule_expression" : (
      s.warn_expression == null ? "" : "schedules[\"${trimsuffix(name, "-warn")}\"].warn_expression"
    )
  }

  # A stop with warn_minutes has a second trigger that much earlier.
  warned = { for name, s in var.schedules : name => s if s.warn_minutes != null }
  # Minutes after midnight of one cron(...) that has one minute and one hour; below 0 on the day before, which other fields
  # than these would have to name.
  warning_minutes = {
    for name, s in local.warned : name => try(sum([
      for part in [regex("^cron\\(([0-5]?[0-9]) ([01]?[0-9]|2[0-3]) ", s.schedule_expression)] :
      tonumber(part[1]) * 60 + tonumber(part[0]) - s.warn_minutes
    ]), -1)
  }
  # null where the expression is neither given nor made here.
  warning_expressions = {
    for name, s in local.warned : name => s.warn_expression != null ? s.warn_expression : (
      local.warning_minutes[name] >= 0 ? try(format(
        "cron(%d %d %s",
        local.warning_minutes[name] % 60,
        floor(local.warning_minutes[name] / 60),
        regex("^cron\\([0-9]+ [0-9]+ (.*)$", s.schedule_expression)[0],
        ), null) : try(format(
        "at(%s)",
        trimsuffix(timeadd("${regex("^at\\((.*)\\)$", s.schedule_expression)[0]}Z", "-${s.warn_minutes}m"), "Z"),
      ), null)
    )
  }
  warnings = {
    for name, expression in local.warning_expressions : "${name}-warn" => merge(var.schedules[name], {
      schedule_expression = expression
      description         = "Warns ${var.schedules[name].warn_minutes} minutes before ${name}"
      hibernate           = false
    }) if expression != null
  }

  # What fires: the schedules themselves, and their warnings, which alone have warn_minutes here.
  triggers = merge({ for name, s in var.schedules : name => merge(s, { warn_minutes = null }) }, local.warnings)

  warning_problems = concat(
    [
      for name, s in local.warned :
      "schedules[\"${name}\"].warn_minutes: expected none without alerts, whose topic gets the warnings, got ${s.warn_minutes}."
      if var.alerts == null
    ],
    [
      for name, expression in local.warning_expressions :
      "schedules[\"${name}\"].warn_minutes: expected a schedule_expression that this module can put ${local.warned[name].warn_minutes} minutes earlier, at(...) or cron(...) with one minute and one hour, on the same day, got ${jsonencode(local.warned[name].schedule_expression)}: say when to warn in warn_expression."
      if expression == null && length(local.expression_problems[name]) == 0
    ],
    [
      for name in keys(local.warned) :
      "schedules[\"${name}\"].warn_minutes: expected a name for its warning that no schedule has, got ${name}-warn: rename the schedule ${name}-warn."
      if can(var.schedules["${name}-warn"])
    ],
    [
      for name in keys(local.warned) :
      "schedules[\"${name}\"].warn_minutes: expected a schedule's name of at most 59 characters, since its warning's ends with -warn, got ${length(name)}."
      if length(name) > 59
    ],
  )
}
