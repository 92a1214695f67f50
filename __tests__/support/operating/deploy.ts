import { readFile } from "node:fs/promises";
import { CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, CreateScheduleGroupCommand } from "@aws-sdk/client-scheduler";
import type { Config } from "../../../config";
import type { Action } from "../../../contract/actions";
import { functionEnvironment } from "../../../model/environment";
import { type Names, namesOf, ruleKeys } from "../../../model/names";
import { defaultRequest, type PlannedSchedule, planSchedules, targetsByAction } from "../../../model/plan";
import { LAMBDA_TRUST, rolePolicy, schedulerPolicy, schedulerTrust } from "../../../model/policies";
import { RULE_INPUT_PATHS, ruleInputTemplate, schedulerInput } from "../../../model/requests";
import { functionEventAgeSeconds, MAX_RETRIES, triggerEventAgeSeconds } from "../../../model/retry-policy";
import { unescaped } from "../../../model/terraform-text";
import type { Aws } from "../moto/aws";
import { LAMBDA_ZIP } from "../moto/paths";

/** The account of the simulator. */
export const ACCOUNT = "123456789012";

/**
 * Makes what Terraform would, in a second: the role, the functions with their log groups, and the rules or schedules.
 * Without what alerts need.
 */
export async function deploy(aws: Aws, config: Config): Promise<void> {
  const plan = planSchedules(config);
  const names = namesOf(config);
  const actions = (["stop", "start"] as const).filter((action) =>
    plan.some((planned) => planned.action === action),
  );
  await makeFunctionRole(aws, config, names, plan, actions);
  const zip = await readFile(LAMBDA_ZIP);
  for (const action of actions) await makeFunction(aws, config, names, plan, action, zip);
  if (config.trigger === "scheduler") await makeSchedules(aws, config, names, plan);
  else await makeRules(aws, config, names, plan);
}

async function makeFunctionRole(
  aws: Aws,
  config: Config,
  names: Names,
  plan: readonly PlannedSchedule[],
  actions: readonly Action[],
): Promise<void> {
  const policy = rolePolicy({
    arnPrefix: (service, region) => `arn:aws:${service}:${region}:${ACCOUNT}`,
    awsArnPrefix: (service, region) => `arn:aws:${service}:${region}:`,
    instanceArns: (region, ids) => ids.map((id) => `arn:aws:ec2:${region}:${ACCOUNT}:instance/${id}`),
    region: config.region,
    functionNames: actions.map((action) => names.functions[action]),
    targets: targetsByAction(config, plan),
    kmsKeyArns: config.kmsKeyArns ?? [],
  });
  await makeRole(aws, names.functionRole, LAMBDA_TRUST, "start-stop", policy);
}

async function makeRole(
  aws: Aws,
  RoleName: string,
  trust: object,
  policyName: string,
  policy: unknown,
): Promise<void> {
  await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await aws.iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: policyName, PolicyDocument: JSON.stringify(policy) }),
  );
}

async function makeFunction(
  aws: Aws,
  config: Config,
  names: Names,
  plan: readonly PlannedSchedule[],
  action: Action,
  ZipFile: Uint8Array,
): Promise<void> {
  const FunctionName = names.functions[action];
  const logGroupName = `/aws/lambda/${FunctionName}`;
  const { functions = {} } = config;
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
  await aws.logs.send(
    new PutRetentionPolicyCommand({ logGroupName, retentionInDays: functions.logRetentionDays ?? 30 }),
  );
  const variables = functionEnvironment(config, action, defaultRequest(config, action, plan));
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::${ACCOUNT}:role/${names.functionRole}`,
      Handler: "index.handler",
      Runtime: "nodejs22.x",
      Architectures: [functions.architecture ?? "arm64"],
      Timeout: functions.timeoutSeconds ?? 60,
      MemorySize: functions.memoryMb ?? 256,
      Code: { ZipFile },
      Environment: {
        Variables: Object.fromEntries(Object.entries(variables).map(([key, text]) => [key, unescaped(text)])),
      },
      LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName },
    }),
  );
  await aws.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumEventAgeInSeconds: maxEventAgeSeconds(plan, action),
      MaximumRetryAttempts: MAX_RETRIES,
    }),
  );
}

async function makeRules(
  aws: Aws,
  { region }: Config,
  names: Names,
  plan: readonly PlannedSchedule[],
): Promise<void> {
  for (const planned of plan) {
    for (const [index, key] of ruleKeys(planned.name, planned.utcExpressions).entries()) {
      const Rule = `${names.prefix}-${key}`;
      await aws.events.send(
        new PutRuleCommand({
          Name: Rule,
          Description: planned.description,
          ScheduleExpression: planned.utcExpressions[index] ?? "",
          State: planned.enabled ? "ENABLED" : "DISABLED",
        }),
      );
      await aws.events.send(
        new PutTargetsCommand({
          Rule,
          Targets: [
            {
              Id: "function",
              Arn: functionArn(region, names, planned.action),
              InputTransformer: {
                InputPathsMap: { ...RULE_INPUT_PATHS },
                InputTemplate: unescaped(ruleInputTemplate(planned.request)),
              },
              RetryPolicy: retryPolicy(plan, planned),
            },
          ],
        }),
      );
    }
  }
  for (const action of new Set(plan.map((planned) => planned.action))) {
    await aws.lambda.send(
      new AddPermissionCommand({
        FunctionName: names.functions[action],
        StatementId: "AllowRulesOfThisConfig",
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: `arn:aws:events:${region}:${ACCOUNT}:rule/${names.prefix}-*`,
      }),
    );
  }
}

async function makeSchedules(
  aws: Aws,
  { region }: Config,
  names: Names,
  plan: readonly PlannedSchedule[],
): Promise<void> {
  const functionArns = [...new Set(plan.map(({ action }) => functionArn(region, names, action)))];
  const policy = schedulerPolicy(functionArns);
  const trust = schedulerTrust(ACCOUNT, [
    `arn:aws:scheduler:${region}:${ACCOUNT}:schedule-group/${names.scheduleGroup}`,
  ]);
  await makeRole(aws, names.schedulerRole, trust, "invoke-functions", policy);
  await aws.scheduler.send(new CreateScheduleGroupCommand({ Name: names.scheduleGroup }));
  for (const planned of plan) {
    await aws.scheduler.send(
      new CreateScheduleCommand({
        Name: planned.name,
        GroupName: names.scheduleGroup,
        Description: planned.description,
        ScheduleExpression: planned.schedule.expression,
        ScheduleExpressionTimezone: planned.schedule.timezone,
        State: planned.enabled ? "ENABLED" : "DISABLED",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: functionArn(region, names, planned.action),
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/${names.schedulerRole}`,
          Input: unescaped(schedulerInput(planned.request)),
          RetryPolicy: retryPolicy(plan, planned),
        },
      }),
    );
  }
}

function functionArn(region: string, names: Names, action: Action): string {
  return `arn:aws:lambda:${region}:${ACCOUNT}:function:${names.functions[action]}`;
}

function retryPolicy(plan: readonly PlannedSchedule[], { action, latestMinutes }: PlannedSchedule) {
  return {
    MaximumEventAgeInSeconds: triggerEventAgeSeconds(latestMinutes, maxEventAgeSeconds(plan, action)),
    MaximumRetryAttempts: MAX_RETRIES,
  };
}

function maxEventAgeSeconds(plan: readonly PlannedSchedule[], action: Action): number {
  const ofAction = plan.filter((planned) => planned.action === action);
  return functionEventAgeSeconds(ofAction.map(({ latestMinutes }) => latestMinutes));
}
