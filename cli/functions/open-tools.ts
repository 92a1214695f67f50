import type { AwsSettings } from "../aws/settings";
import type { CommandEnvironment } from "../command-environment";
import { openFleet } from "../fleet/ec2-fleet";
import { openRunReader } from "../runs/log-runs";
import type { AskTools } from "./ask-function";
import { LambdaFunctions } from "./lambda-functions";

/** What it takes to run a function and to tell of it, over the AWS SDK. */
export function openTools(
  aws: AwsSettings,
  { clock, progress }: Pick<CommandEnvironment, "clock" | "progress">,
): AskTools {
  return {
    functions: new LambdaFunctions(aws, clock),
    runs: openRunReader(aws, clock),
    fleet: openFleet(aws),
    clock,
    progress,
  };
}
