variable "name" {
  description = "Prefix of every name, unique in the region of the AWS account, and the name of the schedule group."
  type        = string
  default     = "ec2-start-stop"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,46}$", var.name)) && var.name != "default"
    error_message = "name: expected 1 to 46 letters, digits, - and _, and not `default` (AWS's own schedule group), got ${jsonencode(var.name)}."
  }
}

variable "schedules" {
  description = <<-EOT
    What to start and stop, and when, by name. A schedule needs `instance_ids`, `tags` or both (their union).

    - `action`: `stop` or `start`.
    - `schedule_expression`: `cron(...)` with six fields, `rate(...)`, or with trigger `scheduler` `at(...)`.
    - `timezone`: IANA time zone of the expression and of `holidays`. With trigger `event-rule` only `UTC`.
    - `instance_ids`: Instances by id, in the region of the module or in the one that `regions` names.
    - `tags`: Instances by tags: all keys must match, each with any of its literal values (characters up to U+00FF, as IAM policies allow).
    - `exclude_tags`: Any key that matches leaves an instance alone, one named by id too.
    - `regions`: Region codes to look in; empty for the region of the module.
    - `holidays`: Dates (`yyyy-mm-dd`, in `timezone`) on which a start does nothing.
    - `stop_on_holidays`: Whether a stop runs on its `holidays` too.
    - `enabled`: A disabled schedule is there, but does not fire.
    - `hibernate`: Stop by hibernating where the instance can.
    - `latest_minutes`: How late a firing may still change anything, 2 to 1440. Keep it below the time to the opposite action on the same instances.
    - `warn_minutes`: For a stop, with `alerts`: how long before each stop the topic gets a message with its instances, 1 to 1440 minutes; null for no warning. The time is put earlier on the clock, so where clocks change between warning and stop, the warning is as much too early or too late.
    - `warn_expression`: The warning's own expression, in `timezone`, where the module cannot put `schedule_expression` earlier: `rate(...)`, several minutes or hours in `cron(...)`, or a warning on the day before.
    - `description`: Shown in the console; made from the expression unless set.
    - `checks`: For a start: what must run on each instance after it, looked at inside by SSM Run Command; null for nothing.
    - `checks.systemd`: systemd units that must be active.
    - `checks.tcp`: TCP ports on which something must listen.
    - `checks.command`: A shell command that must end with exit code 0, of at most 1,024 characters.
  EOT
  type = map(object({
    action              = string
    schedule_expression = string
    timezone            = optional(string, "UTC")
    instance_ids        = optional(list(string), [])
    tags                = optional(map(list(string)), {})
    exclude_tags        = optional(map(list(string)), {})
    regions             = optional(list(string), [])
    holidays            = optional(list(string), [])
    stop_on_holidays    = optional(bool, true)
    enabled             = optional(bool, true)
    hibernate           = optional(bool, false)
    latest_minutes      = optional(number, 60)
    warn_minutes        = optional(number)
    warn_expression     = optional(string)
    description         = optional(string)
    checks = optional(object({
      systemd = optional(list(string), [])
      tcp     = optional(list(number), [])
      command = optional(string)
    }))
  }))
  nullable = false

  # Validations that read only their own variable are the ones that `terraform validate` evaluates, and whose errors point
  # to the caller's line. Therefore a rule for each of many elements stands twice: as `condition`, and negated in
  # `error_message`, which lists what breaks it. A test compares the two.

  validation {
    condition     = length(var.schedules) > 0
    error_message = "schedules: expected at least one schedule, got none."
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : can(regex("^[A-Za-z0-9._-]{1,64}$", name))
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[${jsonencode(name)}]: expected a name of 1 to 64 letters, digits, ., - and _, got ${length(name)} characters."
      if !can(regex("^[A-Za-z0-9._-]{1,64}$", name))
    ])
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : can(regex("^(stop|start)$", s.action))
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].action: expected stop or start, got ${jsonencode(s.action)}."
      if !can(regex("^(stop|start)$", s.action))
    ])
  }

  # schedule_expression: see expressions.tf.

  validation {
    condition = alltrue([
      for name, s in var.schedules :
      s.timezone == "UTC" || can(regex(
        "^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z][A-Za-z0-9_+/-]*$",
        s.timezone,
      ))
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].timezone: expected UTC or an IANA zone (Area/City), such as Asia/Seoul, got ${jsonencode(s.timezone)}."
      if !(s.timezone == "UTC" || can(regex(
        "^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z][A-Za-z0-9_+/-]*$",
        s.timezone,
      )))
    ])
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : length(s.instance_ids) + length(s.tags) > 0
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"]: expected instance_ids, tags or both, got neither."
      if !(length(s.instance_ids) + length(s.tags) > 0)
    ])
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for index, id in s.instance_ids : can(regex("^i-([0-9a-f]{8}|[0-9a-f]{17})$", id))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for index, id in s.instance_ids :
        "schedules[\"${name}\"].instance_ids[${index}]: expected an instance id (`i-` and 17 or 8 hexadecimal digits), got ${jsonencode(id)}."
        if !can(regex("^i-([0-9a-f]{8}|[0-9a-f]{17})$", id))
      ]
    ]))
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : length(s.instance_ids) == length(distinct(s.instance_ids))
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].instance_ids: expected each instance id once, got ${jsonencode(s.instance_ids)}."
      if !(length(s.instance_ids) == length(distinct(s.instance_ids)))
    ])
  }

  # EC2 allows any characters in tags, but IAM compares keys without regard to case and reads $ before { as a policy
  # variable.
  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for key in concat(keys(s.tags), keys(s.exclude_tags)) :
        can(regex("^[^[:cntrl:]]{1,128}$", key)) && !can(regex("[$][{]", key))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for key in concat(keys(s.tags), keys(s.exclude_tags)) :
        "schedules[\"${name}\"].tags: expected tag keys of 1 to 128 characters, without control characters and $ before {, got ${jsonencode(key)}."
        if !(can(regex("^[^[:cntrl:]]{1,128}$", key)) && !can(regex("[$][{]", key)))
      ]
    ]))
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for keys in [keys(s.tags), keys(s.exclude_tags)] :
        length(keys) == length(distinct([for key in keys : lower(key)]))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for keys in [keys(s.tags), keys(s.exclude_tags)] :
        "schedules[\"${name}\"].tags: expected keys that differ by more than upper and lower case, got ${join(", ", keys)}."
        if !(length(keys) == length(distinct([for key in keys : lower(key)])))
      ]
    ]))
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for values in concat(values(s.tags), values(s.exclude_tags)) :
        length(values) > 0 && length(values) == length(distinct(values)) &&
        alltrue([for value in values : length(value) <= 256])
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for values in concat(values(s.tags), values(s.exclude_tags)) :
        "schedules[\"${name}\"].tags: expected one or more different values of at most 256 characters for each key, got ${jsonencode(values)}."
        if !(
          length(values) > 0 && length(values) == length(distinct(values)) &&
          alltrue([for value in values : length(value) <= 256])
        )
      ]
    ]))
  }

  # As in iam.tf, which leaves exclusions with other characters out of the policy.
  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for key, values in s.tags : can(regex("^[\\t\\n\\r\\x{20}-\\x{ff}]*$", join("", concat([key], values))))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for key, values in s.tags :
        "schedules[\"${name}\"].tags: expected characters up to U+00FF, since IAM policies take no others (use another tag, or instance_ids), got ${key} = ${jsonencode(values)}."
        if !can(regex("^[\\t\\n\\r\\x{20}-\\x{ff}]*$", join("", concat([key], values))))
      ]
    ]))
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for index, region in s.regions : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", region))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for index, region in s.regions :
        "schedules[\"${name}\"].regions[${index}]: expected an AWS region code such as ap-northeast-2, got ${jsonencode(region)}."
        if !can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", region))
      ]
    ]))
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules :
      length(s.regions) == length(distinct(s.regions)) && (length(s.instance_ids) == 0 || length(s.regions) <= 1)
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].regions: expected each region once, and only one with instance_ids (an id lives in one region), got ${join(", ", s.regions)}."
      if !(length(s.regions) == length(distinct(s.regions)) && (length(s.instance_ids) == 0 || length(s.regions) <= 1))
    ])
  }

  # formatdate() rejects dates that do not exist, such as 30 February.
  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for index, date in s.holidays : can(formatdate("YYYY-MM-DD", "${date}T00:00:00Z"))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for index, date in s.holidays :
        "schedules[\"${name}\"].holidays[${index}]: expected a date that exists, as yyyy-mm-dd, got ${jsonencode(date)}."
        if !can(formatdate("YYYY-MM-DD", "${date}T00:00:00Z"))
      ]
    ]))
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules :
      s.latest_minutes >= 2 && s.latest_minutes <= 1440 && floor(s.latest_minutes) == s.latest_minutes
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].latest_minutes: expected a whole number of minutes from 2 to 1440, got ${s.latest_minutes}."
      if !(s.latest_minutes >= 2 && s.latest_minutes <= 1440 && floor(s.latest_minutes) == s.latest_minutes)
    ])
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for minutes in s.warn_minutes[*] : minutes >= 1 && minutes <= 1440 && floor(minutes) == minutes
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for minutes in s.warn_minutes[*] :
        "schedules[\"${name}\"].warn_minutes: expected a whole number of minutes from 1 to 1440, got ${minutes}."
        if !(minutes >= 1 && minutes <= 1440 && floor(minutes) == minutes)
      ]
    ]))
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : s.warn_minutes == null || s.action != "start"
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].warn_minutes: expected none with action start, since only stops are warned of, got ${s.warn_minutes}."
      if !(s.warn_minutes == null || s.action != "start")
    ])
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : s.warn_expression == null || s.warn_minutes != null
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].warn_expression: expected none without warn_minutes, which the message names, got ${jsonencode(s.warn_expression)}."
      if !(s.warn_expression == null || s.warn_minutes != null)
    ])
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for text in s.description[*] : length(text) <= 512
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for text in s.description[*] :
        "schedules[\"${name}\"].description: expected at most 512 characters, got ${length(text)}."
        if !(length(text) <= 512)
      ]
    ]))
  }

  validation {
    condition = alltrue([
      for name, s in var.schedules : s.checks == null || s.action != "stop"
    ])
    error_message = join("\n", [
      for name, s in var.schedules :
      "schedules[\"${name}\"].checks: expected none with action stop, since it is a start that they follow, got ${jsonencode(s.checks)}."
      if !(s.checks == null || s.action != "stop")
    ])
  }

  # The results are read from the 2,500 characters that SSM keeps of a command's output.
  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for count in [for c in s.checks[*] : length(c.systemd) + length(c.tcp) + length(c.command[*])] :
        count >= 1 && count <= 20
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for count in [for c in s.checks[*] : length(c.systemd) + length(c.tcp) + length(c.command[*])] :
        "schedules[\"${name}\"].checks: expected 1 to 20 units, ports and commands, got ${count}."
        if !(count >= 1 && count <= 20)
      ]
    ]))
  }

  # What systemd takes as the name of a unit, without the leading hyphen of an option.
  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for index, unit in try(s.checks.systemd, []) :
        can(regex("^[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,254}$", unit))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for index, unit in try(s.checks.systemd, []) :
        "schedules[\"${name}\"].checks.systemd[${index}]: expected the name of a systemd unit, such as nginx, got ${jsonencode(unit)}."
        if !can(regex("^[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,254}$", unit))
      ]
    ]))
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for index, port in try(s.checks.tcp, []) : try(port >= 1 && port <= 65535 && floor(port) == port, false)
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for index, port in try(s.checks.tcp, []) :
        "schedules[\"${name}\"].checks.tcp[${index}]: expected a TCP port from 1 to 65535, got ${jsonencode(port)}."
        if !try(port >= 1 && port <= 65535 && floor(port) == port, false)
      ]
    ]))
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for entries in [try(s.checks.systemd, []), [for port in try(s.checks.tcp, []) : tostring(port)]] :
        length(entries) == length(distinct(entries))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for entries in [try(s.checks.systemd, []), [for port in try(s.checks.tcp, []) : tostring(port)]] :
        "schedules[\"${name}\"].checks: expected each unit and port once, got ${join(", ", entries)}."
        if !(length(entries) == length(distinct(entries)))
      ]
    ]))
  }

  validation {
    condition = alltrue(flatten([
      for name, s in var.schedules : [
        for command in try(s.checks.command[*], []) :
        trimspace(command) != "" && length(command) <= 1024 &&
        !can(regex("[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x{9F}]", command))
      ]
    ]))
    error_message = join("\n", flatten([
      for name, s in var.schedules : [
        for command in try(s.checks.command[*], []) :
        "schedules[\"${name}\"].checks.command: expected a shell command of at most 1,024 characters, none of them control characters, got ${jsonencode(substr(command, 0, 80))} of ${length(command)}."
        if !(
          trimspace(command) != "" && length(command) <= 1024 &&
          !can(regex("[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x{9F}]", command))
        )
      ]
    ]))
  }
}

