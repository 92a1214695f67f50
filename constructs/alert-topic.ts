import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Names } from "../model/names";
import { literal, toJson } from "../model/terraform-text";
import type { Account } from "./account";
import type { FunctionRole } from "./function-role";
import { writeOwnToken } from "./unresolved-text";

export interface AlertTopicProps {
  readonly email: string;
  readonly names: Names;
  readonly region: string;
  readonly account: Account;
  /**
   * The role of functions that publish to it, too.
   * @default only alarms publish
   */
  readonly publisher?: FunctionRole;
  readonly tags?: Record<string, string>;
}

/**
 * An encrypted topic that sends to one address. CloudWatch cannot publish through the key `alias/aws/sns`, whose
 * policy nobody can change, so the topic has a key of its own.
 */
export class AlertTopic extends Construct {
  readonly topic: SnsTopic;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const { names, account, publisher } = props;
    const tags = props.tags ? { tags: props.tags } : {};
    // The `*` stands for the names of the alarms: every alarm made here begins with this prefix.
    const alarms = `${account.arnPrefix("cloudwatch", props.region)}:alarm:${names.prefix}-*`;
    const onlyOwnAlarms = {
      StringEquals: { "aws:SourceAccount": account.id },
      ArnLike: { "aws:SourceArn": alarms },
    };
    const key = new KmsKey(this, "key", {
      description: `Encrypts the alerts of ${names.prefix}`,
      enableKeyRotation: true,
      policy: toJson(
        keyPolicy(`${account.arnPrefix("iam", "")}:root`, onlyOwnAlarms, publisher?.knownArn),
        writeOwnToken,
      ),
      // A policy of a key may name only roles that exist.
      ...(publisher ? { dependsOn: [publisher.role] } : {}),
      ...tags,
    });
    this.topic = new SnsTopic(this, "Resource", { name: names.alertTopic, kmsMasterKeyId: key.arn, ...tags });
    new SnsTopicPolicy(this, "policy", {
      arn: this.topic.arn,
      policy: toJson(topicPolicy(this.topic.arn, onlyOwnAlarms), writeOwnToken),
    });
    new SnsTopicSubscription(this, "subscription", {
      topicArn: this.topic.arn,
      protocol: "email",
      endpoint: literal(props.email),
    });
  }
}

/** What SNS documents for those who publish: with it, GenerateDataKey and GenerateDataKeyWithoutPlaintext. */
const USE_KEY = ["kms:Decrypt", "kms:GenerateDataKey*"];

/** In the policy of a key, `*` as the resource is the key itself. */
function keyPolicy(accountRootArn: string, onlyOwnAlarms: object, publisherArn?: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ThisAccountAdministersThisKey",
        Effect: "Allow",
        Principal: { AWS: accountRootArn },
        // Every action: a key that its account cannot administer is lost. IAM policies still decide who does.
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "AlarmsEncryptWithThisKey",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: USE_KEY,
        Resource: "*",
        Condition: onlyOwnAlarms,
      },
      ...(publisherArn
        ? [
            {
              Sid: "FunctionsEncryptWithThisKey",
              Effect: "Allow",
              Principal: { AWS: publisherArn },
              Action: USE_KEY,
              Resource: "*",
            },
          ]
        : []),
    ],
  };
}

function topicPolicy(topicArn: string, onlyOwnAlarms: object): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: onlyOwnAlarms,
      },
    ],
  };
}
