provider "aws" {
  region = var.region
}

module "office_hours" {
  source = "../.."

  name     = "fleet"
  timezone = "Asia/Seoul"
  trigger  = "scheduler"

  targets = {
    web = {
      tags    = { Environment = ["dev", "staging"], Role = "web" }
      exclude = { KeepRunning = { any = true }, Name = { like = "web-test-*" } }
      regions = ["ap-northeast-2", "us-east-1"]
      checks  = { systemd = ["nginx"], tcp = [443], command = "curl --fail --silent http://localhost/health" }
    }
    database = { instance_ids = var.database_ids }
  }

  schedules = {
    web = {
      running          = ["MON-FRI 08:00-20:00", "SAT 10:00-14:00"]
      targets          = "web"
      holidays         = "kr"
      stop_on_holidays = false
      latest_minutes   = 45
      warn_minutes     = 15
    }
    database-stop = {
      action      = "stop"
      expression  = "cron(30 20 ? * MON-FRI *)"
      targets     = ["database"]
      timezone    = "America/New_York"
      end_date    = "2030-01-01T00:00-05:00"
      hibernate   = true
      description = "The databases sleep after the American day"
    }
    database-start = {
      action     = "start"
      expression = "cron(30 7 ? * MON-FRI *)"
      targets    = ["database"]
      timezone   = "America/New_York"
    }
    # Deployed, and switched on when the load tests begin.
    load-test = { action = "start", expression = "at(2027-03-06T09:00:00)", targets = "web", enabled = false }
  }

  holidays = {
    kr = { dates = ["2027-01-01", "2027-02-08", "2027-03-01"], workdays = ["2027-03-01"] }
  }

  functions = {
    stop_name             = "fleet-stop"
    start_name            = "fleet-start"
    timeout_seconds       = 600
    memory_mb             = 512
    runtime               = "nodejs22.x"
    architecture          = "arm64"
    log_level             = "WARN"
    log_retention_days    = 90
    log_group_kms_key_arn = var.log_key_arn
    reserved_concurrency  = 5
    tracing               = true
    # The subnets need a way out to AWS: a NAT, or endpoints.
    vpc = { subnet_ids = var.subnet_ids, security_group_ids = var.security_group_ids }
  }

  alerts = { email = "ops@example.com", missed_firings = true, on_success = true }

  max_instances = 200
  hold_tag      = "fleet:hold"
  follow_ups    = true
  events        = true

  kms_key_arns             = [var.volume_key_arn]
  permissions_boundary_arn = var.permissions_boundary_arn
  role_path                = "/operations/"

  tags = { Team = "platform" }
}
