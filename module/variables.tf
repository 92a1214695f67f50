# What is wrong in these is found in problems.tf, all of it in one plan. The keys of `any` are those of the config file.

variable "config" {
  description = "A whole config file, as `yamldecode(file(\"ec2-start-stop.yaml\"))`, instead of the arguments below."
  type        = any
  default     = null
}

# --- What to start and stop, and when --------------------------------------------------------------------------------

variable "name" {
  description = "Prefix of every name, unique in the region of the account, and the name of the schedule group."
  type        = string
  default     = null
}

variable "timezone" {
  description = "IANA time zone of every schedule without one of its own, such as `Asia/Seoul`."
  type        = string
  default     = null
}

variable "trigger" {
  description = "`scheduler` (default): EventBridge Scheduler, in any zone. `event-rule`: EventBridge rules, in UTC."
  type        = string
  default     = null
}

variable "targets" {
  description = "The instances to start and stop, by a name that schedules refer to."
  type        = any
  default     = null
}

variable "schedules" {
  description = <<-EOT
    When to start and stop them, by name: `running` windows, or an `action` at the times of an `expression`.

    - `warn_expression`: Expression of the warning before a stop, where the module cannot put its times earlier.
  EOT
  type        = any
  default     = null
}

variable "holidays" {
  description = "Calendars by a name that schedules refer to: lists of dates, `yyyy-mm-dd`."
  type        = any
  default     = null
}

# --- The functions ---------------------------------------------------------------------------------------------------

variable "functions" {
  description = "Settings of the two Lambda functions."
  type        = any
  default     = null

  validation {
    condition     = var.functions == null || can(keys(var.functions))
    error_message = "functions: expected a map of its keys, such as { timeout_seconds = 60 }, got another value."
  }
}

variable "max_instances" {
  description = "Most instances that a run may find by tags or `all`. A run that finds more changes nothing and fails."
  type        = number
  default     = null
}

variable "hold_tag" {
  description = "Key of the tag that exempts an instance from every start and stop; null for `ec2-start-stop:hold`."
  type        = string
  default     = null
}

variable "follow_ups" {
  description = "Whether a run leaves for later what it cannot end, by one-time schedules of its own."
  type        = bool
  default     = null
}

variable "events" {
  description = "Whether the outcome of every instance is put on the default event bus, with source `ec2-start-stop`."
  type        = bool
  default     = null
}

# --- Alerts ----------------------------------------------------------------------------------------------------------

variable "alerts" {
  description = "Alarms on runs that fail or do not happen: exactly one of `sns_topic_arn` and `email`."
  type        = any
  default     = null

  validation {
    condition     = var.alerts == null || can(keys(var.alerts))
    error_message = "alerts: expected a map of its keys, such as { email = \"ops@example.com\" }, got another value."
  }
}

# --- Permissions -----------------------------------------------------------------------------------------------------

variable "kms_key_arns" {
  description = "ARNs of the customer-managed KMS keys that encrypt the instances' volumes."
  type        = list(string)
  default     = null
}

variable "permissions_boundary_arn" {
  description = "ARN of the permissions boundary of every role made here."
  type        = string
  default     = null
}

variable "role_arn" {
  description = "ARN of your own role for the functions. It needs what the output `function_policy` says."
  type        = string
  default     = null
}

variable "create_role" {
  description = "`false` where `role_arn` is unknown before apply; null: made if `role_arn` is null."
  type        = bool
  default     = null
}

variable "scheduler_role_arn" {
  description = "ARN of your own role for EventBridge Scheduler. It needs what the output `scheduler_policy` says."
  type        = string
  default     = null
}

variable "create_scheduler_role" {
  description = "`false` where `scheduler_role_arn` is unknown before apply; null: made if that is null."
  type        = bool
  default     = null
}

variable "role_path" {
  description = "Path of every role made here, such as `/teams/ops/`; null for `/`. An adopted role keeps its own."
  type        = string
  default     = null
}

# --- Everything made here --------------------------------------------------------------------------------------------

variable "tags" {
  description = "Tags on every resource made here that takes tags."
  type        = map(string)
  default     = null
}

variable "adopt" {
  description = "Existing resources to take over under their own names, each with an `import` block of yours."
  type        = any
  default     = null
}
