provider "aws" {
  region = "ap-northeast-2"
}

# In your own configuration the source is this repository's module folder, at a release:
#   source = "git::https://github.com/OWNER/ec2-start-stop.git//module?ref=v0.1.0"
module "office_hours" {
  source = "../.."

  timezone  = "Asia/Seoul"
  targets   = { dev = { instance_ids = ["i-0123456789abcdef0", "i-08ce9b2d7eccf6d26"] } }
  schedules = { dev-stop = { action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = "dev" } }
}
