import type { InstanceReader } from "../instances/instance";
import { type AlarmReader, alarmReader } from "./alarms";
import type { AwsSettings } from "./call";
import { instanceReader, type VolumeReader } from "./ec2";
import { type EventsReader, eventsReader } from "./events";
import { type IamReader, iamReader } from "./iam";
import { type KeyReader, keyReader } from "./kms";
import { type LambdaReader, lambdaReader } from "./lambda";
import { type LogGroupReader, logGroupReader } from "./logs";
import { type SchedulerReader, schedulerReader } from "./scheduler";

/**
 * Reads all that adopting and diagnosing need of an account, as plain data: all pages of it. It changes nothing.
 * `undefined` stands for what does not exist.
 */
export interface AwsReader
  extends IamReader,
    LambdaReader,
    LogGroupReader,
    EventsReader,
    SchedulerReader,
    AlarmReader,
    KeyReader,
    VolumeReader,
    Pick<InstanceReader, "targets"> {}

/** Reads through the AWS SDK. */
export function awsReader(settings: AwsSettings): AwsReader {
  const instances = instanceReader(settings);
  return {
    ...iamReader(settings),
    ...lambdaReader(settings),
    ...logGroupReader(settings),
    ...eventsReader(settings),
    ...schedulerReader(settings),
    ...alarmReader(settings),
    ...keyReader(settings),
    targets: (config, names) => instances.targets(config, names),
    volumeKeys: (region, volumeIds) => instances.volumeKeys(region, volumeIds),
  };
}