variable "trigger" {
  description = "`scheduler`: EventBridge Scheduler, in each schedule's own zone. `event-rule`: EventBridge rules, which read UTC."
  type        = string
  default     = "scheduler"
  nullable    = false

  validation {
    condition     = contains(["scheduler", "event-rule"], var.trigger)
    error_message = "trigger: expected scheduler or event-rule, got ${jsonencode(var.trigger)}."
  }
}

# --- The functions ---------------------------------------------------------------------------------------------------

variable "stop_function_name" {
  description = "Full name of the function that stops; null for `<name>-StopEC2Instances`."
  type        = string
  default     = null

  validation {
    condition     = var.stop_function_name == null || can(regex("^[A-Za-z0-9_-]{1,64}$", var.stop_function_name))
    error_message = "stop_function_name: expected 1 to 64 letters, digits, - and _, got ${jsonencode(var.stop_function_name)}."
  }
}

variable "start_function_name" {
  description = "Full name of the function that starts; null for `<name>-StartEC2Instances`."
  type        = string
  default     = null

  validation {
    condition     = var.start_function_name == null || can(regex("^[A-Za-z0-9_-]{1,64}$", var.start_function_name))
    error_message = "start_function_name: expected 1 to 64 letters, digits, - and _, got ${jsonencode(var.start_function_name)}."
  }
}

