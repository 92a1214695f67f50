# What the functions may do: write their own logs, read instances, start and stop only their targets, and run checks on
# those that have some; with warn_minutes, publish warnings; with follow_ups and events, write the one and put the other.

locals {
  # `create_roles` decides if set, because an ARN may be unknown before apply.
  create_role           = coalesce(var.create_roles, var.role_arn == null)
  create_scheduler_role = local.uses_scheduler && coalesce(var.create_roles, var.scheduler_role_arn == null)

  # Roles are global in an account, so their names contain the region; and a part of their path's hash, because a role of
  # the same name could be created only after the old one is gone.
  role_suffix = join("-", concat(
    [local.region],
    var.role_path == "/" ? [] : [substr(md5(var.role_path), 0, 6)],
  ))

  # An adopted role keeps its name and path.
  role_name = try(var.adopt.role.name, "${var.name}-functions-${local.role_suffix}")
  role_path = try(var.adopt.role.path, var.role_path)
  role_arn  = local.create_role ? aws_iam_role.functions[0].arn : var.role_arn

  # A policy takes characters up to U+00FF. Exclusions with others are left to the function, which knows them all.
  policy_exclusions = {
    for name, s in var.schedules : name => {
      for key, values in s.exclude_tags : key => [
        for value in values : value if can(regex("^[\\t\\n\\r\\x{20}-\\x{ff}]*$", "${key}${value}"))
      ]
    }
  }

  # IAM's conditions on an instance's tags: all of `tags` must match, and none of `exclude_tags`. IAM reads a dollar sign
  # before a brace as a policy variable, unless it is written as one itself.
  tag_conditions = {
    for action, tag_key in local.tag_keys : action => {
      for name, s in var.schedules : name => {
        for operator, tags in {
          StringEquals    = s.tags
          StringNotEquals = { for key, values in local.policy_exclusions[name] : key => values if length(values) > 0 }
          } : operator => {
          for key, values in tags : "${tag_key}/${key}" => [
            for value in values : replace(value, format("%s{", "$"), format("%s{%s}{", "$", "$"))
          ]
        } if length(tags) > 0
      }
    }
  }

  # The condition key for an instance's tags; Run Command, which makes the checks, has its own.
  tag_keys     = { stop = "aws:ResourceTag", start = "aws:ResourceTag", check = "ssm:resourceTag" }
  action_names = { Stop = "ec2:StopInstances", Start = "ec2:StartInstances", Check = "ssm:SendCommand" }

  # One entry for each action on each resource: the exact ARN of an instance, or instance/* narrowed by tags.
  grants = flatten([
    for action in ["stop", "start", "check"] : [
      for name, s in var.schedules : [
        for region in coalescelist(s.regions, [local.region]) : [
          for instance in concat(
            [for id in s.instance_ids : { id = id, kind = "ListedInstances" }],
            # Ids are not known before the run: the * is narrowed by the tags that the instance must have.
            length(s.tags) == 0 ? [] : [{ id = "*", kind = "TaggedInstances" }],
            ) : {
            action   = action
            kind     = instance.kind
            resource = "arn:${local.partition}:ec2:${region}:${local.account_id}:instance/${instance.id}"
            condition = jsonencode({
              for operator, tags in local.tag_conditions[action][name] : operator => tags
              if instance.id == "*" || operator == "StringNotEquals"
            })
          }
        ]
      ] if action == "check" ? s.checks != null : s.action == action
    ]
  ])

  # Where several actions are allowed on the same resource, one statement does, which helps the policy stay within IAM's
  # limit.
  granted_actions = {
    for grant in local.grants : "${grant.kind} ${grant.resource} ${grant.condition}" => title(grant.action)...
  }
  grant_statements = [
    for grant in local.grants : jsonencode({
      actions   = distinct(local.granted_actions["${grant.kind} ${grant.resource} ${grant.condition}"])
      kind      = grant.kind
      condition = grant.condition
    })
  ]
  instance_statements = [
    for statement in distinct(local.grant_statements) : {
      sid     = "${join("And", jsondecode(statement).actions)}${jsondecode(statement).kind}"
      actions = [for action in jsondecode(statement).actions : local.action_names[action]]
      resources = distinct([
        for index, grant in local.grants : grant.resource if local.grant_statements[index] == statement
      ])
      condition = jsondecode(jsondecode(statement).condition)
    }
  ]

  # Sids must differ: the second of a kind gets a 2.
  instance_statement_numbers = [
    for position, statement in local.instance_statements :
    position == index(local.instance_statements[*].sid, statement.sid) ? "" : length([
      for earlier in slice(local.instance_statements, 0, position + 1) : earlier if earlier.sid == statement.sid
    ])
  ]

  start_regions = distinct(flatten([for name, s in var.schedules : local.targets[name][*].region if s.action == "start"]))
  check_regions = distinct(flatten([for name in keys(local.checks) : local.targets[name][*].region]))

  not_from_functions = {
    ArnNotEquals = {
      "lambda:SourceFunctionArn" = [
        for action in local.actions : "${local.arn_prefixes.lambda}:function:${local.function_names[action]}"
      ]
    }
  }

  function_policy = {
    Version = "2012-10-17"
    Statement = [
      for statement in concat(
        [
          {
            Sid    = "WriteLogs"
            Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
            # The * stands for the log streams, which Lambda names itself.
            Resource = [
              for action in local.actions : "${local.arn_prefixes.logs}:log-group:${local.log_group_names[action]}:*"
            ]
          },
          {
            # EC2's Describe actions support neither resource-level permissions nor tag conditions.
            Sid      = "DescribeInstances"
            Action   = ["ec2:DescribeInstances"]
            Resource = ["*"]
          },
        ],
        [
          for index, statement in local.instance_statements : {
            Sid       = "${statement.sid}${local.instance_statement_numbers[index]}"
            Action    = statement.actions
            Resource  = statement.resources
            Condition = length(statement.condition) > 0 ? statement.condition : null
          }
        ],
        # `ssm:SendCommand` needs the document too, which has no tags.
        length(local.check_regions) == 0 ? [] : [
          {
            Sid    = "RunShellScriptDocument"
            Action = ["ssm:SendCommand"]
            Resource = [
              for region in local.check_regions : "arn:${local.partition}:ssm:${region}::document/AWS-RunShellScript"
            ]
          },
          {
            # These two support neither resource-level permissions nor tag conditions.
            Sid      = "ReadCommandResults"
            Action   = ["ssm:DescribeInstanceInformation", "ssm:ListCommandInvocations"]
            Resource = ["*"]
          },
        ],
        # EC2 decrypts volumes for the caller that starts the instance, by a grant that this caller must be allowed.
        length(var.kms_key_arns) == 0 || length(local.start_regions) == 0 ? [] : [
          {
            Sid      = "CreateVolumeKeyGrants"
            Action   = ["kms:CreateGrant"]
            Resource = var.kms_key_arns
            Condition = {
              Bool = { "kms:GrantIsForAWSResource" = ["true"] }
              StringEquals = {
                "kms:ViaService" = [
                  for region in local.start_regions :
                  "ec2.${region}.amazonaws.com${startswith(region, "cn-") ? ".cn" : ""}"
                ]
              }
            }
          }
        ],
        [
          for topic in local.notified_topic_arns : {
            Sid      = "PublishFailedStarts"
            Action   = ["sns:Publish"]
            Resource = [topic]
          }
        ],
        [
          for topic in local.warning_topic_arns : {
            Sid      = "PublishWarnings"
            Action   = ["sns:Publish"]
            Resource = [topic]
          }
        ],
        [
          for topic in local.success_topic_arns : {
            Sid      = "PublishSuccesses"
            Action   = ["sns:Publish"]
            Resource = [topic]
          }
        ],
        [
          for statement in [
            {
              Sid    = "WriteFollowUps"
              Action = ["scheduler:CreateSchedule", "scheduler:GetSchedule"]
              # The * stands for the follow-ups, which the functions name themselves.
              Resource = ["${local.arn_prefixes.scheduler}:schedule/${local.follow_up_group_name}/*"]
            },
            {
              Sid       = "PassSchedulerRole"
              Action    = ["iam:PassRole"]
              Resource  = [local.follow_up_settings.roleArn]
              Condition = { StringEquals = { "iam:PassedToService" = ["scheduler.amazonaws.com"] } }
            },
          ] : statement if var.follow_ups
        ],
        # Of no other source, since other rules on the bus trust it.
        var.events ? [
          {
            Sid       = "PutOutcomeEvents"
            Action    = ["events:PutEvents"]
            Resource  = ["${local.arn_prefixes.events}:event-bus/default"]
            Condition = { StringEquals = { "events:source" = ["ec2-start-stop"] } }
          }
        ] : [],
        # Lambda makes the network interfaces with this role. The condition leaves them to Lambda: calls of the functions'
        # own code have the function as their source.
        var.vpc == null ? [] : [
          {
            Sid = "ManageNetworkInterfaces"
            Action = [
              "ec2:CreateNetworkInterface",
              "ec2:DeleteNetworkInterface",
              "ec2:AssignPrivateIpAddresses",
              "ec2:UnassignPrivateIpAddresses",
            ]
            # Lambda asks for all network interfaces. Subnets and security groups may be shared by another account.
            Resource = [
              "${local.arn_prefixes.ec2}:*/*",
              "arn:${local.partition}:ec2:${local.region}:*:subnet/*",
              "arn:${local.partition}:ec2:${local.region}:*:security-group/*",
            ]
            Condition = local.not_from_functions
          },
          {
            # These two support neither resource-level permissions nor tag conditions.
            Sid       = "ReadNetwork"
            Action    = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
            Resource  = ["*"]
            Condition = local.not_from_functions
          },
        ],
        # X-Ray supports no resources for these two.
        var.tracing ? [
          {
            Sid      = "WriteTraces"
            Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
            Resource = ["*"]
          }
        ] : [],
      ) : { for key, value in merge({ Effect = "Allow" }, statement) : key => value if value != null }
    ]
  }
}

