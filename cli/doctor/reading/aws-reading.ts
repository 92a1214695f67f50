import type { AwsSettings } from "../../aws/settings";
import type { Clock } from "../../command-environment";
import { LambdaFunctions } from "../../functions/lambda-functions";
import { alertReading } from "./alert-reading";
import { eventsReading } from "./events-reading";
import { iamReading } from "./iam-reading";
import { instanceReading } from "./instance-reading";
import { lambdaReading } from "./lambda-reading";
import type { AwsReading } from "./reading";
import { schedulerReading } from "./scheduler-reading";

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
