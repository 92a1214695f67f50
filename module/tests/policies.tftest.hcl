# What the roles may do: just what the schedules need.

# Each test file has these mocks: OpenTofu cannot read them from a shared file (opentofu/opentofu#1778).
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "ap-northeast-2" }
  }
  # OpenTofu generates what is known only after apply, and other resources accept only ARNs.
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:ap-northeast-2:123456789012:key/mock" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:ap-northeast-2:123456789012:function:mock" }
  }
  mock_resource "aws_scheduler_schedule_group" {
    defaults = { arn = "arn:aws:scheduler:ap-northeast-2:123456789012:schedule-group/mock" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:ap-northeast-2:123456789012:mock" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:ap-northeast-2:123456789012:mock" }
  }
}

variables {
  name = "dev"
}

run "one_statement_where_both_actions_are_for_the_same_ids" {
  command = plan

  variables {
    targets = {
      dev = { instance_ids = ["i-0000000000000000a", "i-0000000000000000b"] }
    }
    schedules = {
      dev-start = { action = "start", expression = "rate(1 day)", targets = "dev" }
      dev-stop  = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.functions[0].policy).Statement == [
      {
        Sid    = "WriteLogs"
        Effect = "Allow"
        Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = [
          "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/dev-StopEC2Instances:*",
          "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/dev-StartEC2Instances:*",
        ]
      },
      {
        Sid      = "DescribeInstances"
        Effect   = "Allow"
        Action   = ["ec2:DescribeInstances"]
        Resource = ["*"]
      },
      {
        Sid    = "StopAndStartListedInstances"
        Effect = "Allow"
        Action = ["ec2:StopInstances", "ec2:StartInstances"]
        Resource = [
          "arn:aws:ec2:ap-northeast-2:123456789012:instance/i-0000000000000000a",
          "arn:aws:ec2:ap-northeast-2:123456789012:instance/i-0000000000000000b",
        ]
      },
    ]
    error_message = "The role may do something else."
  }
}

run "tags_narrow_what_ids_cannot" {
  command = plan

  variables {
    targets = {
      a = {
        tags    = { Environment = ["staging", "qa"], Literal = ["$${aws:username}"] }
        exclude = { KeepRunning = ["true", "예"], Owner = ["운영"] }
        regions = ["ap-northeast-2", "us-east-1"]
      }
      b = { tags = { Environment = ["dev"] } }
    }
    schedules = {
      a-stop = { action = "stop", expression = "rate(1 day)", targets = "a" }
      b-stop = { action = "stop", expression = "rate(1 day)", targets = "b" }
    }
  }

  assert {
    condition = slice(jsondecode(aws_iam_role_policy.functions[0].policy).Statement, 2, 4) == [
      {
        Sid    = "StopTaggedInstances"
        Effect = "Allow"
        Action = ["ec2:StopInstances"]
        Resource = [
          "arn:aws:ec2:ap-northeast-2:123456789012:instance/*",
          "arn:aws:ec2:us-east-1:123456789012:instance/*",
        ]
        Condition = {
          StringEquals = {
            "aws:ResourceTag/Environment" = ["staging", "qa"]
            "aws:ResourceTag/Literal"     = ["$${$}{aws:username}"]
          }
          StringNotEquals = { "aws:ResourceTag/KeepRunning" = ["true"] }
        }
      },
      {
        Sid       = "StopTaggedInstances2"
        Effect    = "Allow"
        Action    = ["ec2:StopInstances"]
        Resource  = ["arn:aws:ec2:ap-northeast-2:123456789012:instance/*"]
        Condition = { StringEquals = { "aws:ResourceTag/Environment" = ["dev"] } }
      },
    ]
    error_message = "The role may stop other instances than those so tagged."
  }
}

run "no_right_to_start_without_a_start_schedule" {
  command = plan

  variables {
    kms_key_arns = ["arn:aws:kms:ap-northeast-2:123456789012:key/0b1c"]
    targets = {
      dev = { instance_ids = ["i-0000000000000000a"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition     = !can(regex("StartInstances|kms:", aws_iam_role_policy.functions[0].policy))
    error_message = "The role may start instances or use their keys."
  }
}

run "keys_of_volumes_for_starts" {
  command = plan

  variables {
    kms_key_arns = ["arn:aws:kms:ap-northeast-2:123456789012:key/0b1c"]
    targets = {
      a = { instance_ids = ["i-0000000000000000a"] }
      b = { instance_ids = ["i-0000000000000000b"], regions = ["us-west-2"] }
    }
    schedules = {
      a-start = { action = "start", expression = "rate(1 day)", targets = "a" }
      b-start = { action = "start", expression = "rate(1 day)", targets = "b" }
    }
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.functions[0].policy).Statement : statement if statement.Sid == "CreateVolumeKeyGrants"][0] == {
      Sid      = "CreateVolumeKeyGrants"
      Effect   = "Allow"
      Action   = ["kms:CreateGrant"]
      Resource = ["arn:aws:kms:ap-northeast-2:123456789012:key/0b1c"]
      Condition = {
        Bool         = { "kms:GrantIsForAWSResource" = ["true"] }
        StringEquals = { "kms:ViaService" = ["ec2.ap-northeast-2.amazonaws.com", "ec2.us-west-2.amazonaws.com"] }
      }
    }
    error_message = "The keys may be used by others than EC2, or not at all."
  }
}

run "keys_of_volumes_in_china" {
  command = plan

  override_data {
    target = data.aws_partition.current
    values = { partition = "aws-cn" }
  }
  override_data {
    target = data.aws_region.current
    values = { id = "cn-northwest-1" }
  }

  variables {
    kms_key_arns = ["arn:aws-cn:kms:cn-north-1:123456789012:key/0b1c"]
    targets      = { a = { tags = { Env = "dev" }, regions = ["cn-north-1"] } }
    schedules    = { a-start = { action = "start", expression = "rate(1 day)", targets = "a" } }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.functions[0].policy).Statement :
      statement.Condition.StringEquals if statement.Sid == "CreateVolumeKeyGrants"
    ][0] == { "kms:ViaService" = ["ec2.cn-north-1.amazonaws.com.cn"] }
    error_message = "EC2's own service in China may use the keys."
  }
}

