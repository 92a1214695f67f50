import { readFile } from "node:fs/promises";
import { PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  PutFunctionEventInvokeConfigCommand,
  type Runtime,
} from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, CreateScheduleGroupCommand } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import type { Config } from "../../../config";
import type { AlarmSpec } from "../../../model/alarms";
import { AccountArns } from "../../../model/arns";
import {
  type AlertsSpec,
  blueprint,
  type FunctionSpec,
  type PermissionSpec,
  type QueueSpec,
  type RoleSpec,
  type RuleSpec,
  type SchedulerSpec,
  type ScheduleSpec,
  type TargetSpec,
  type TopicSpec,
} from "../../../model/blueprint";
import { planOf } from "../../../model/plan";
import { type Aws, OPERATOR, REGION } from "../moto/aws";
import { LAMBDA_ZIP } from "../moto/paths";

/** The account of the simulator. */
export const ACCOUNT = "123456789012";

/** Makes what Terraform would, in a second: every resource of the blueprint. */
export async function deploy(aws: Aws, config: Config): Promise<void> {
  const { functionRole, functions, rules, scheduler, followUps, alerts } = blueprint(
    planOf(config),
    new AccountArns({ id: ACCOUNT, partition: "aws" }),
  );
  const zip = await readFile(LAMBDA_ZIP);
  await makeRole(aws, functionRole);
  if (alerts) await makeQueue(aws, alerts.deadLetterQueue);
  if (alerts?.topic) await makeTopic(aws, alerts.topic);
  for (const each of functions) await makeFunction(aws, each, zip);
  for (const each of rules) await makeRule(aws, each);
  for (const { name, permission } of functions) if (permission) await allow(aws, name, permission);
  if (scheduler) await makeSchedules(aws, scheduler);
  if (followUps?.role) await makeRole(aws, followUps.role);
  if (followUps) await aws.scheduler.send(new CreateScheduleGroupCommand({ Name: followUps.group }));
  for (const each of alerts?.alarms ?? []) await makeAlarm(aws, each, alerts?.topicArn ?? "");
}

async function makeRole(aws: Aws, { name: RoleName, path, trust, ...role }: RoleSpec): Promise<void> {
  if (role.given) return;
  await aws.iam.send(
    new CreateRoleCommand({
      RoleName,
      Path: path,
      Description: role.description,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      PermissionsBoundary: role.boundaryArn,
    }),
  );
  const { policyName: PolicyName, policy } = role;
  await aws.iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(policy) }),
  );
}

async function makeFunction(aws: Aws, spec: FunctionSpec, ZipFile: Uint8Array): Promise<void> {
  const { name: FunctionName, logGroup: logGroupName, logGroupKmsKeyArn: kmsKeyId } = spec;
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
  await aws.logs.send(
    new PutRetentionPolicyCommand({ logGroupName, retentionInDays: spec.logRetentionDays }),
  );
  if (kmsKeyId !== undefined) await aws.logs.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }));
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Description: spec.description,
      Role: spec.roleArn,
      Handler: spec.handler,
      Runtime: spec.runtime as Runtime,
      Architectures: [spec.architecture],
      Timeout: spec.timeoutSeconds,
      MemorySize: spec.memoryMb,
      Code: { ZipFile },
      Environment: { Variables: spec.variables },
      LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName },
    }),
  );
  await aws.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumEventAgeInSeconds: spec.maxEventAgeSeconds,
      MaximumRetryAttempts: spec.maxRetries,
      ...(spec.onFailureArn === undefined
        ? {}
        : { DestinationConfig: { OnFailure: { Destination: spec.onFailureArn } } }),
    }),
  );
}

async function makeRule(aws: Aws, spec: RuleSpec): Promise<void> {
  const { name: Rule, description, expression, enabled, permission } = spec;
  await aws.events.send(
    new PutRuleCommand({
      Name: Rule,
      Description: description,
      ScheduleExpression: expression,
      State: stateOf(enabled),
    }),
  );
  const Target = {
    Id: spec.targetId,
    Arn: spec.functionArn,
    InputTransformer: { InputPathsMap: { ...spec.inputPaths }, InputTemplate: spec.input },
    ...deliveryOf(spec),
  };
  await aws.events.send(new PutTargetsCommand({ Rule, Targets: [Target] }));
  if (permission) await allow(aws, spec.functionName, permission);
}