variable "timeout_seconds" {
  description = "How long a function may run, in seconds: 1 to 900."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition = (
      var.timeout_seconds >= 1 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    )
    error_message = "timeout_seconds: expected a whole number of seconds from 1 to 900, got ${var.timeout_seconds}."
  }
}

variable "memory_mb" {
  description = "Memory of a function, in MB: 128 to 10,240."
  type        = number
  default     = 1024
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb: expected a whole number of MB from 128 to 10240, got ${var.memory_mb}."
  }
}

variable "log_retention_days" {
  description = "How long CloudWatch Logs keeps what the functions log, in days: one of the periods that it knows."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days: expected 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, got ${var.log_retention_days}."
  }
}

variable "runtime" {
  description = "Lambda runtime: Node.js 20 or later. `nodejs24.x` needs version 6.21 of the AWS provider."
  type        = string
  default     = "nodejs22.x"
  nullable    = false

  validation {
    condition     = can(regex("^nodejs(2[0-9]|[3-9][0-9])\\.x$", var.runtime))
    error_message = "runtime: expected a Node.js runtime of Lambda from nodejs20.x on, got ${jsonencode(var.runtime)}."
  }
}

variable "architecture" {
  description = "Processor of the functions: `arm64` or `x86_64`."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture: expected arm64 or x86_64, got ${jsonencode(var.architecture)}."
  }
}