run "checks_by_one_document_on_just_their_instances" {
  command = plan

  variables {
    targets = {
      a = { instance_ids = ["i-0000000000000000a"], checks = { tcp = [22] } }
      b = {
        tags    = { Team = ["web"] }
        exclude = { Keep = ["true"] }
        regions = ["us-east-1"]
        checks  = { command = "true" }
      }
      c = { instance_ids = ["i-0000000000000000c"] }
    }
    schedules = {
      a-start = { action = "start", expression = "rate(1 day)", targets = "a" }
      b-start = { action = "start", expression = "rate(1 day)", targets = "b" }
      c-start = { action = "start", expression = "rate(1 day)", targets = "c" }
    }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.functions[0].policy).Statement : { for key, value in statement : key => value if key != "Effect" }
      if can(regex("\"ssm:", jsonencode(statement.Action)))
      ] == [
      {
        Sid      = "StartAndCheckListedInstances"
        Action   = ["ec2:StartInstances", "ssm:SendCommand"]
        Resource = ["arn:aws:ec2:ap-northeast-2:123456789012:instance/i-0000000000000000a"]
      },
      {
        Sid      = "CheckTaggedInstances"
        Action   = ["ssm:SendCommand"]
        Resource = ["arn:aws:ec2:us-east-1:123456789012:instance/*"]
        Condition = {
          StringEquals    = { "ssm:resourceTag/Team" = ["web"] }
          StringNotEquals = { "ssm:resourceTag/Keep" = ["true"] }
        }
      },
      {
        Sid    = "RunShellScriptDocument"
        Action = ["ssm:SendCommand"]
        Resource = [
          "arn:aws:ssm:ap-northeast-2::document/AWS-RunShellScript",
          "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
        ]
      },
      {
        Sid      = "ReadCommandResults"
        Action   = ["ssm:DescribeInstanceInformation", "ssm:ListCommandInvocations"]
        Resource = ["*"]
      },
    ]
    error_message = "The role may send commands to other instances, or by other documents."
  }
}

run "no_command_without_checks" {
  command = plan

  variables {
    alerts = { email = "ops@example.com" }
    targets = {
      dev = { instance_ids = ["i-0000000000000000a"] }
    }
    schedules = {
      dev-start = { action = "start", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition     = !can(regex("ssm:|sns:", aws_iam_role_policy.functions[0].policy))
    error_message = "The role may look inside instances, or publish."
  }
}

run "dead_letters_are_kept" {
  command = plan

  variables {
    alerts = { email = "ops@example.com" }
    targets = {
      dev = { instance_ids = ["i-0000000000000000a"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition = (
      can(regex("sqs:", aws_iam_role_policy.functions[0].policy)) == false
      && length(aws_sqs_queue.dead_letter) == 1
    )
    error_message = "The functions may send to the dead-letter queue, which keeps what triggers could not deliver."
  }
}

run "permissions_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    targets = {
      dev = { instance_ids = ["i-0000000000000000a"] }
    }
    schedules = {
      dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition = (
      aws_iam_role.functions[0].permissions_boundary == var.permissions_boundary_arn
      && aws_iam_role.scheduler[0].permissions_boundary == var.permissions_boundary_arn
    )
    error_message = "A role is not bounded."
  }
}

run "nothing_ever_terminates" {
  command = plan

  variables {
    targets = {
      dev = { tags = { Environment = ["dev"] } }
    }
    schedules = {
      dev-start = { action = "start", expression = "rate(1 day)", targets = "dev" }
      dev-stop  = { action = "stop", expression = "rate(1 day)", targets = "dev" }
    }
  }

  assert {
    condition     = !can(regex("Terminate|ec2:[*]|\"[*]\",", aws_iam_role_policy.functions[0].policy))
    error_message = "The role may do more to instances than start and stop them."
  }
}

# As of a wrapper's variable whose type has both.
run "a_pattern_with_null_for_the_other_key_is_that_without" {
  command = plan

  variables {
    targets = {
      dev = {
        tags    = { Name = [{ like = "web-*", any = null }] }
        exclude = { Keep = { like = null, any = true } }
      }
    }
    schedules = { dev-stop = { action = "stop", expression = "rate(1 day)", targets = "dev" } }
  }

  assert {
    condition = jsondecode(aws_lambda_function.this["stop"].environment[0].variables.TARGETS) == [{
      exclude = { Keep = [{ any = true }] }
      region  = "ap-northeast-2"
      tags    = { Name = [{ like = "web-*" }] }
    }]
    error_message = "Expected no null in what the function reads"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.functions[0].policy).Statement[2].Condition == {
      Null       = { "aws:ResourceTag/Keep" = ["true"] }
      StringLike = { "aws:ResourceTag/Name" = ["web-*"] }
    }
    error_message = "Expected the pattern and any value, as without null"
  }
}
