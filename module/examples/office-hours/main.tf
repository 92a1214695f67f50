provider "aws" {
  region = var.region
}

module "office_hours" {
  source = "../.."

  name     = "office-hours"
  timezone = "Asia/Seoul"

  targets = { dev = { instance_ids = var.instance_ids } }

  # Instances that were started by hand are stopped on holidays, too.
  schedules = { dev = { running = "MON-FRI 08:00-20:00", targets = "dev", holidays = "kr" } }

  # Nothing is started on these days.
  holidays = { kr = ["2027-01-01", "2027-02-08", "2027-03-01"] }

  tags = { Team = "platform" }
}
