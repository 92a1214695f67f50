import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsCommandInput,
  type PutEventsCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { checkAnswers } from "../answers";
import { clientSettings } from "../ec2-client";

/** The one EventBridge action that the function calls. */
export interface EventsApi {
  putEvents(input: PutEventsCommandInput, abort: AbortSignal): Promise<PutEventsCommandOutput>;
}

/** Creates the client of EventBridge in the function's region, as `connectEc2` does for EC2. */
export function connectEvents(region: string): EventsApi {
  const client = new EventBridgeClient(clientSettings(region));
  checkAnswers(client.middlewareStack, "json");
  return {
    putEvents: (input, abortSignal) => client.send(new PutEventsCommand(input), { abortSignal }),
  };
}
