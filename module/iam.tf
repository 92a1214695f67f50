# What the functions may do: write their own logs, read instances, start and stop only their targets, and run checks on
# those that have some; with warn_minutes, publish warnings; with follow_ups and events, write the one and put the
# other.

locals {
  # These two decide if set, because an ARN may be unknown before apply.
  create_role = var.create_role == null ? local.top.role_arn == null : var.create_role
  create_scheduler_role = local.uses_scheduler && (
    var.create_scheduler_role == null ? local.top.scheduler_role_arn == null : var.create_scheduler_role
  )

  # Roles are global in an account, so their names contain the region; and a part of their path's hash, because a role
  # of the same name could be created only after the old one is gone.
  role_suffix = join("-", concat(
    [local.region],
    local.new_role_path == "/" ? [] : [substr(md5(local.new_role_path), 0, 6)],
  ))

  # An adopted role keeps its name and path.
  role_name = try(
    regex("^[A-Za-z0-9_+=,.@-]{1,64}$", local.adopt_role.name), "${local.name}-functions-${local.role_suffix}"
  )
  role_path     = local.adopt_role == null ? local.new_role_path : local.adopt_role.path
  new_role_path = local.top.role_path == null ? "/" : local.top.role_path
  role_arn      = local.create_role ? aws_iam_role.functions[0].arn : local.top.role_arn

  # The condition key for an instance's tags; Run Command, which makes the checks, has its own.
  tag_keys     = { stop = "aws:ResourceTag", start = "aws:ResourceTag", check = "ssm:resourceTag" }
  action_names = { Stop = "ec2:StopInstances", Start = "ec2:StartInstances", Check = "ssm:SendCommand" }

  # The targets on which each action is allowed.
  granted_targets = merge({ stop = [], start = [] }, local.deployed_targets, {
    check = [for part in lookup(local.deployed_targets, "start", []) : part if contains(keys(part), "checks")]
  })

  # One entry for each action on each resource: the exact ARN of an instance, or instance/* narrowed by tags. IAM's
  # conditions on an instance's tags are that all of `tags` match, and none of `exclude`.
  grants = flatten([
    for action in ["stop", "start", "check"] : [
      for part in local.granted_targets[action] : [
        for instance in concat(
          [for id in lookup(part, "instanceIds", []) : { id = id, kind = "ListedInstances", tags = {} }],
          # Ids are not known before the run: the * is narrowed by the tags that the instance must have.
          [for tags in lookup(part, "tags", null)[*] : { id = "*", kind = "TaggedInstances", tags = tags }],
          [for all in lookup(part, "all", null)[*] : { id = "*", kind = "AllInstances", tags = {} }],
          ) : {
          action   = action
          kind     = instance.kind
          resource = "arn:${local.partition}:ec2:${part.region}:${local.account_id}:instance/${instance.id}"
          condition = jsonencode({
            for operator, keys in {
              for comparison in concat([], [
                for comparisons in [
                  [for tag, values in instance.tags : local.comparisons[jsonencode([tag, values])].wanted],
                  [
                    for tag, values in lookup(part, "exclude", {}) :
                    local.comparisons[jsonencode([tag, values])].excluded
                  ],
                  # What replaces its instances puts one of these tags on them. The functions leave them alone, but for
                  # the checks.
                  [
                    for key in local.manager_tags : { operator = "Null", key = key, texts = ["true"] }
                    if instance.kind == "AllInstances" && action != "check"
                  ],
                ] : comparisons
              ]...) : comparison.operator => comparison... if length(comparison.texts) > 0
              } : operator => {
              # `exclude` may name a manager's tag, too.
              for key, texts in { for each in keys : each.key => each.texts... } :
              "${local.tag_keys[action]}/${key}" => distinct(flatten(texts))
            }
          })
        }
      ]
    ]
  ])

  # How IAM compares each tag with its values.
  comparisons = {
    for tag, sides in local.compared_values : tag => {
      for side, values in sides : side => {
        key = jsondecode(tag)[0]
        operator = anytrue(values[*].is_any) ? "Null" : join("", [
          "String", side == "wanted" ? "" : "Not", anytrue(values[*].is_pattern) ? "Like" : "Equals",
        ])
        texts = anytrue(values[*].is_any) ? [side == "wanted" ? "false" : "true"] : [
          for value in values : anytrue(values[*].is_pattern) ? value.pattern : value.text
        ]
      }
    }
  }
  # A policy takes characters up to U+00FF: exclusions with others are left to the function, which knows them all.
  compared_values = {
    for tag, values in local.tag_values : tag => {
      wanted = values
      excluded = [
        for value in values : value
        if can(regex(local.patterns.iam_policy_text, "${jsondecode(tag)[0]}${value.source}"))
      ]
    }
  }
  # IAM reads a dollar sign before a brace as a policy variable, and in StringLike an asterisk and a question mark as
  # wildcards, unless they are written as variables themselves. A backslash makes the pattern's own wildcards literal.
  tag_values = {
    for tag in distinct(flatten([
      for target in values(local.targets) : [
        for tags in [target.tags, target.exclude] : [for key, values in tags : jsonencode([key, values])]
      ]
      ])) : tag => [
      for value in jsondecode(tag)[1] : {
        is_any     = can(value.any)
        is_pattern = can(value.like)
        source     = local.tag_forms[jsonencode(value)].source
        text       = try(replace(tostring(value), local.policy_variable, "${local.policy_variable}$}{"), "")
        pattern = try(
          join("", [
            for token in regexall("\\\\[*?\\\\]|[*]+|\\\\|[^*\\\\]+", value.like) : lookup(
              {
                "\\*"  = "${local.policy_variable}*}"
                "\\?"  = "${local.policy_variable}?}"
                "\\\\" = "\\"
              },
              token, startswith(token, "*") ? "*" : replace(token, "$", "${local.policy_variable}$}"),
            )
          ]),
          replace(tostring(value), "/[*?$]/", join("", ["$", local.policy_variable, "$0}"])),
          "",
        )
      }
    ]
  }
  # Its beginning, put together since parsers of HCL other than Terraform's stumble over it.
  policy_variable = format("%s{", "$")

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
  scoped_statements = [
    for statement in distinct(local.grant_statements) : {
      sid     = "${join("And", jsondecode(statement).actions)}${jsondecode(statement).kind}"
      actions = [for action in jsondecode(statement).actions : local.action_names[action]]
      resources = distinct([
        for index, grant in local.grants : grant.resource if local.grant_statements[index] == statement
      ])
      condition = jsondecode(jsondecode(statement).condition)
    }
  ]

  # Statements that differ in the values of one tag only become one, with all their values, which allows just as much.
  # Each statement is written without the values of each of its tags; of these, the one that most others have in common
  # counts.
  statements_without_values = [
    for statement in local.scoped_statements : flatten([
      for operator in ["StringEquals", "StringLike"] : [
        for tag in keys(lookup(statement.condition, operator, {})) : jsonencode([
          operator, tag, statement.sid, statement.resources,
          { for other, keys in statement.condition : other => keys if other != operator },
          { for key, values in statement.condition[operator] : key => values if key != tag },
        ])
      ]
    ])
  ]
  statement_counts = {
    for text in distinct(flatten(local.statements_without_values)) :
    text => length([for texts in local.statements_without_values : text if contains(texts, text)])
  }
  shared_statements = [
    for index, texts in local.statements_without_values : length(texts) == 0 ? tostring(index) : [
      for text in texts : text
      if local.statement_counts[text] == max([for each in texts : local.statement_counts[each]]...)
    ][0]
  ]
  instance_statements = [
    for text in distinct(local.shared_statements) : merge(
      local.scoped_statements[index(local.shared_statements, text)],
      {
        for part in can(jsondecode(text)[1]) ? [jsondecode(text)] : [] : "condition" => merge(
          local.scoped_statements[index(local.shared_statements, text)].condition,
          {
            (part[0]) = merge(
              local.scoped_statements[index(local.shared_statements, text)].condition[part[0]],
              {
                (part[1]) = distinct(flatten([
                  for place, statement in local.scoped_statements :
                  statement.condition[part[0]][part[1]] if local.shared_statements[place] == text
                ]))
              },
            )
          },
        )
      },
    )
  ]

  # Sids must differ: the second of a kind gets a 2.
  instance_statement_numbers = [
    for position, statement in local.instance_statements :
    position == index(local.instance_statements[*].sid, statement.sid) ? "" : length([
      for earlier in slice(local.instance_statements, 0, position + 1) : earlier if earlier.sid == statement.sid
    ])
  ]

  size_advice = local.by_ids ? "name the instances by tags instead" : (
    "let more instances share a tag, or call the module twice"
  )
  # What takes most of the room.
  by_ids = length([for grant in local.grants : grant if grant.kind == "ListedInstances"]) * 2 > length(local.grants)

  start_regions = distinct([for part in local.granted_targets.start : part.region])
  check_regions = distinct([for part in local.granted_targets.check : part.region])

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
        length(local.kms_key_arns) == 0 || length(local.start_regions) == 0 ? [] : [
          {
            Sid      = "CreateVolumeKeyGrants"
            Action   = ["kms:CreateGrant"]
            Resource = local.kms_key_arns
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
          ] : statement if local.follow_ups
        ],
        # Of no other source, since other rules on the bus trust it.
        local.events ? [
          {
            Sid       = "PutOutcomeEvents"
            Action    = ["events:PutEvents"]
            Resource  = ["${local.arn_prefixes.events}:event-bus/default"]
            Condition = { StringEquals = { "events:source" = ["ec2-start-stop"] } }
          }
        ] : [],
        # Lambda makes the network interfaces of a VPC with the functions' role, which its own code has too. The
        # condition leaves them to Lambda: calls of the code have the function's ARN as their source.
        [
          for statement in [
            {
              Sid = "ManageNetworkInterfaces"
              Action = [
                "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
              ]
              # Lambda asks for all network interfaces. Subnets and security groups may be shared by another account.
              Resource = [
                "arn:${local.partition}:ec2:${local.region}:${local.account_id}:*/*",
                "arn:${local.partition}:ec2:${local.region}:*:subnet/*",
                "arn:${local.partition}:ec2:${local.region}:*:security-group/*",
              ]
            },
            {
              # These two support neither resources nor tag conditions.
              Sid      = "ReadNetwork"
              Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
              Resource = ["*"]
            },
            ] : merge(statement, {
              Condition = { ArnNotEquals = { "lambda:SourceFunctionArn" = [
                for action in local.actions :
                "${local.arn_prefixes.lambda}:function:${local.function_names[action]}"
              ] } }
          }) if length(local.vpc) > 0
        ],
        # X-Ray supports no resources for these two.
        local.traces ? [
          { Sid = "WriteTraces", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = ["*"] }
        ] : [],
      ) : { for key, value in merge({ Effect = "Allow" }, statement) : key => value if value != null }
    ]
  }
}

