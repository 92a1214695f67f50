import { CloudWatchClient, paginateDescribeAlarms, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { regionOfArn } from "../../contract/patterns";
import { type AwsSettings, callAws, callAwsOrUndefined, createAwsClient, readAllPages } from "./call";

/** Reads who is notified of failures, and the dead-letter queue. */
export interface AlarmReader {
  /** Metric alarms whose names begin with the prefix. */
  alarms(namePrefix: string): Promise<readonly DeployedAlarm[]>;
  subscriptions(topicArn: string): Promise<readonly Subscription[] | undefined>;
  queue(name: string): Promise<{ readonly url: string; readonly messages: number } | undefined>;
}

export interface DeployedAlarm {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly reason?: string;
  readonly actionsEnabled: boolean;
  readonly actionArns: readonly string[];
}

/** Raises an alarm, for a test. */
export interface AlarmWriter {
  /**
   * Sets an alarm to ALARM. CloudWatch sends its message and, at its next evaluation, sets it back.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
   * @throws {AwsError}
   */
  raiseAlarm(name: string, reason: string): Promise<void>;
}

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export function createAlarmWriter(settings: AwsSettings): AlarmWriter {
  const client = createAwsClient(CloudWatchClient, settings);
  return {
    async raiseAlarm(AlarmName, StateReason) {
      await callAws("cloudwatch:SetAlarmState", () =>
        client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason })),
      );
    },
  };
}

export function createAlarmReader(settings: AwsSettings): AlarmReader {
  const cloudwatch = createAwsClient(CloudWatchClient, settings);
  // The endpoint of the settings, whatever host the URL of a queue names.
  const sqs = createAwsClient(SQSClient, settings, { useQueueUrlAsEndpoint: false });
  return {
    async alarms(AlarmNamePrefix) {
      const pages = await callAws("cloudwatch:DescribeAlarms", () =>
        readAllPages(
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
      const region = regionOfArn(TopicArn) ?? settings.region;
      const client = createAwsClient(SNSClient, { ...settings, region });
      const pages = await callAwsOrUndefined("sns:ListSubscriptionsByTopic", () =>
        readAllPages(paginateListSubscriptionsByTopic({ client }, { TopicArn })),
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
      const url = await callAwsOrUndefined("sqs:GetQueueUrl", () =>
        sqs.send(new GetQueueUrlCommand({ QueueName })),
      );
      if (url?.QueueUrl === undefined) return undefined;
      const { QueueUrl } = url;
      const { Attributes } = await callAws("sqs:GetQueueAttributes", () =>
        sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
        ),
      );
      return { url: QueueUrl, messages: Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0) };
    },
  };
}
