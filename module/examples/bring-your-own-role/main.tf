provider "aws" {
  region = "ap-northeast-2"
}

module "office_hours" {
  source = "../.."

  name = "office-hours"

  # Both ARNs come from resources below, so that Terraform does not know them at plan: the other two say that there is no
  # role to make. With ARNs that are known, they can be left out.
  role_arn              = aws_iam_role.functions.arn
  create_role           = false
  scheduler_role_arn    = aws_iam_role.scheduler.arn
  create_scheduler_role = false

  timezone  = "Asia/Seoul"
  targets   = { dev = { instance_ids = ["i-0123456789abcdef0"] } }
  schedules = { dev-stop = { action = "stop", expression = "cron(0 20 ? * MON-FRI *)", targets = "dev" } }
}

resource "aws_iam_role" "functions" {
  name = "office-hours-functions"
  path = "/operations/"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# The module says what its functions need.
resource "aws_iam_role_policy" "functions" {
  name   = "start-stop"
  role   = aws_iam_role.functions.name
  policy = module.office_hours.function_policy
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "scheduler" {
  name = "office-hours-scheduler"
  path = "/operations/"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "invoke-functions"
  role   = aws_iam_role.scheduler.name
  policy = module.office_hours.scheduler_policy
}
