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
import { checkAnswers } from "./answers";

/** The three EC2 actions that the function calls and its role allows. */
export interface Ec2Api {
  describeInstances(
    input: DescribeInstancesCommandInput,
    abort: AbortSignal,
  ): Promise<DescribeInstancesCommandOutput>;
  startInstances(input: StartInstancesCommandInput, abort: AbortSignal): Promise<StartInstancesCommandOutput>;
  stopInstances(input: StopInstancesCommandInput, abort: AbortSignal): Promise<StopInstancesCommandOutput>;
}

/** Creates the client of EC2 in one region; its connections stay open between calls and invocations. */
export function connectEc2(region: string): Ec2Api {
  const client = new EC2Client(clientSettings(region));
  checkAnswers(client.middlewareStack, "xml");
  return {
    describeInstances: (input, abortSignal) =>
      client.send(new DescribeInstancesCommand(input), { abortSignal }),
    startInstances: (input, abortSignal) => client.send(new StartInstancesCommand(input), { abortSignal }),
    stopInstances: (input, abortSignal) => client.send(new StopInstancesCommand(input), { abortSignal }),
  };
}

/** The settings that the clients of all services share. */
export function clientSettings(region: string) {
  return {
    region,
    credentials: environmentCredentials,
    // The function retries by itself: it knows the remaining time, and that a lack of capacity is no server error.
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    requestHandler: { connectionTimeout: 5_000 },
  } as const;
}

/**
 * Reads the role's credentials from the environment, where Lambda puts them. This keeps the SDK's provider chain (files,
 * SSO, instance metadata) out of the bundle.
 */
async function environmentCredentials() {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error("Expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment");
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}
