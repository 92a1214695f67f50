import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  GetScheduleCommand,
  type GetScheduleCommandInput,
  type GetScheduleCommandOutput,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { checkAnswers, UnreadableAnswer } from "../answers";
import { clientSettings } from "../ec2-client";

/** The actions of EventBridge Scheduler that the function calls and its role allows. */
export interface SchedulerApi {
  createSchedule(input: CreateScheduleCommandInput, abort: AbortSignal): Promise<unknown>;
  getSchedule(
    input: GetScheduleCommandInput,
    abort: AbortSignal,
  ): Promise<Pick<GetScheduleCommandOutput, "Target">>;
}

/** Creates the client of EventBridge Scheduler in one region, as `connectEc2` does for EC2. */
export function connectScheduler(region: string): SchedulerApi {
  const client = new SchedulerClient(clientSettings(region));
  checkAnswers(client.middlewareStack, "json");
  return {
    // The SDK reads an empty body as a success: nothing would go on with what was left for later.
    createSchedule: async (input, abortSignal) => {
      const { ScheduleArn } = await client.send(new CreateScheduleCommand(input), { abortSignal });
      if (!ScheduleArn) throw new UnreadableAnswer("expected the ARN of the schedule, got none", 200);
    },
    getSchedule: (input, abortSignal) => client.send(new GetScheduleCommand(input), { abortSignal }),
  };
}
