provider "aws" {
  region = var.region
}

locals {
  # Nothing is started on these days. They are written once, for every schedule that keeps them.
  holidays = ["2027-01-01", "2027-02-08", "2027-03-01"]
}

module "office_hours" {
  source = "../.."

  name = "office-hours"

  schedules = {
    dev-start = {
      action              = "start"
      schedule_expression = "cron(0 8 ? * MON-FRI *)"
      timezone            = "Asia/Seoul"
      instance_ids        = var.instance_ids
      holidays            = local.holidays
    }

    # It runs on holidays too, for instances that were started by hand.
    dev-stop = {
      action              = "stop"
      schedule_expression = "cron(0 20 ? * MON-FRI *)"
      timezone            = "Asia/Seoul"
      instance_ids        = var.instance_ids
      holidays            = local.holidays
    }
  }

  tags = { Team = "platform" }
}
