import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";

/** Where the functions run in these tests. */
export const REGION = "ap-northeast-2";
/** Where some of the instances are, besides. */
export const OTHER_REGION = "us-east-1";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The simulator takes any, as long as it does not enforce IAM. */
export const OPERATOR: Credentials = { accessKeyId: "testing", secretAccessKey: "testing" };

/** Clients of the simulator, with the operator's hands. */
export interface Aws {
  readonly cloudwatch: CloudWatchClient;
  readonly endpoint: string;
  readonly ec2: Readonly<Record<string, EC2Client>>;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

export function awsAt(endpoint: string): Aws {
  const settings = { endpoint, credentials: OPERATOR, region: REGION };
  return {
    endpoint,
    cloudwatch: new CloudWatchClient(settings),
    ec2: {
      [REGION]: new EC2Client(settings),
      [OTHER_REGION]: new EC2Client({ ...settings, region: OTHER_REGION }),
    },
    events: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    scheduler: new SchedulerClient(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
    sts: new STSClient(settings),
  };
}

/** The environment in which the shipped programs, unchanged, talk to the simulator. */
export const awsVariables = (endpoint: string, credentials: Credentials): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  AWS_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: "true",
});