resource "aws_iam_role" "functions" {
  count = local.create_role ? 1 : 0

  name        = local.role_name
  path        = local.role_path
  description = try(var.adopt.role.description, null)
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.role_name) <= 64
      error_message = "name: expected a shorter name, so that the role's name has at most 64 characters, got \"${local.role_name}\"."
    }
  }
}

resource "aws_iam_role_policy" "functions" {
  count = local.create_role ? 1 : 0

  name   = "start-stop"
  role   = aws_iam_role.functions[0].name
  policy = jsonencode(local.function_policy)

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(jsonencode(local.function_policy)) <= 10240
      error_message = "schedules: expected instances whose exact ARNs fit in the 10,240 characters of a role's policies (about 140), got ${length(jsonencode(local.function_policy))} characters: name the instances by tags instead."
    }
  }
}

# Detaches the managed policies that an adopted role was given by hand. The policies themselves are left as they are.
resource "aws_iam_role_policy_attachments_exclusive" "functions" {
  count = local.create_role && var.adopt.role != null ? 1 : 0

  role_name   = aws_iam_role.functions[0].name
  policy_arns = var.adopt.role.keep_policy_arns

  # The functions never run without either policy.
  depends_on = [aws_iam_role_policy.functions]

  lifecycle {
    create_before_destroy = true
  }
}