resource "aws_iam_role" "functions" {
  count = local.create_role ? 1 : 0 # Unknown role_arn: write create_role = false

  name        = local.role_name
  path        = local.role_path
  description = local.adopt_role == null ? null : local.adopt_role.description
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  permissions_boundary = local.permissions_boundary_arn
  tags                 = local.tags

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = length(local.role_name) <= local.max_name_length
      error_message = "name: expected a shorter name, so that the role's fits in 64 characters, got ${local.role_name}."
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
      condition = length(jsonencode(local.function_policy)) <= local.max_role_policy_length
      error_message = format(
        "targets: expected %s that fit in the %d characters of a role's policies, got %d characters: %s.",
        local.by_ids ? "instances whose exact ARNs (about 140)" : "tags", local.max_role_policy_length,
        length(jsonencode(local.function_policy)),
        local.size_advice,
      )
    }
  }
}

# Detaches the managed policies that an adopted role was given by hand. The policies themselves are left as they are.
resource "aws_iam_role_policy_attachments_exclusive" "functions" {
  count = local.create_role && local.adopt_role != null ? 1 : 0

  role_name   = aws_iam_role.functions[0].name
  policy_arns = local.adopt_role.keep_policy_arns

  # The functions never run without either policy.
  depends_on = [aws_iam_role_policy.functions]

  lifecycle {
    create_before_destroy = true
  }
}
