import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { unzipSync } from "fflate";
import { alertReading } from "../../aws/alarms";
import {
  type AwsSettings,
  allPages,
  awsCall,
  awsCallOrUndefined,
  awsClient,
  chunksOf,
  mapConcurrently,
} from "../../aws/call";
import { Ec2Fleet, ec2Clients } from "../../aws/ec2";
import { eventsReading } from "../../aws/events";
import { iamReading } from "../../aws/iam";
import { LambdaFunctions, readArchive } from "../../aws/lambda";
import { findLogGroup } from "../../aws/logs";
import { statementsOf } from "../../aws/policy";
import { schedulerReading } from "../../aws/scheduler";
import type { Clock } from "../../context";
import type { AwsReading, FunctionReading, InstanceReading } from "./reading";

/** Reads AWS through its SDK. */
export function awsReading(settings: AwsSettings, clock: Clock): AwsReading {
  const functions = new LambdaFunctions(settings, clock);
  return {
    describe: (name) => functions.describe(name),
    ...lambdaReading(settings),
    ...iamReading(settings),
    ...eventsReading(settings),
    ...schedulerReading(settings),
    ...alertReading(settings),
    ...instanceReading(settings),
  };
}

export function lambdaReading(settings: AwsSettings): FunctionReading {
  const lambda = awsClient(LambdaClient, settings);
  const logs = awsClient(CloudWatchLogsClient, settings);
  return {
    async code(FunctionName) {
      const { Code } = await awsCall("lambda:GetFunction", () =>
        lambda.send(new GetFunctionCommand({ FunctionName })),
      );
      if (!Code?.Location) return { unreadable: "Lambda gives no address of it" };
      return await readArchive(Code.Location, (zip) => ({ files: unzipSync(zip) }));
    },

    async delivery(FunctionName) {
      const found = await awsCallOrUndefined("lambda:GetFunctionEventInvokeConfig", () =>
        lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })),
      );
      if (found === undefined) return undefined;
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = found;
      const onFailureArn = DestinationConfig?.OnFailure?.Destination;
      return {
        ...(MaximumRetryAttempts === undefined ? {} : { maxRetries: MaximumRetryAttempts }),
        ...(MaximumEventAgeInSeconds === undefined ? {} : { maxEventAgeSeconds: MaximumEventAgeInSeconds }),
        ...(onFailureArn ? { onFailureArn } : {}),
      };
    },

    async invokers(FunctionName) {
      const found = await awsCallOrUndefined("lambda:GetPolicy", () =>
        lambda.send(new GetPolicyCommand({ FunctionName })),
      );
      return statementsOf(JSON.parse(found?.Policy ?? "{}"));
    },

    async logGroup(name) {
      const found = await findLogGroup(logs, name);
      if (found === undefined) return undefined;
      return found.retentionInDays === undefined ? {} : { retentionDays: found.retentionInDays };
    },
  };
}

/** Values of one filter (DescribeVolumes). */
const VOLUMES_PER_CALL = 200;
const REGION_PART = 3;

export function instanceReading(settings: AwsSettings): InstanceReading {
  const clientOf = ec2Clients(settings);
  const fleet = new Ec2Fleet(clientOf);
  return {
    targets: (config) => fleet.targets(config),

    async volumeKeys(region, volumeIds) {
      const pages = await mapConcurrently(chunksOf(volumeIds, VOLUMES_PER_CALL), (Values) =>
        awsCall("ec2:DescribeVolumes", () =>
          // By a filter: of ids, one volume that was just deleted would fail them all.
          allPages(
            paginateDescribeVolumes(
              { client: clientOf(region) },
              { Filters: [{ Name: "volume-id", Values }] },
            ),
          ),
        ),
      );
      return pages
        .flat()
        .flatMap(({ Volumes = [] }) => Volumes)
        .flatMap(({ VolumeId = "", Encrypted, KmsKeyId }) =>
          Encrypted && KmsKeyId ? [{ volumeId: VolumeId, keyArn: KmsKeyId }] : [],
        );
    },

    async key(KeyId) {
      const region = KeyId.split(":")[REGION_PART] || settings.region;
      const client = awsClient(KMSClient, { ...settings, region });
      const found = await awsCallOrUndefined("kms:DescribeKey", () =>
        client.send(new DescribeKeyCommand({ KeyId })),
      );
      if (found?.KeyMetadata === undefined) return undefined;
      const { KeyManager, KeyState } = found.KeyMetadata;
      return { byCustomer: KeyManager !== "AWS", state: KeyState ?? "" };
    },
  };
}
