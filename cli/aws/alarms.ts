import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { AlertReading } from "../commands/doctor/reading";
import { type AwsSettings, allPages, awsCall, awsCallOrUndefined, awsClient } from "./call";

const REGION_PART = 3;

export function alertReading(settings: AwsSettings): AlertReading {
  const cloudwatch = awsClient(CloudWatchClient, settings);
  // Asked where AWS is asked for everything else, whatever host a queue names.
  const sqs = awsClient(SQSClient, settings, { useQueueUrlAsEndpoint: false });
  return {
    async alarms(AlarmNamePrefix) {
      const pages = await awsCall("cloudwatch:DescribeAlarms", () =>
        allPages(
          paginateDescribeAlarms({ client: cloudwatch }, { AlarmNamePrefix, AlarmTypes: ["MetricAlarm"] }),
        ),
      );
      return pages
        .flatMap(({ MetricAlarms = [] }) => MetricAlarms)
        .map(({ AlarmName = "", StateValue = "", StateReason, ActionsEnabled, AlarmActions = [] }) => ({
          name: AlarmName,
          state: StateValue,
          ...(StateReason ? { reason: StateReason } : {}),
          actionsEnabled: ActionsEnabled ?? true,
          actionArns: AlarmActions,
        }));
    },

    async subscriptions(TopicArn) {
      const region = TopicArn.split(":")[REGION_PART] || settings.region;
      const client = awsClient(SNSClient, { ...settings, region });
      const pages = await awsCallOrUndefined("sns:ListSubscriptionsByTopic", () =>
        allPages(paginateListSubscriptionsByTopic({ client }, { TopicArn })),
      );
      return pages
        ?.flatMap(({ Subscriptions = [] }) => Subscriptions)
        .map(({ Protocol = "", Endpoint = "", SubscriptionArn = "" }) => ({
          protocol: Protocol,
          endpoint: Endpoint,
          // Until then SNS says PendingConfirmation instead.
          confirmed: SubscriptionArn.startsWith("arn:"),
        }));
    },

    async queue(QueueName) {
      const url = await awsCallOrUndefined("sqs:GetQueueUrl", () =>
        sqs.send(new GetQueueUrlCommand({ QueueName })),
      );
      if (url?.QueueUrl === undefined) return undefined;
      const { QueueUrl } = url;
      const { Attributes } = await awsCall("sqs:GetQueueAttributes", () =>
        sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
        ),
      );
      return { url: QueueUrl, messages: Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0) };
    },
  };
}
