import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { Construct } from "constructs";
import type { Action } from "../contract/actions";
import { defined } from "../contract/collections";
import type { FunctionSpec } from "../model/blueprint";
import type { Account } from "./account";
import type { FunctionCode } from "./function-code";
import type { FunctionRole } from "./function-role";
import { ImportBlock } from "./imports";

export interface StartStopFunctionProps {
  readonly spec: FunctionSpec;
  readonly code: FunctionCode;
  /** Not set for a role of your own. */
  readonly role?: FunctionRole;
  readonly account: Account;
  readonly tags?: Record<string, string>;
}

/** Functions by action. An action without a schedule has none. */
export type FunctionsByAction = Readonly<Partial<Record<Action, StartStopFunction>>>;

/** One Lambda function that either starts or stops instances, with its log group and its retries. */
export class StartStopFunction extends Construct {
  /** `start` or `stop`. */
  readonly action: Action;
  /** Log group of the function. */
  readonly logGroup: CloudwatchLogGroup;
  /** The function itself. */
  readonly lambda: LambdaFunction;
  /** Maximum event age of asynchronous invocations, in seconds. */
  readonly maxEventAgeSeconds: number;

  constructor(scope: Construct, id: string, props: StartStopFunctionProps) {
    super(scope, id);
    const { spec, code, role, account } = props;
    const tags = defined({ tags: props.tags });
    this.action = spec.action;
    this.maxEventAgeSeconds = spec.maxEventAgeSeconds;
    this.logGroup = new CloudwatchLogGroup(this, "logs", {
      name: spec.logGroup,
      retentionInDays: spec.logRetentionDays,
      ...defined({ kmsKeyId: spec.logGroupKmsKeyArn }),
      ...(spec.keepLogGroup && { skipDestroy: true }),
      ...tags,
    });
    this.lambda = new LambdaFunction(this, "Resource", {
      functionName: spec.name,
      description: spec.description,
      role: spec.roleArn,
      handler: spec.handler,
      runtime: spec.runtime,
      architectures: [spec.architecture],
      timeout: spec.timeoutSeconds,
      memorySize: spec.memoryMb,
      filename: code.filename,
      sourceCodeHash: code.sourceCodeHash,
      environment: { variables: spec.variables },
      loggingConfig: {
        logFormat: spec.logFormat,
        logGroup: this.logGroup.name,
        ...defined({ applicationLogLevel: spec.logLevel }),
      },
      ...defined({ reservedConcurrentExecutions: spec.reservedConcurrency }),
      ...(spec.vpc && {
        vpcConfig: { subnetIds: [...spec.vpc.subnetIds], securityGroupIds: [...spec.vpc.securityGroupIds] },
      }),
      ...(spec.traces && { tracingConfig: { mode: "Active" } }),
      // Lambda refuses a VPC, tracing and a destination that the role may not use, and needs it until the function is gone.
      ...(role && { dependsOn: [role.policy] }),
      ...account.lifecycleWith(spec.requiredLists),
      ...tags,
    });
    account.register(`function ${spec.action}`, { arn: this.lambda.arn, name: this.lambda.functionName });
    if (spec.importId !== undefined) new ImportBlock(this.lambda, spec.importId);
    if (spec.logGroupImportId !== undefined) new ImportBlock(this.logGroup, spec.logGroupImportId);
    new LambdaFunctionEventInvokeConfig(this, "delivery", {
      functionName: this.lambda.functionName,
      maximumEventAgeInSeconds: spec.maxEventAgeSeconds,
      maximumRetryAttempts: spec.maxRetries,
      ...(spec.onFailureArn === undefined
        ? {}
        : { destinationConfig: { onFailure: { destination: spec.onFailureArn } } }),
    });
  }
}
