import { readFile } from "node:fs/promises";
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AddPermissionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionConfigurationCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { type Aws, REGION } from "../../../support/moto/aws";
import { LAMBDA_ZIP } from "../../../support/moto/paths";
import { ACCOUNT, deploys, type Fault, STOP } from "./fault";

const LOG_GROUP = `/aws/lambda/${STOP}`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:e2e-dlq`;

const UNTOLD = {
  result: "unknown",
  text: "these credentials need logs:DescribeLogGroups",
  fix: null,
} as const;

function configure(aws: Aws, settings: Partial<UpdateFunctionConfigurationCommand["input"]>) {
  return aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: STOP, ...settings }));
}

async function deliver(aws: Aws, MaximumRetryAttempts: number, Destination?: string): Promise<void> {
  // moto keeps the first of them for ever.
  await aws.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: STOP }));
  await aws.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: STOP,
      MaximumRetryAttempts,
      MaximumEventAgeInSeconds: 1800,
      ...(Destination === undefined ? {} : { DestinationConfig: { OnFailure: { Destination } } }),
    }),
  );
}

export const functionFaults: readonly Fault[] = [
  {
    what: "other code",
    breakIt: async ({ aws }) => {
      const deploy = (ZipFile: Uint8Array) =>
        aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: STOP, ZipFile }));
      await deploy(zipSync({ "index.js": Buffer.from("exports.handler = async () => {};") }));
      return async () => deploy(await readFile(LAMBDA_ZIP));
    },
    told: {
      [`Function ${STOP}: code`]: { result: "wrong", text: "not this version's code", fix: deploys },
    },
  },
  {
    what: "other environment variables",
    breakIt: async ({ aws }) => {
      const { Environment } = await aws.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: STOP }),
      );
      const Variables = { ...Environment?.Variables, ACTION: "start", MAX_INSTANCES: "5" };
      await configure(aws, { Environment: { Variables } });
      return () => configure(aws, { Environment: { Variables: Environment?.Variables } });
    },
    told: {
      [`Function ${STOP}: environment`]: {
        result: "wrong",
        differences: [
          { name: "ACTION", got: "start", expected: "stop" },
          { name: "MAX_INSTANCES", got: "5", expected: "nothing" },
        ],
        fix: deploys,
      },
    },
  },
  {
    what: "another timeout",
    breakIt: async ({ aws }) => {
      await configure(aws, { Timeout: 3 });
      return () => configure(aws, { Timeout: 300 });
    },
    told: {
      [`Function ${STOP}: settings`]: {
        result: "wrong",
        differences: [{ name: "timeout", got: "3 s", expected: "300 s" }],
        fix: deploys,
      },
    },
  },
  {
    what: "a runtime whose support has ended",
    breakIt: async ({ aws }) => {
      await configure(aws, { Runtime: "nodejs18.x" });
      return () => configure(aws, { Runtime: "nodejs22.x" });
    },
    told: {
      [`Function ${STOP}: runtime`]: {
        result: "wrong",
        differences: [{ name: "runtime", got: "nodejs18.x", expected: "nodejs22.x" }],
        fix: deploys,
      },
    },
  },
  {
    what: "retries that were switched off",
    breakIt: async ({ aws }) => {
      await deliver(aws, 0, QUEUE);
      return () => deliver(aws, 2);
    },
    told: {
      [`Function ${STOP}: delivery`]: {
        result: "wrong",
        differences: [
          { name: "retries", got: "0", expected: "2" },
          { name: "destination on failure", got: QUEUE, expected: "nothing" },
        ],
        fix: deploys,
      },
    },
  },
  {
    what: "a permission that is gone",
    breakIt: async ({ aws }) => {
      const StatementId = "AllowRulesOf-e2e";
      await aws.lambda.send(new RemovePermissionCommand({ FunctionName: STOP, StatementId }));
      return () =>
        aws.lambda.send(
          new AddPermissionCommand({
            FunctionName: STOP,
            StatementId,
            Action: "lambda:InvokeFunction",
            Principal: "events.amazonaws.com",
            SourceArn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/e2e.*`,
          }),
        );
    },
    told: {
      [`Function ${STOP}: invocation`]: {
        result: "wrong",
        text: "none of its rules may invoke it: its resource policy does not allow EventBridge to",
        fix: deploys,
      },
    },
  },
  {
    what: "a log group that is gone",
    breakIt: async ({ aws }) => {
      await aws.logs.send(new DeleteLogGroupCommand({ logGroupName: LOG_GROUP }));
      return async () => {
        await aws.logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
        await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: LOG_GROUP, retentionInDays: 30 }));
      };
    },
    told: {
      [`Function ${STOP}: log group`]: { result: "wrong", text: `there is no ${LOG_GROUP}`, fix: deploys },
    },
  },
  {
    what: "a permission that the caller lacks",
    breakIt: async ({ refuse }) => {
      refuse("logs:DescribeLogGroups");
      return async () => refuse(undefined);
    },
    told: {
      [`Function ${STOP}: log group`]: UNTOLD,
      "Function e2e-StartEC2Instances: log group": UNTOLD,
    },
  },
];
