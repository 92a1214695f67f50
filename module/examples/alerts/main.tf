provider "aws" {
  region = "ap-northeast-2"
}

module "office_hours" {
  source = "../.."

  name = "office-hours"

  # Makes an encrypted topic and sends to this address, once its owner confirmed the subscription by mail. For a topic
  # that exists already: alerts = { sns_topic_arn = ... }.
  alerts = {
    email = "ops@example.com"
  }

  schedules = {
    dev-start = {
      action              = "start"
      schedule_expression = "cron(0 8 ? * MON-FRI *)"
      timezone            = "Asia/Seoul"
      instance_ids        = ["i-0123456789abcdef0"]
      # Mail, too, when these do not run a few minutes after the start.
      checks = { systemd = ["nginx"], tcp = [5432] }
    }
    dev-stop = {
      action              = "stop"
      schedule_expression = "cron(0 20 ? * MON-FRI *)"
      timezone            = "Asia/Seoul"
      instance_ids        = ["i-0123456789abcdef0"]
    }
  }
}
