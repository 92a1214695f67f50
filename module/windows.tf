# `running` windows become starts and stops, with the names and the expressions that the library gives them.

locals {
  weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  # Each window `DAYS HH:MM-HH:MM`, taken apart; null where it has another form.
  window_parts = {
    for key, s in local.schedule_entries : key => [
      for text in s.running :
      length(text) > 64 ? null : try(regex("^(?P<days>\\S+) (?P<from>\\S+)-(?P<to>\\S+)$", text), null)
    ]
  }
  window_days = {
    for key, windows in local.window_parts : key => [
      for window in windows : window == null ? [] : (window.days == "daily" ? [["SUN", "SAT"]] : [
        for token in split(",", window.days) : [for day in split("-", token) : day]
      ])
    ]
  }
  # What is wrong with each window: expected, got, and where it is known what was meant, a hint.
  window_problems = {
    for key, windows in local.window_parts : key => [
      for index, window in windows : concat(
        [
          for expected in ["DAYS HH:MM-HH:MM, such as MON-FRI 08:00-20:00"] : {
            expected = expected
            got      = local.schedule_entries[key].running[index]
            hint     = local.is_corrected[key][index] ? "did you mean ${local.window_corrections[key][index]}?" : ""
          } if window == null || local.is_corrected[key][index]
        ],
        [
          for time in window == null ? [] : [
            { text = window.from, latest = "23:59", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$" },
            { text = window.to, latest = "24:00", pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" },
            ] : {
            expected = "a time from 00:00 to ${time.latest}"
            got      = time.text
            hint     = can(regex("^[0-9]:[0-5][0-9]$", time.text)) ? "did you mean 0${time.text}?" : ""
          } if !can(regex(time.pattern, time.text))
        ],
        [
          for text in window == null ? [] : [local.schedule_entries[key].running[index]] : {
            expected = "an end that differs from the start"
            got      = text
            hint     = "a whole day is 00:00-24:00"
          } if try(window.from == window.to, false)
        ],
        [
          for days in local.window_days[key][index] : {
            expected = "days as MON-FRI, FRI-MON, MON,WED or daily"
            got      = join("-", days)
            hint = try(
              "did you mean ${one([
                for meant in [join("-", [
                  for day in days : one([for name in local.weekdays : name if name == substr(upper(day), 0, 3)])
                ])] : meant if length(days) <= 2
              ])}?",
              can(regex("^(?i)(daily|everyday|all)$", join("-", days))) ? "did you mean daily?" : "",
            )
          } if length(days) > 2 || !alltrue([for day in days : contains(local.weekdays, day)])
        ],
      )
    ]
  }
  # The same with other dashes, or with other spaces, is what was meant where it is a window.
  is_corrected = {
    for key, s in local.schedule_entries : key => [
      for index, text in s.running : text != local.window_corrections[key][index] && can(regex(
        "^(daily|${local.window_weekday}(,${local.window_weekday})*) [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
        local.window_corrections[key][index],
      ))
    ]
  }
  window_weekday = "(${join("|", local.weekdays)})(-(${join("|", local.weekdays)}))?"
  window_corrections = {
    for key, s in local.schedule_entries : key => [
      for text in s.running :
      replace(trimspace(replace(
        text, "/\\s*[~\\x{301c}\\x{223c}\\x{ff5e}\\x{2010}-\\x{2015}\\x{2212}-]\\s*/", "-"
      )), "/\\s+/", " ")
    ]
  }

  # The intervals that valid windows cover, in minutes from Sunday 00:00; an end before its start is on the next day.
  intervals = {
    for key, windows in local.window_parts : key => distinct(flatten([
      for index, window in windows : [
        for day in flatten([
          for ends in local.window_days[key][index] : [
            for offset in range(
              (index(local.weekdays, ends[length(ends) - 1]) - index(local.weekdays, ends[0]) + 7) % 7 + 1
            ) :
            (index(local.weekdays, ends[0]) + offset) % 7
          ]
          ]) : {
          from = day * 1440 + tonumber(substr(window.from, 0, 2)) * 60 + tonumber(substr(window.from, 3, 2))
          length = (
            (tonumber(substr(window.to, 0, 2)) - tonumber(substr(window.from, 0, 2))) * 60 +
            tonumber(substr(window.to, 3, 2)) - tonumber(substr(window.from, 3, 2)) + 1440 - 1
          ) % 1440 + 1
        }
      ]
    ])) if alltrue([for problems in local.window_problems[key] : length(problems) == 0])
  }
  # Merged: a start that no other interval covers or ends at, to the next end at which none goes on. The week is a
  # circle.
  merged_starts = {
    for key, intervals in local.intervals : key => distinct([
      for each in intervals : each.from if alltrue([
        for other in intervals : (each.from - other.from + 10079) % 10080 >= other.length
      ])
    ])
  }
  merged_ends = {
    for key, intervals in local.intervals : key => distinct([
      for each in intervals : (each.from + each.length) % 10080 if alltrue([
        for other in intervals : (each.from + each.length - other.from + 10080) % 10080 >= other.length
      ])
    ])
  }
  # Those that begin at the same time of day and last as long are one window, on several days; days count from Monday.
  merged_windows = {
    for key, starts in local.merged_starts : key => [
      for text in distinct([
        for from in starts :
        "${from % 1440} ${min([for end in local.merged_ends[key] : (end - from + 10079) % 10080 + 1]...)}"
        ]) : {
        start  = tonumber(split(" ", text)[0])
        length = tonumber(split(" ", text)[1])
        days = [
          for day in range(7) : day if contains([
            for from in starts : floor(from / 1440) if from % 1440 == tonumber(split(" ", text)[0]) &&
            tonumber(split(" ", text)[1]) == min([
              for end in local.merged_ends[key] : (end - from + 10079) % 10080 + 1
            ]...)
          ], (day + 1) % 7)
        ]
      }
    ] if length(starts) > 0
  }
  # In the order of the week from Monday on.
  sorted_windows = {
    for key, windows in local.merged_windows : key => [
      for place in sort([for window in windows : format("%05d", window.days[0] * 1440 + window.start)]) : one([
        for window in windows : window if window.days[0] * 1440 + window.start == tonumber(place)
      ])
    ]
  }
  # `mon-fri`, `mon_wed` or `daily`: an underscore between days that do not follow each other.
  window_suffixes = {
    for key, windows in local.sorted_windows : key => [
      for window in windows : length(windows) == 1 ? "" : format("-%s%s",
        length(window.days) == 7 ? "daily" : join("_", [
          for day in window.days : join("-", distinct([
            for place in [
              day, (day + index([for next in range(1, 8) : contains(window.days, (day + next) % 7)], false)) % 7
            ] :
            lower(local.weekdays[(place + 1) % 7])
          ])) if !contains(window.days, (day + 6) % 7)
        ]),
        length([for other in windows : other if other.days == window.days]) > 1 ?
        format("-%02d%02d", floor(window.start / 60), window.start % 60) : "",
      )
    ]
  }
  # A start and a stop each, in the order of the windows. A stop may be on a later day than its window.
  window_times = {
    for key, windows in local.sorted_windows : key => flatten([
      for index, window in windows : [
        for action, minute in { start = window.start, stop = window.start + window.length } : {
          name                        = "${key}-${action}${local.window_suffixes[key][index]}"
          action                      = action
          time                        = "${minute % 60} ${floor(minute / 60) % 24}"
          day_offset                  = action == "start" ? 0 : floor(minute / 1440)
          days = [
            for day in range(7) : day
            if contains([for start in window.days : (start + 1 + floor(minute / 1440)) % 7], day)
          ]
        }
      ]
    ])
  }

  # Days of the week in AWS's order, from Sunday on, by their numbers: `SUN-THU` for 01234, `SUN,SAT` for 06.
  weekday_texts = {
    for days in [
      for set in range(1, 128) : [for day in range(7) : day if floor(set / pow(2, day)) % 2 == 1]
      ] : join("", days) => join(",", [
        for day in days : join(contains(days, day + 1) && contains(days, day + 2) ? "-" : ",", distinct([
          for place in [day, day + index([for next in range(1, 8) : contains(days, day + next)], false)] :
          local.weekdays[place]
        ])) if !contains(days, day - 1)
    ])
  }
}
