import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type DescribeInstancesCommandOutput,
  EC2Client,
  StartInstancesCommand,
  type StartInstancesCommandInput,
  type StartInstancesCommandOutput,
  StopInstancesCommand,
  type StopInstancesCommandInput,
  type StopInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import { clientSettings } from "./client-settings";

/** The three EC2 actions that the function and its role know. */
export interface Ec2Api {
  describeInstances(
    input: DescribeInstancesCommandInput,
    abort: AbortSignal,
  ): Promise<DescribeInstancesCommandOutput>;
  startInstances(input: StartInstancesCommandInput, abort: AbortSignal): Promise<StartInstancesCommandOutput>;
  stopInstances(input: StopInstancesCommandInput, abort: AbortSignal): Promise<StopInstancesCommandOutput>;
}

/** EC2 of one region, over connections that stay open between calls and invocations. */
export function connectEc2(region: string): Ec2Api {
  const client = new EC2Client(clientSettings(region));
  return {
    describeInstances: (input, abortSignal) =>
      client.send(new DescribeInstancesCommand(input), { abortSignal }),
    startInstances: (input, abortSignal) => client.send(new StartInstancesCommand(input), { abortSignal }),
    stopInstances: (input, abortSignal) => client.send(new StopInstancesCommand(input), { abortSignal }),
  };
}
