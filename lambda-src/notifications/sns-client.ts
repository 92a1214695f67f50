import { PublishCommand, type PublishCommandInput, SNSClient } from "@aws-sdk/client-sns";
import { checkAnswers } from "../answers";
import { clientSettings } from "../ec2-client";

/** The one SNS action that the function calls. */
export interface SnsApi {
  publish(input: PublishCommandInput, abort: AbortSignal): Promise<unknown>;
}

/** Creates the client of SNS in the topic's region, as `connectEc2` does for EC2. */
export function connectSns(region: string): SnsApi {
  const client = new SNSClient(clientSettings(region));
  checkAnswers(client.middlewareStack, "xml");
  return {
    publish: (input, abortSignal) => client.send(new PublishCommand(input), { abortSignal }),
  };
}
