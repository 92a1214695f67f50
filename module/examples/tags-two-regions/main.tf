provider "aws" {
  region = "ap-northeast-2"
}

module "staging_hours" {
  source = "../.."

  name     = "staging-hours"
  timezone = "America/New_York"

  # The functions look for these in both regions, at the time they run: new instances need no apply.
  targets = {
    staging = {
      tags    = { Environment = ["staging", "qa"] }
      exclude = { KeepRunning = "true" }
      regions = ["ap-northeast-2", "us-east-1"]
    }
  }

  schedules = { staging = { running = "MON-FRI 09:00-18:00", targets = "staging" } }

  # Finding far more than expected changes nothing and fails.
  max_instances = 50
}
