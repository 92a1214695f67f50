# One function, which the constant input of each rule tells what to do.

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

resource "aws_iam_role_policy" "lambda" {
  name = "ec2-hours"
  role = aws_iam_role.lambda.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ec2:StartInstances", "ec2:StopInstances"], Resource = "*" },
      { Effect = "Allow", Action = "logs:*", Resource = "arn:aws:logs:*:*:*" },
    ]
  })
}

resource "aws_lambda_function" "scheduler" {
  function_name = "ec2-scheduler"
  role          = aws_iam_role.lambda.arn
  filename      = "${path.module}/lambda_function.zip"
  handler       = "lambda_function.lambda_handler"
  runtime       = "python3.12"
}

resource "aws_cloudwatch_event_rule" "stop" {
  name                = "stop-ec2"
  schedule_expression = "cron(0 11 ? * MON-FRI *)"
}

resource "aws_cloudwatch_event_rule" "start" {
  name                = "start-ec2"
  schedule_expression = "cron(0 23 ? * SUN-THU *)"
}

resource "aws_cloudwatch_event_target" "stop" {
  rule      = aws_cloudwatch_event_rule.stop.name
  target_id = "lambda"
  arn       = aws_lambda_function.scheduler.arn
  input     = jsonencode({ action = "stop", instance_ids = var.instance_ids })
}

resource "aws_cloudwatch_event_target" "start" {
  rule      = aws_cloudwatch_event_rule.start.name
  target_id = "lambda"
  arn       = aws_lambda_function.scheduler.arn
  input     = jsonencode({ action = "start", instance_ids = var.instance_ids })
}

resource "aws_lambda_permission" "stop" {
  statement_id  = "AllowExecutionFromStopRule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.scheduler.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.stop.arn
}

resource "aws_lambda_permission" "start" {
  statement_id  = "AllowExecutionFromStartRule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.scheduler.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.start.arn
}