variable "max_instances" {
  description = "A run that finds more instances by tags than this changes nothing and fails; null for the function's own limit of 1000."
  type        = number
  default     = null

  validation {
    condition = var.max_instances == null || try(
      var.max_instances >= 1 && var.max_instances <= 100000 && floor(var.max_instances) == var.max_instances, false
    )
    error_message = "max_instances: expected a whole number of instances from 1 to 100000, got ${jsonencode(var.max_instances)}."
  }
}

variable "hold_tag" {
  description = "Key of the instance tag that makes the functions leave an instance alone: always where its value is empty, to the end of a date or until a date-time (ISO 8601, in the schedule's zone if it names none), and always where the value is neither. null for `ec2-start-stop:hold`."
  type        = string
  default     = null

  validation {
    condition     = var.hold_tag == null || can(regex("^[^[:cntrl:]]{1,128}$", var.hold_tag))
    error_message = "hold_tag: expected a tag key of 1 to 128 characters, got ${jsonencode(var.hold_tag)}."
  }

  validation {
    condition     = var.hold_tag == null || !can(regex("^(?i:aws:)", var.hold_tag))
    error_message = "hold_tag: expected a tag key that does not begin with `aws:`, which AWS reserves, got ${jsonencode(var.hold_tag)}."
  }
}

