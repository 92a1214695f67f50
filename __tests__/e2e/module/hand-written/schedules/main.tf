# The same functions with a managed policy, called by schedules of EventBridge Scheduler.

variable "instance_ids" {
  type = list(string)
}

resource "aws_iam_role" "lambda" {
  name = "ec2-hours"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "lambda" {
  role       = aws_iam_role.lambda.name
  policy_arn = aws_iam_policy.lambda.arn
}

resource "aws_lambda_function" "stop" {
  function_name = "stop-ec2"
  role          = aws_iam_role.lambda.arn
  filename      = "${path.module}/lambda_function.zip"
  handler       = "lambda_function.lambda_handler"
  runtime       = "python3.12"

  environment {
    variables = { ACTION = "stop", INSTANCE_IDS = join(",", var.instance_ids) }
  }
}

resource "aws_lambda_function" "start" {
  function_name = "start-ec2"
  role          = aws_iam_role.lambda.arn
  filename      = "${path.module}/lambda_function.zip"
  handler       = "lambda_function.lambda_handler"
  runtime       = "python3.12"

  environment {
    variables = { ACTION = "start", INSTANCE_IDS = join(",", var.instance_ids) }
  }
}

resource "aws_scheduler_schedule" "stop" {
  name                         = "stop-ec2"
  schedule_expression          = "cron(0 20 ? * MON-FRI *)"
  schedule_expression_timezone = "Asia/Seoul"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.stop.arn
    role_arn = aws_iam_role.scheduler.arn
  }
}

resource "aws_scheduler_schedule" "start" {
  name                         = "start-ec2"
  schedule_expression          = "cron(0 8 ? * MON-FRI *)"
  schedule_expression_timezone = "Asia/Seoul"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.start.arn
    role_arn = aws_iam_role.scheduler.arn
  }
}
