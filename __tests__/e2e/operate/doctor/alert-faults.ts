import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "@jest/globals";
import { REGION } from "../../../support/moto/aws";
import { deploys, type Fault } from "./fault";

export const alertFaults: readonly Fault[] = [
  {
    what: "an alarm",
    breakIt: async ({ aws }) => {
      const set = (StateValue: "ALARM" | "OK") =>
        aws.cloudwatch.send(
          new SetAlarmStateCommand({ AlarmName: "e2e.stop-failed", StateValue, StateReason: "1 error" }),
        );
      await set("ALARM");
      return () => set("OK");
    },
    told: {
      "Alerts: e2e.stop-failed": {
        result: "wrong",
        text: "in ALARM: 1 error",
        fix: "find out why: ec2-start-stop logs --failed",
      },
    },
  },
  {
    what: "an alarm whose actions are disabled",
    breakIt: async ({ aws }) => {
      const AlarmNames = ["e2e.start-failed"];
      await aws.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
      return () => aws.cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
    },
    told: {
      "Alerts: e2e.start-failed": {
        result: "wrong",
        fix: `aws cloudwatch enable-alarm-actions --alarm-names e2e.start-failed --region ${REGION}`,
      },
    },
  },
  {
    what: "an alarm that is gone",
    breakIt: async ({ aws }) => {
      const AlarmNames = ["e2e.dead-letters"];
      const { MetricAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
      await aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
      const [alarm] = MetricAlarms;
      if (alarm === undefined) throw new Error(`Expected an alarm ${AlarmNames}`);
      const { AlarmName, ComparisonOperator, EvaluationPeriods, AlarmActions } = alarm;
      const { MetricName, Namespace, Statistic, Period, Threshold, Dimensions } = alarm;
      const condition = { ComparisonOperator, EvaluationPeriods, Statistic, Period, Threshold };
      const metric = { MetricName, Namespace, Dimensions };
      return () =>
        aws.cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, AlarmActions, ...condition, ...metric }));
    },
    told: { "Alerts: e2e.dead-letters": { result: "wrong", text: "there is no such alarm", fix: deploys } },
  },
  {
    what: "an address that has not confirmed",
    breakIt: async ({ confirm }) => {
      confirm(false);
      return async () => confirm(true);
    },
    told: {
      "Alerts: subscription": {
        result: "wrong",
        text: "on-call@example.com has not confirmed (PendingConfirmation), so no alert arrives",
        fix: expect.stringContaining("aws sns subscribe --topic-arn arn:aws:sns:"),
      },
    },
  },
  {
    what: "an undelivered event",
    breakIt: async ({ aws }) => {
      const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: "e2e-dlq" }));
      await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
      return () => aws.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    },
    told: {
      "Alerts: dead letters": {
        result: "wrong",
        text: "1 undelivered event in e2e-dlq",
        fix: expect.stringContaining("aws sqs receive-message --queue-url"),
      },
    },
  },
];
