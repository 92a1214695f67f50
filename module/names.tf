# Keys and names that are none of those that there are, each with the nearest one.

locals {
  # Paths of what has a name of one's own.
  at = {
    for block in ["targets", "schedules", "holidays"] : block => {
      for name in keys(local.blocks[block]) :
      name => can(regex("^[A-Za-z0-9_-]+$", name)) ? "${block}.${name}" : "${block}[${jsonencode(name)}]"
    }
  }

  # Each block of the input, with its path and the keys that it has.
  input_blocks = concat(
    local.is_file ? [{ block = "config", path = "", keys = keys(local.given) }] : [],
    [
      for block in ["functions", "alerts", "adopt"] : { block = block, path = block, keys = keys(local.blocks[block]) }
    ],
    [{ block = "vpc", path = "functions.vpc", keys = keys(local.vpc_block) }],
    [
      for name, target in local.entries.targets :
      { block = "target", path = local.at.targets[name], keys = keys(target) }
    ],
    [
      for name, checks in local.given_checks :
      { block = "checks", path = "${local.at.targets[name]}.checks", keys = keys(checks) }
    ],
    [for name, s in local.entries.schedules : { block = "schedule", path = local.at.schedules[name], keys = keys(s) }],
    [
      for name, calendar in local.entries.holidays :
      { block = "calendar", path = local.at.holidays[name], keys = keys(calendar) }
    ],
    [
      { block = "adopt_role", path = "adopt.role", keys = keys(local.adopt_blocks.role) },
      { block = "adopt_functions", path = "adopt.functions", keys = keys(local.adopt_blocks.functions) },
    ],
    [
      for action, entry in local.adopted_function_entries :
      { block = "adopt_function", path = "adopt.functions.${action}", keys = keys(entry) }
    ],
    [
      for name, entry in local.adopted_schedule_entries :
      { block = "adopt_schedule", path = "adopt.schedules.${name}", keys = keys(entry) }
    ],
  )

  # Names that are none of those that there are.
  unknown_names = concat(
    flatten([
      for each in local.input_blocks : [
        for key in each.keys : {
          path       = each.path == "" ? key : "${each.path}.${key}"
          expected   = "one of the keys ${join(", ", keys(local.keys[each.block]))}"
          got        = "the unknown key ${jsonencode(key)}"
          name       = key
          candidates = keys(local.keys[each.block])
        } if !contains(keys(local.keys[each.block]), key)
      ]
    ]),
    flatten([
      for key, s in local.schedule_entries : [
        for name in s.targets : {
          path       = "${local.at.schedules[key]}.targets"
          expected   = "the name of a target${local.listed.targets}"
          got        = jsonencode(name)
          name       = name
          candidates = keys(local.blocks.targets)
          } if !contains(keys(local.blocks.targets), name) && (
          name != "" || !startswith(jsonencode(local.given_schedules[key].targets), "{")
        )
      ]
    ]),
    [
      for key, s in local.given_schedules : {
        path       = "${local.at.schedules[key]}.holidays"
        expected   = "the name of a calendar in `holidays`${local.listed.calendars}"
        got        = jsonencode(s.holidays)
        name       = try(tostring(s.holidays), "")
        candidates = keys(local.calendars)
      } if s.holidays == null ? false : !contains(keys(local.calendars), try(tostring(s.holidays), ""))
    ],
    [
      for name in keys(local.adopted_schedules) : {
        path       = "adopt.schedules.${name}"
        expected   = "the name of a schedule${local.listed.schedules}"
        got        = jsonencode(name)
        name       = name
        candidates = keys(local.schedules)
      } if !contains(keys(local.schedules), name)
    ],
    [
      for path, zone in local.given_zones : {
        path     = path
        expected = "UTC or an IANA zone (Area/City), such as Asia/Seoul"
        got      = jsonencode(zone)
        name     = zone
        candidates = [
          for each in concat(local.zones, keys(local.other_zones)) : each
          if strcontains(zone, "/") ? anytrue([
            for place in [0, 1] : try(lower(split("/", each)[place]) == lower(split("/", zone)[place]), false)
          ]) : !strcontains(each, "/")
        ]
        known = try(
          local.zone_abbreviations[upper(zone)], local.other_zones[zone],
          [for each in local.zones : each if endswith(lower(each), "/${lower(zone)}")][0], null,
        )
      } if !contains(local.zones, zone)
    ],
  )
  # The names that there are, in parentheses; nothing where there are none.
  listed = {
    for kind, names in {
      targets = keys(local.blocks.targets), calendars = keys(local.calendars), schedules = keys(local.schedules)
    } : kind => length(names) == 0 ? "" : " (${join(", ", names)})"
  }
  zones = local.zone_texts[*][0]
  # Local time minus UTC, of the zones in which clocks never change.
  zone_offsets = { for text in local.zone_texts : text[0] => text[1] if length(text) == 2 }
  zone_texts = concat([["UTC", "+00:00"]], [
    for area, cities in local.zones_by_area : [
      for city in regexall("\\S+", cities) : split("=", "${area}/${city}")
    ]
  ]...)
  given_zones = merge(
    { for zone in local.top.timezone[*] : "timezone" => try(tostring(zone), "") },
    {
      for key, s in local.given_schedules : "${local.at.schedules[key]}.timezone" => try(tostring(s.timezone), "")
      if s.timezone != null
    },
  )

  # The nearest name of each: the same letters, one within the other, or up to two letters lost, added, changed or
  # swapped. Two texts are that near if they can be made equal by leaving out up to two letters of each.
  compared_names = {
    for name in distinct(local.unknown_names[*].name) : name => {
      letters    = lower(replace(name, "/[_ -]/", ""))
      candidates = distinct(flatten([for each in local.unknown_names : each.candidates if each.name == name]))
    }
  }
  near_candidates = {
    for name, each in local.compared_names : name => {
      for candidate in each.candidates : candidate => lower(replace(candidate, "/[_ -]/", ""))
      if abs(length(candidate) - length(name)) <= 3 || strcontains(lower(name), candidate) || (
        strcontains(candidate, lower(name))
      )
    }
  }
  shortened = {
    for text in distinct(concat(
      values(local.compared_names)[*].letters, flatten([for each in values(local.near_candidates) : values(each)]),
    )) : text => [for place in range(length(text)) : "${substr(text, 0, place)}${substr(text, place + 1, -1)}"]
  }
  shortened_twice = {
    for text, once in local.shortened : text => distinct(flatten([
      once, [
        for each in once : [
          for place in range(length(each)) : "${substr(each, 0, place)}${substr(each, place + 1, -1)}"
        ]
      ],
    ])) if length(text) > 4
  }
  nearest = {
    for name, each in local.compared_names : name => concat(
      [for candidate, letters in local.near_candidates[name] : candidate if letters == each.letters],
      [
        for candidate, letters in local.near_candidates[name] : candidate
        if length(setintersection(
          concat([letters], local.shortened[letters]), concat([each.letters], local.shortened[each.letters])
        )) > 0 && length(letters) > 2
      ],
      [
        for candidate, letters in local.near_candidates[name] : candidate
        if length(candidate) > 3 && length(name) > 3 &&
        (strcontains(each.letters, letters) || strcontains(letters, each.letters))
      ],
      [
        for candidate, letters in local.near_candidates[name] : candidate
        if length(setintersection(
          lookup(local.shortened_twice, letters, []), lookup(local.shortened_twice, each.letters, [])
        )) > 0
      ],
    )
  }
  name_problems = [
    for each in local.unknown_names : format("%s: expected %s, got %s%s.", each.path,
      startswith(each.got, "the unknown key") && length(local.nearest[each.name]) > 0 ? "a known key" : each.expected,
      each.got,
      join("", [
        for hint in slice(concat(lookup(each, "known", null)[*], local.nearest[each.name], [null]), 0, 1) :
        " (did you mean ${lookup(local.other_zones, hint, hint)}?)" if hint != null
      ]),
    )
  ]
}
