import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { Construct } from "constructs";
import type { Action } from "../contract/actions";
import type { AdoptedFunctionProps } from "../model/adoption";
import type { FunctionSettings } from "../model/props";
import { MAX_RETRIES } from "../model/retry-policy";
import type { FunctionCode } from "./function-code";
import type { FunctionRole } from "./function-role";
import { ImportBlock } from "./imports";

export interface StartStopFunctionProps {
  readonly action: Action;
  readonly name: string;
  readonly code: FunctionCode;
  readonly role: FunctionRole;
  readonly settings: FunctionSettings;
  readonly environment: Record<string, string>;
  /** How long an event may wait for it, in seconds. */
  readonly maxEventAgeSeconds: number;
  /** Where events go that it gave up. */
  readonly givenUp?: GivenUpDestinations;
  readonly tags?: Record<string, string>;
  /** An existing function to take over, of the same name. */
  readonly adopt?: AdoptedFunctionProps;
}

export interface GivenUpDestinations {
  /** ARN of the queue that keeps them. */
  readonly queueArn: string;
  /**
   * ARN of a topic that is told why, too.
   * @default the queue is
   */
  readonly topicArn?: string;
}

/** One Lambda function that can only start or only stop, with its log group and how often it is tried. */
export class StartStopFunction extends Construct {
  readonly action: Action;
  readonly logGroup: CloudwatchLogGroup;
  readonly lambda: LambdaFunction;
  readonly maxEventAgeSeconds: number;

  constructor(scope: Construct, id: string, props: StartStopFunctionProps) {
    super(scope, id);
    const { action, name, code, role, settings, maxEventAgeSeconds, givenUp } = props;
    const tags = props.tags ? { tags: props.tags } : {};
    this.action = action;
    this.maxEventAgeSeconds = maxEventAgeSeconds;
    this.logGroup = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/lambda/${name}`,
      retentionInDays: settings.logRetentionDays ?? 30,
      ...(props.adopt?.logGroupKmsKeyArn ? { kmsKeyId: props.adopt.logGroupKmsKeyArn } : {}),
      ...tags,
    });
    this.lambda = new LambdaFunction(this, "Resource", {
      functionName: name,
      description: `${action === "stop" ? "Stops" : "Starts"} EC2 instances when a schedule says so`,
      role: role.role.arn,
      handler: "index.handler",
      runtime: settings.runtime ?? "nodejs22.x",
      architectures: [settings.architecture ?? "arm64"],
      timeout: settings.timeoutSeconds ?? 60,
      memorySize: settings.memoryMb ?? 256,
      filename: code.filename,
      sourceCodeHash: code.sourceCodeHash,
      environment: { variables: props.environment },
      loggingConfig: { logFormat: "JSON", logGroup: this.logGroup.name },
      // Lambda tells the topic below and fills this queue by itself, each whatever becomes of the other.
      ...(givenUp?.topicArn
        ? { deadLetterConfig: { targetArn: givenUp.queueArn }, dependsOn: [role.policy] }
        : {}),
      ...tags,
    });
    if (props.adopt) new ImportBlock(this.lambda, name);
    if (props.adopt?.logGroup) new ImportBlock(this.logGroup, `/aws/lambda/${name}`);
    new LambdaFunctionEventInvokeConfig(this, "delivery", {
      functionName: this.lambda.functionName,
      maximumEventAgeInSeconds: maxEventAgeSeconds,
      maximumRetryAttempts: MAX_RETRIES,
      ...(givenUp
        ? {
            destinationConfig: { onFailure: { destination: givenUp.topicArn ?? givenUp.queueArn } },
            // Lambda refuses a destination that the role may not send to yet.
            dependsOn: [role.policy],
          }
        : {}),
    });
  }
}