variable "follow_ups" {
  description = "Whether a run leaves for later what it cannot end: instances beyond EC2's rate, instances held by their tag with an end, and starts that EC2 had no capacity for. The functions write one-time schedules into the group `<name>-followups`."
  type        = bool
  default     = false
  nullable    = false
}

variable "events" {
  description = "Whether each run puts an event for the outcome of every instance on the default event bus, with source `ec2-start-stop`."
  type        = bool
  default     = false
  nullable    = false
}

# --- Permissions -----------------------------------------------------------------------------------------------------

variable "kms_key_arns" {
  description = "ARNs of the customer-managed KMS keys that encrypt the instances' volumes: starting an instance needs permission to let EC2 use them."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))
    ])
    error_message = "kms_key_arns: expected ARNs of KMS keys (not of aliases, which IAM does not match), got ${jsonencode(var.kms_key_arns)}."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds every role made here."
  type        = string
  default     = null

  validation {
    condition = var.permissions_boundary == null || can(regex(
      "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+$", var.permissions_boundary
    ))
    error_message = "permissions_boundary: expected the ARN of an IAM policy, got ${jsonencode(var.permissions_boundary)}."
  }
}

variable "role_arn" {
  description = "ARN of your own role for the functions. It then needs what the output `function_policy` says, before anything fires."
  type        = string
  default     = null

  validation {
    condition = var.role_arn == null || can(regex(
      "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", var.role_arn
    ))
    error_message = "role_arn: expected the ARN of an IAM role, got ${jsonencode(var.role_arn)}."
  }
}

variable "scheduler_role_arn" {
  description = "ARN of your own role with which EventBridge Scheduler invokes the functions. It then needs what the output `scheduler_policy` says."
  type        = string
  default     = null

  validation {
    condition = var.scheduler_role_arn == null || can(regex(
      "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", var.scheduler_role_arn
    ))
    error_message = "scheduler_role_arn: expected the ARN of an IAM role, got ${jsonencode(var.scheduler_role_arn)}."
  }
}

variable "create_roles" {
  description = "`false` where `role_arn` and `scheduler_role_arn` come from resources of the same configuration, whose ARNs Terraform cannot count on before it has made them; null to make each role whose ARN is not given."
  type        = bool
  default     = null
}

variable "role_path" {
  description = "Path of every role made here, such as `/teams/ops/`. An adopted role keeps its own."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-~]{1,510}/)?$", var.role_path))
    error_message = "role_path: expected a path such as /teams/ops/, got ${jsonencode(var.role_path)}."
  }
}

# --- Network and logs ------------------------------------------------------------------------------------------------

variable "vpc" {
  description = <<-EOT
    Subnets and security groups of the functions, which then reach AWS through a NAT or VPC endpoints. null for no VPC.

    - `subnet_ids`: Ids of 1 to 16 subnets of one VPC, best in two availability zones.
    - `security_group_ids`: Ids of 1 to 5 security groups of that VPC, which let HTTPS go out.
  EOT
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc == null ? true : length(var.vpc.subnet_ids) >= 1 && length(var.vpc.subnet_ids) <= 16
    error_message = "vpc.subnet_ids: expected 1 to 16 ids, got ${length(try(var.vpc.subnet_ids, []))}."
  }

  validation {
    condition = (
      var.vpc == null ? true : length(var.vpc.security_group_ids) >= 1 && length(var.vpc.security_group_ids) <= 5
    )
    error_message = "vpc.security_group_ids: expected 1 to 5 ids, got ${length(try(var.vpc.security_group_ids, []))}."
  }

  validation {
    condition = alltrue([
      for id in try(var.vpc.subnet_ids, []) : can(regex("^subnet-([0-9a-f]{8}|[0-9a-f]{17})$", id))
    ])
    error_message = "vpc.subnet_ids: expected ids such as subnet-0123456789abcdef0, got ${jsonencode(try(var.vpc.subnet_ids, []))}."
  }

  validation {
    condition = alltrue([
      for id in try(var.vpc.security_group_ids, []) : can(regex("^sg-([0-9a-f]{8}|[0-9a-f]{17})$", id))
    ])
    error_message = "vpc.security_group_ids: expected ids such as sg-0123456789abcdef0, got ${jsonencode(try(var.vpc.security_group_ids, []))}."
  }
}

