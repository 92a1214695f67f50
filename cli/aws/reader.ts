import type { InstanceReader } from "../instances/instance";
import { type AlarmReader, createAlarmReader } from "./alarms";
import type { AwsSettings } from "./call";
import { createInstanceReader, type VolumeReader } from "./ec2";
import { createEventsReader, type EventsReader } from "./events";
import { createIamReader, type IamReader } from "./iam";
import { createKeyReader, type KeyReader } from "./kms";
import { createLambdaReader, type LambdaReader } from "./lambda";
import { createLogGroupReader, type LogGroupReader } from "./logs";
import { createSchedulerReader, type SchedulerReader } from "./scheduler";

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
export function createAwsReader(settings: AwsSettings): AwsReader {
  const instances = createInstanceReader(settings);
  return {
    ...createIamReader(settings),
    ...createLambdaReader(settings),
    ...createLogGroupReader(settings),
    ...createEventsReader(settings),
    ...createSchedulerReader(settings),
    ...createAlarmReader(settings),
    ...createKeyReader(settings),
    targets: (config, names) => instances.targets(config, names),
    volumeKeys: (region, volumeIds) => instances.volumeKeys(region, volumeIds),
  };
}
