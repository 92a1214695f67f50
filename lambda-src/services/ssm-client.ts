import {
  DescribeInstanceInformationCommand,
  type DescribeInstanceInformationCommandInput,
  type DescribeInstanceInformationCommandOutput,
  ListCommandInvocationsCommand,
  type ListCommandInvocationsCommandInput,
  type ListCommandInvocationsCommandOutput,
  SendCommandCommand,
  type SendCommandCommandInput,
  type SendCommandCommandOutput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { checkAnswers } from "../answers";
import { clientSettings } from "../ec2-client";

/** The three SSM actions that the function calls and its role allows. */
export interface SsmApi {
  describeInstanceInformation(
    input: DescribeInstanceInformationCommandInput,
    abort: AbortSignal,
  ): Promise<DescribeInstanceInformationCommandOutput>;
  sendCommand(input: SendCommandCommandInput, abort: AbortSignal): Promise<SendCommandCommandOutput>;
  listCommandInvocations(
    input: ListCommandInvocationsCommandInput,
    abort: AbortSignal,
  ): Promise<ListCommandInvocationsCommandOutput>;
}

/** Creates the client of SSM in one region, as `connectEc2` does for EC2. */
export function connectSsm(region: string): SsmApi {
  const client = new SSMClient(clientSettings(region));
  checkAnswers(client.middlewareStack, "json");
  return {
    describeInstanceInformation: (input, abortSignal) =>
      client.send(new DescribeInstanceInformationCommand(input), { abortSignal }),
    sendCommand: (input, abortSignal) => client.send(new SendCommandCommand(input), { abortSignal }),
    listCommandInvocations: (input, abortSignal) =>
      client.send(new ListCommandInvocationsCommand(input), { abortSignal }),
  };
}
