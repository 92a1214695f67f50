provider "aws" {
  region = "ap-northeast-2"
}

locals {
  # The functions look for these in both regions, at the time they run: new instances need no apply.
  staging = {
    tags         = { Environment = ["staging", "qa"] }
    exclude_tags = { KeepRunning = ["true"] }
    regions      = ["ap-northeast-2", "us-east-1"]
    timezone     = "America/New_York"
  }
}

module "staging_hours" {
  source = "../.."

  name = "staging-hours"

  schedules = {
    staging-start = merge(local.staging, {
      action              = "start"
      schedule_expression = "cron(0 9 ? * MON-FRI *)"
    })
    staging-stop = merge(local.staging, {
      action              = "stop"
      schedule_expression = "cron(0 18 ? * MON-FRI *)"
    })
  }

  # Finding far more than expected changes nothing and fails.
  max_instances = 50
}
