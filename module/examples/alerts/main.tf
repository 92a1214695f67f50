provider "aws" {
  region = "ap-northeast-2"
}

module "office_hours" {
  source = "../.."

  name     = "office-hours"
  timezone = "Asia/Seoul"

  # Makes an encrypted topic and sends to this address, once its owner confirmed the subscription by mail. For a topic
  # that exists already: alerts = { sns_topic_arn = ... }.
  alerts = { email = "ops@example.com" }

  targets = {
    dev = {
      instance_ids = ["i-0123456789abcdef0"]
      # Mail, too, when these do not run a few minutes after the start.
      checks = { systemd = ["nginx"], tcp = [5432] }
    }
  }

  schedules = { dev = { running = "MON-FRI 08:00-20:00", targets = "dev" } }
}
