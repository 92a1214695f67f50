import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AddPermissionCommand, CreateFunctionCommand } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand } from "@aws-sdk/client-scheduler";
import { strToU8, zipSync } from "fflate";
import { type Aws, REGION } from "../support/moto/aws";

/** What AWS's tutorial "start and stop EC2 instances at regular intervals" leaves in an account. */
export interface HandMade {
  readonly policyArn: string;
  readonly roleName: string;
  readonly stopName: string;
  readonly startName: string;
}

/** 20:00 and 08:00 in Seoul, from Monday to Friday, in UTC. */
export const STOP_UTC = "cron(0 11 ? * MON-FRI *)";
export const START_UTC = "cron(0 23 ? * SUN-THU *)";

const ACCOUNT = "123456789012";
const ROLE = "EC2StartStopRole";

/** The key that encrypts the logs of the function that stops. */
export const LOG_KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1b2c3d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d`;

/** When schedules made by hand end. */
export const SCHEDULES_END = "2037-12-31T15:00:00Z";

/** What is imported of two rules alone. */
export const RULES_ONLY_IMPORTS = [
  "aws_cloudwatch_event_rule MorningStart",
  "aws_cloudwatch_event_rule NightlyStop",
  "aws_cloudwatch_event_target MorningStart/Id-MorningStart",
  "aws_cloudwatch_event_target NightlyStop/Id-NightlyStop",
];
const IMPORTS = [
  "aws_cloudwatch_log_group /aws/lambda/StopEC2Instances",
  `aws_iam_role ${ROLE}`,
  "aws_lambda_function StartEC2Instances",
  "aws_lambda_function StopEC2Instances",
];
/** What is imported of all this with two rules. */
export const RULE_IMPORTS = [...RULES_ONLY_IMPORTS, ...IMPORTS];
/** What is imported of all this with two schedules. */
export const SCHEDULE_IMPORTS = [
  ...IMPORTS,
  "aws_scheduler_schedule default/MorningStart",
  "aws_scheduler_schedule default/NightlyStop",
];
const POLICY_DOCUMENT = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:*:*:*",
    },
    { Effect: "Allow", Action: ["ec2:Start*", "ec2:Stop*"], Resource: "*" },
  ],
};

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

const code = (action: "start" | "stop", ids: readonly string[]) => `import boto3
region = '${REGION}'
instances = [${ids.map((id) => `'${id}'`).join(", ")}]
ec2 = boto3.client('ec2', region_name=region)

def lambda_handler(event, context):
    ec2.${action}_instances(InstanceIds=instances)
    print('${action}: ' + str(instances))
`;

async function makeFunction(aws: Aws, action: "start" | "stop", ids: readonly string[]): Promise<string> {
  const name = action === "stop" ? "StopEC2Instances" : "StartEC2Instances";
  const ZipFile = zipSync({ "lambda_function.py": strToU8(code(action, ids)) });
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: `arn:aws:iam::${ACCOUNT}:role/service-role/${ROLE}`,
      Runtime: "python3.9",
      Handler: "lambda_function.lambda_handler",
      Timeout: 10,
      Architectures: ["x86_64"],
      Code: { ZipFile },
    }),
  );
  return name;
}

/** The policy, the role and the functions. The start function has never run, so it has no log group. */
export async function makeFunctions(aws: Aws, ids: readonly string[]): Promise<HandMade> {
  const { Policy } = await aws.iam.send(
    new CreatePolicyCommand({
      PolicyName: "EC2StartStopPolicy",
      Description: "Made in the console",
      PolicyDocument: JSON.stringify(POLICY_DOCUMENT),
    }),
  );
  const policyArn = Policy?.Arn ?? "";
  await aws.iam.send(
    new CreateRoleCommand({
      RoleName: ROLE,
      Path: "/service-role/",
      Description: "Allows Lambda functions to call AWS services on your behalf.",
      AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
    }),
  );
  await aws.iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: policyArn }));
  const stopName = await makeFunction(aws, "stop", ids);
  const startName = await makeFunction(aws, "start", ids);
  await aws.logs.send(
    new CreateLogGroupCommand({
      logGroupName: `/aws/lambda/${stopName}`,
      kmsKeyId: LOG_KEY_ARN,
      tags: { Team: "ops" },
    }),
  );
  return { policyArn, roleName: ROLE, stopName, startName };
}

const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

/** Name of the one function that its event tells what to do. */
export const EVENT_DRIVEN = "ec2-scheduler";

const EVENT_DRIVEN_CODE = `import boto3
ec2 = boto3.client('ec2')