async function allow(
  aws: Aws,
  FunctionName: string,
  { statementId: StatementId, principal: Principal, sourceArn: SourceArn }: PermissionSpec,
): Promise<void> {
  const Action = "lambda:InvokeFunction";
  await aws.lambda.send(
    new AddPermissionCommand({ FunctionName, StatementId, Action, Principal, SourceArn }),
  );
}

async function makeSchedules(aws: Aws, { role, group, schedules }: SchedulerSpec): Promise<void> {
  await makeRole(aws, role);
  await aws.scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
  for (const schedule of schedules) await makeSchedule(aws, schedule);
}

async function makeSchedule(aws: Aws, spec: ScheduleSpec): Promise<void> {
  await aws.scheduler.send(
    new CreateScheduleCommand({
      Name: spec.name,
      GroupName: spec.group,
      Description: spec.description,
      ScheduleExpression: spec.expression,
      ScheduleExpressionTimezone: spec.timezone,
      ...(spec.startDate ? { StartDate: new Date(spec.startDate) } : {}),
      ...(spec.endDate ? { EndDate: new Date(spec.endDate) } : {}),
      State: stateOf(spec.enabled),
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: spec.functionArn, RoleArn: spec.roleArn, Input: spec.input, ...deliveryOf(spec) },
    }),
  );
}

/** As rules and schedules have it. */
function deliveryOf({ maxEventAgeSeconds, maxRetries, deadLetterArn }: TargetSpec) {
  return {
    RetryPolicy: { MaximumEventAgeInSeconds: maxEventAgeSeconds, MaximumRetryAttempts: maxRetries },
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
  };
}

function stateOf(enabled: boolean): "ENABLED" | "DISABLED" {
  return enabled ? "ENABLED" : "DISABLED";
}

async function makeQueue(aws: Aws, { name, retentionSeconds, policy }: QueueSpec): Promise<void> {
  await aws.sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        MessageRetentionPeriod: String(retentionSeconds),
        SqsManagedSseEnabled: "true",
        ...(policy ? { Policy: JSON.stringify(policy) } : {}),
      },
    }),
  );
}

async function makeTopic(aws: Aws, { name, policy, email, key }: TopicSpec): Promise<void> {
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: OPERATOR, region: REGION });
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ Description: key.description, Policy: JSON.stringify(key.policy) }),
  );
  const { TopicArn } = await aws.sns.send(
    new CreateTopicCommand({
      Name: name,
      Attributes: { Policy: JSON.stringify(policy), KmsMasterKeyId: KeyMetadata?.Arn ?? "" },
    }),
  );
  await aws.sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: email }));
}

async function makeAlarm(
  aws: Aws,
  { name, settings, notifiesRecovery }: AlarmSpec,
  topicArn: AlertsSpec["topicArn"],
): Promise<void> {
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmDescription: settings.alarmDescription,
      AlarmActions: [topicArn],
      OKActions: notifiesRecovery ? [topicArn] : [],
      ...metricsOf(settings),
      EvaluationPeriods: settings.evaluationPeriods,
      DatapointsToAlarm: settings.datapointsToAlarm,
      Threshold: settings.threshold,
      ComparisonOperator: settings.comparisonOperator,
      TreatMissingData: settings.treatMissingData,
    }),
  );
}

function metricsOf(settings: AlarmSpec["settings"]) {
  if ("metricQuery" in settings) {
    const Metrics = settings.metricQuery.map((query) => {
      if ("expression" in query) {
        return { Id: query.id, Expression: query.expression, Label: query.label, ReturnData: true };
      }
      const { namespace, metricName, dimensions, period, stat } = query.metric;
      const Metric = { Namespace: namespace, MetricName: metricName, Dimensions: dimensionsOf(dimensions) };
      return { Id: query.id, MetricStat: { Metric, Period: period, Stat: stat }, ReturnData: false };
    });
    return { Metrics };
  }
  return {
    Namespace: settings.namespace,
    MetricName: settings.metricName,
    Dimensions: dimensionsOf(settings.dimensions),
    Statistic: settings.statistic,
    Period: settings.period,
  };
}

function dimensionsOf(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
