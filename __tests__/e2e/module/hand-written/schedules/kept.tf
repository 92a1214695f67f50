# What the module takes the place of, but does not take over.

resource "aws_iam_policy" "lambda" {
  name = "ec2-hours"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ec2:StartInstances", "ec2:StopInstances"], Resource = "*" },
      { Effect = "Allow", Action = "logs:*", Resource = "arn:aws:logs:*:*:*" },
    ]
  })
}

resource "aws_iam_role" "scheduler" {
  name = "ec2-hours-scheduler"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "scheduler.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "scheduler" {
  name = "invoke"
  role = aws_iam_role.scheduler.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = "*" }]
  })
}
