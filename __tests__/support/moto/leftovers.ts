import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListPoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListScheduleGroupsCommand, ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { Aws } from "./aws";

/** Names of everything a stack can have made and that is still there. */
export async function leftovers(aws: Aws): Promise<readonly string[]> {
  const { Roles = [] } = await aws.iam.send(new ListRolesCommand({}));
  const { Policies = [] } = await aws.iam.send(new ListPoliciesCommand({ Scope: "Local" }));
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand({}));
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({}));
  const { Rules = [] } = await aws.events.send(new ListRulesCommand({}));
  const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const { ScheduleGroups = [] } = await aws.scheduler.send(new ListScheduleGroupsCommand({}));
  const { MetricAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand({}));
  const { Topics = [] } = await aws.sns.send(new ListTopicsCommand({}));
  const { QueueUrls = [] } = await aws.sqs.send(new ListQueuesCommand({}));
  return [
    ...Roles.map(({ RoleName }) => `role ${RoleName}`),
    ...Policies.map(({ PolicyName }) => `policy ${PolicyName}`),
    ...Functions.map(({ FunctionName }) => `function ${FunctionName}`),
    ...logGroups.map(({ logGroupName }) => `log group ${logGroupName}`),
    ...Rules.map(({ Name }) => `rule ${Name}`),
    ...Schedules.map(({ Name }) => `schedule ${Name}`),
    // AWS makes this one itself, and it cannot be deleted.
    ...ScheduleGroups.filter(({ Name }) => Name !== "default").map(({ Name }) => `schedule group ${Name}`),
    ...MetricAlarms.map(({ AlarmName }) => `alarm ${AlarmName}`),
    ...Topics.map(({ TopicArn }) => `topic ${TopicArn}`),
    ...QueueUrls.map((url) => `queue ${url}`),
  ];
}
