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

/** What the clients of all services have in common, but for their region's name. */
export function clientSettings(region: string) {
  return {
    region,
    credentials: environmentCredentials,
    // Retries are the function's own: it knows how much time is left and which 500 is no fault.
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    requestHandler: { connectionTimeout: 5_000 },
  } as const;
}

/**
 * Lambda hands the role's credentials over in the environment, a session token among them. Reading them here keeps
 * the SDK's chain of other sources (files, SSO, instance metadata) out of the bundle.
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