def lambda_handler(event, context):
    if event['action'] == 'start':
        ec2.start_instances(InstanceIds=event['instance_ids'])
    else:
        ec2.stop_instances(InstanceIds=event['instance_ids'])
`;

/** One function for both, and two rules whose constant inputs say what it does. */
export async function makeEventDriven(aws: Aws, ids: readonly string[]): Promise<void> {
  await aws.iam.send(
    new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: trust("lambda.amazonaws.com") }),
  );
  await aws.iam.send(
    new PutRolePolicyCommand({
      RoleName: ROLE,
      PolicyName: "start-stop",
      PolicyDocument: JSON.stringify(POLICY_DOCUMENT),
    }),
  );
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName: EVENT_DRIVEN,
      Role: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`,
      Runtime: "python3.9",
      Handler: "lambda_function.lambda_handler",
      Code: { ZipFile: zipSync({ "lambda_function.py": strToU8(EVENT_DRIVEN_CODE) }) },
    }),
  );
  const input = (action: string) => JSON.stringify({ action, instance_ids: ids });
  await makeRule(aws, "NightlyStop", STOP_UTC, EVENT_DRIVEN, input("stop"));
  await makeRule(aws, "MorningStart", START_UTC, EVENT_DRIVEN, input("start"));
}

async function makeRule(
  aws: Aws,
  rule: string,
  expression: string,
  functionName: string,
  input?: string,
): Promise<void> {
  const { RuleArn } = await aws.events.send(
    new PutRuleCommand({ Name: rule, ScheduleExpression: expression, State: "ENABLED" }),
  );
  await aws.events.send(
    new PutTargetsCommand({
      Rule: rule,
      Targets: [{ Id: `Id-${rule}`, Arn: functionArn(functionName), ...(input ? { Input: input } : {}) }],
    }),
  );
  await aws.lambda.send(
    new AddPermissionCommand({
      FunctionName: functionName,
      StatementId: `lambda-${rule}`,
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: RuleArn,
    }),
  );
}

/** Two rules on the default bus. */
export async function makeRules(aws: Aws, { stopName, startName }: HandMade): Promise<void> {
  await makeRule(aws, "NightlyStop", STOP_UTC, stopName);
  await makeRule(aws, "MorningStart", START_UTC, startName);
}

/** Two schedules in the default group, in the zone of Seoul. */
export async function makeSchedules(aws: Aws, { stopName, startName }: HandMade): Promise<void> {
  await aws.iam.send(
    new CreateRoleCommand({
      RoleName: "Amazon_EventBridge_Scheduler_LAMBDA",
      Path: "/service-role/",
      AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
    }),
  );
  const schedule = (Name: string, ScheduleExpression: string, functionName: string) =>
    aws.scheduler.send(
      new CreateScheduleCommand({
        Name,
        EndDate: new Date(SCHEDULES_END),
        ScheduleExpression,
        ScheduleExpressionTimezone: "Asia/Seoul",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: functionArn(functionName),
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/service-role/Amazon_EventBridge_Scheduler_LAMBDA`,
        },
      }),
    );
  await schedule("NightlyStop", "cron(0 20 ? * MON-FRI *)", stopName);
  await schedule("MorningStart", "cron(0 8 ? * MON-FRI *)", startName);
}