variable "tracing" {
  description = "Whether X-Ray traces the runs."
  type        = bool
  default     = false
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Runs at a time of each function, 1 to 1,000, reserved for it out of the account's; null for no limit of its own."
  type        = number
  default     = null

  validation {
    condition = var.reserved_concurrency == null ? true : (
      var.reserved_concurrency >= 1 && var.reserved_concurrency <= 1000 && floor(var.reserved_concurrency) == var.reserved_concurrency
    )
    error_message = "reserved_concurrency: expected a whole number from 1 to 1000, got ${jsonencode(var.reserved_concurrency)}."
  }
}

variable "log_level" {
  description = "Lowest level of the log lines that Lambda keeps: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` or `FATAL`; null for Lambda's own, `INFO`. The report of a run is always kept."
  type        = string
  default     = null

  validation {
    condition = var.log_level == null ? true : contains(
      ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level
    )
    error_message = "log_level: expected TRACE, DEBUG, INFO, WARN, ERROR or FATAL, got ${jsonencode(var.log_level)}."
  }
}

variable "log_group_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the log groups, which CloudWatch Logs must be allowed to use; null for its own encryption."
  type        = string
  default     = null

  validation {
    condition = var.log_group_kms_key_arn == null || can(regex(
      "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.log_group_kms_key_arn
    ))
    error_message = "log_group_kms_key_arn: expected the ARN of a KMS key, got ${jsonencode(var.log_group_kms_key_arn)}."
  }
}

variable "keep_log_groups" {
  description = "Whether Terraform leaves the log groups in AWS where it would destroy them, after a change of names or a destroy. A later deployment of the same names has to import them."
  type        = bool
  default     = false
  nullable    = false
}

# --- Adopting --------------------------------------------------------------------------------------------------------

variable "adopt" {
  description = <<-EOT
    Existing resources, made by hand, that this module takes over under their own names, each with an `import` block next to the module's call; functions are named by `stop_function_name` and `start_function_name`.

    - `role`: The role that the functions run with; null for a new one.
    - `role.name`: Its name, without the path.
    - `role.path`: Its path as it is: another one would replace it.
    - `role.description`: Its description as it is, to leave it unchanged.
    - `role.keep_policy_arns`: Managed policies that stay attached to it; every other one is detached (and left as it is).
    - `rules`: For trigger `event-rule`: rules on the default bus, by the name in `schedules`.
    - `rules.rule_name`: Name of the rule.
    - `rules.target_id`: Id of that one of its targets which calls the function.
    - `schedules`: For trigger `scheduler`: schedules of EventBridge Scheduler, by the name in `schedules`.
    - `schedules.group_name`: Name of its group.
    - `schedules.schedule_name`: Name of the schedule.
    - `log_group_kms_key_arns`: ARNs of the KMS keys that encrypt the functions' log groups, by action (`stop`, `start`): without it, a key is taken off.
  EOT
  type = object({
    role = optional(object({
      name             = string
      path             = optional(string, "/")
      description      = optional(string)
      keep_policy_arns = optional(list(string), [])
    }))
    rules = optional(map(object({
      rule_name = string
      target_id = string
    })), {})
    schedules = optional(map(object({
      group_name    = optional(string, "default")
      schedule_name = string
    })), {})
    log_group_kms_key_arns = optional(map(string), {})
  })
  default  = {}
  nullable = false

  # Whether it fits the other variables: see local.adopt_problems.

  validation {
    condition     = var.adopt.role == null || can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.adopt.role.name))
    error_message = "adopt.role.name: expected the name of an IAM role, without its path, got ${jsonencode(try(var.adopt.role.name, null))}."
  }

  validation {
    condition     = var.adopt.role == null || can(regex("^/([!-~]{1,510}/)?$", var.adopt.role.path))
    error_message = "adopt.role.path: expected a path such as `/service-role/`, got ${jsonencode(try(var.adopt.role.path, null))}."
  }

  validation {
    condition = alltrue([
      for arn in try(var.adopt.role.keep_policy_arns, []) :
      can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+$", arn))
    ])
    error_message = "adopt.role.keep_policy_arns: expected ARNs of IAM policies, got ${jsonencode(try(var.adopt.role.keep_policy_arns, null))}."
  }

  validation {
    condition = alltrue(flatten([
      for kind, adopted in { rules = var.adopt.rules, schedules = var.adopt.schedules } : [
        for key, names in adopted : [
          for attribute, name in names : can(regex("^[A-Za-z0-9._-]{1,64}$", name))
        ]
      ]
    ]))
    error_message = join("\n", flatten([
      for kind, adopted in { rules = var.adopt.rules, schedules = var.adopt.schedules } : [
        for key, names in adopted : [
          for attribute, name in names :
          "adopt.${kind}[\"${key}\"].${attribute}: expected 1 to 64 letters, digits, ., - and _, got ${jsonencode(name)}."
          if !can(regex("^[A-Za-z0-9._-]{1,64}$", name))
        ]
      ]
    ]))
  }

  validation {
    condition     = length(var.adopt.rules) == length(distinct(values(var.adopt.rules)[*].rule_name))
    error_message = "adopt.rules: expected each rule once, got ${join(", ", values(var.adopt.rules)[*].rule_name)}."
  }

  validation {
    condition     = length(var.adopt.schedules) == length(distinct(values(var.adopt.schedules)))
    error_message = "adopt.schedules: expected each schedule once, got ${join(", ", [for s in values(var.adopt.schedules) : "${s.group_name}/${s.schedule_name}"])}."
  }

  validation {
    condition = alltrue([
      for action, arn in var.adopt.log_group_kms_key_arns :
      contains(["stop", "start"], action) &&
      can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))
    ])
    error_message = "adopt.log_group_kms_key_arns: expected ARNs of KMS keys, by stop or start, got ${jsonencode(var.adopt.log_group_kms_key_arns)}."
  }
}

