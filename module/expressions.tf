# AWS refuses a wrong schedule expression only when it is applied. Here each one is read at plan, field by field; what
# is wrong stops the plan by a precondition on the schedule or rule that would carry it.

locals {
  # One value of each field of cron(...), and how far a step may go, as regular expressions.
  cron_minute       = "[0-5]?[0-9]"
  cron_minute_step  = "([1-9]|[1-5][0-9])"
  cron_hour         = "([01]?[0-9]|2[0-3])"
  cron_hour_step    = "([1-9]|1[0-9]|2[0-3])"
  cron_day          = "(0?[1-9]|[12][0-9]|3[01])"
  cron_month        = "(0?[1-9]|1[0-2])"
  cron_month_name   = "(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
  cron_weekday      = "[1-7]"
  cron_weekday_name = "(SUN|MON|TUE|WED|THU|FRI|SAT)"
  cron_year         = "(19[7-9][0-9]|2[01][0-9][0-9])"
  cron_year_step    = "[1-9][0-9]{0,2}"

  # In AWS's order. A pattern is for the field with a comma behind it, so that a list is items which end with a comma.
  cron_fields = [
    {
      expected = "minutes of 0-59 with , - * /"
      pattern  = "^([*],|(([*]/${local.cron_minute_step}|${local.cron_minute}(-${local.cron_minute})?(/${local.cron_minute_step})?),)+)$"
    },
    {
      expected = "hours of 0-23 with , - * /"
      pattern  = "^([*],|(([*]/${local.cron_hour_step}|${local.cron_hour}(-${local.cron_hour})?(/${local.cron_hour_step})?),)+)$"
    },
    {
      expected = "a day-of-month of 1-31 with , - * /, or ?, L, or a day with W such as 15W"
      pattern  = "^([*?L],|${local.cron_day}W,|(([*]/${local.cron_day}|${local.cron_day}(-${local.cron_day})?(/${local.cron_day})?),)+)$"
    },
    {
      expected = "a month of 1-12 or JAN-DEC with , - * /"
      pattern  = "^([*],|(([*]/${local.cron_month}|${local.cron_month}(-${local.cron_month})?(/${local.cron_month})?|${local.cron_month_name}(-${local.cron_month_name})?),)+)$"
    },
    {
      expected = "a day-of-week of 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1"
      pattern  = "^([*?L],|(${local.cron_weekday}|${local.cron_weekday_name})(L|#[1-5]),|((${local.cron_weekday}(-${local.cron_weekday})?|${local.cron_weekday_name}(-${local.cron_weekday_name})?),)+)$"
    },
    {
      expected = "a year of 1970-2199 with , - * /"
      pattern  = "^([*],|(([*]/${local.cron_year_step}|${local.cron_year}(-${local.cron_year})?(/${local.cron_year_step})?),)+)$"
    },
  ]

  # The order of names, for ranges.
  cron_names = split(" ", "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC SUN MON TUE WED THU FRI SAT")

  # The six fields of each cron(...); none where the expression is another, or has not six.
  cron = {
    for name, s in var.schedules : name =>
    try(split(" ", regex("^cron\\(([^ ()]+(?: [^ ()]+){5})\\)$", s.schedule_expression)[0]), [])
  }

  # What is wrong with each expression; nothing where it holds.
  expression_problems = {
    for name, s in var.schedules : name => [
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
        # AWS does not say what it makes of a range that wraps around.
        alltrue(flatten([
          for field in local.cron[name] : [
            [for ends in regexall("([0-9]+)-([0-9]+)", field) : tonumber(ends[0]) <= tonumber(ends[1])],
            [for ends in regexall("([A-Z]+)-([A-Z]+)", field) : try(index(local.cron_names, ends[0]) <= index(local.cron_names, ends[1]), true)],
          ]
        ])) ? [] : ["ranges that do not wrap around (FRI,SAT,SUN,MON rather than FRI-MON)"],
        can(regex("^(3[01] (0?2|FEB)|31 (0?[469]|11|APR|JUN|SEP|NOV)) ", join(" ", slice(concat(local.cron[name], ["", "", "", "", ""]), 2, 5)))) ? [
          "a date that exists in day-of-month and month"
        ] : [],

        startswith(s.schedule_expression, "rate(") && !can(regex("^rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,7}) (minutes|hours|days))\\)$", s.schedule_expression)) ? [
          "a whole number and a unit in rate(...), singular for exactly 1: rate(1 day), rate(2 days), with minute, hour or day"
        ] : [],

        # formatdate() refuses what is no date, such as 30 February.
        startswith(s.schedule_expression, "at(") && !(
          can(regex("^at\\((19[7-9]|2[01][0-9])[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\)$", s.schedule_expression)) &&
          can(formatdate("YYYY", "${trimsuffix(trimprefix(s.schedule_expression, "at("), ")")}Z"))
          ) ? [
          "a local time of 1970 to 2199 in at(...), as yyyy-mm-ddThh:mm:ss"
        ] : [],
      ) :
      "schedules[\"${name}\"].schedule_expression: expected ${expected}, got ${jsonencode(s.schedule_expression)}."
    ]
  }
}