# --- Alerts and tags -------------------------------------------------------------------------------------------------

variable "alerts" {
  description = <<-EOT
    Notify of runs that failed or were missed, and keep undelivered events. null for no alarms and no queue.

    - `sns_topic_arn`: An existing topic that CloudWatch alarms may publish to.
    - `email`: Address that a new, encrypted topic sends to once it confirmed the subscription. Its KMS key costs 1 USD a month.
    - `missed_firings`: Whether each schedule gets an alarm on missed firings. For these a function also runs each half hour, as the schedule or rule `watch`.
    - `on_success`: Whether the topic gets a message with what each firing has started or stopped.
  EOT
  type = object({
    sns_topic_arn  = optional(string)
    email          = optional(string)
    missed_firings = optional(bool, true)
    on_success     = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.alerts == null ? true : (var.alerts.sns_topic_arn == null) != (var.alerts.email == null)
    error_message = "alerts: expected either sns_topic_arn or email, got both or neither."
  }

  validation {
    condition = try(var.alerts.sns_topic_arn, null) == null || can(regex(
      "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.alerts.sns_topic_arn
    ))
    error_message = "alerts.sns_topic_arn: expected the ARN of a standard SNS topic, got ${jsonencode(try(var.alerts.sns_topic_arn, null))}."
  }

  validation {
    condition = try(var.alerts.email, null) == null || can(regex(
      "^[^\\s@<>\"]+@[^\\s@<>\".]+(\\.[^\\s@<>\".]+)+$", var.alerts.email
    ))
    error_message = "alerts.email: expected an e-mail address, got ${jsonencode(try(var.alerts.email, null))}."
  }
}

variable "tags" {
  description = "Tags on every resource made here that takes tags."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 50
    error_message = "tags: expected at most 50 tags, got ${length(var.tags)}."
  }

  # IAM is the strictest of the tagged services.
  validation {
    condition = alltrue([
      for key, value in var.tags :
      !startswith(lower(key), "aws:") &&
      can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}$", key)) &&
      can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}$", value))
    ])
    error_message = "tags: expected keys of 1 to 128 characters that do not begin with aws:, and values of at most 256, of letters, digits, spaces and _.:/=+-@, got ${jsonencode(var.tags)}."
  }
}
