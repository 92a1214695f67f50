import type { CreateScheduleCommandInput, GetScheduleCommandInput } from "@aws-sdk/client-scheduler";
import type { DeployedSchedules, StartStopRequest } from "../../../contract/request";
import type { SchedulerApi } from "../../../lambda-src/scheduler/scheduler-client";

/** A one-time schedule as EventBridge Scheduler keeps it until its time. */
export interface OneTimeSchedule {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly request: StartStopRequest;
  readonly input: CreateScheduleCommandInput;
}

/** An EventBridge Scheduler in memory, which keeps what is due until it is taken. */
export class FakeScheduler implements SchedulerApi {
  #schedules: OneTimeSchedule[] = [];
  /** The inputs of all calls, refused or not. */
  readonly calls: CreateScheduleCommandInput[] = [];
  /** The error code with which a call is refused, by its number from 1. */
  refusal: (nth: number, input: CreateScheduleCommandInput) => string | undefined = () => undefined;

  /** Whether a call takes effect and its answer is lost, by its number from 1. */
  losesAnswer: (nth: number) => boolean = () => false;

  /** Called with each schedule that is written. */
  onCreated: (schedule: OneTimeSchedule) => void = () => undefined;

  /** Those still to come, soonest first. */
  get pending(): readonly OneTimeSchedule[] {
    return [...this.#schedules].sort((a, b) => a.at - b.at);
  }

  clear(): void {
    this.#schedules = [];
    this.calls.length = 0;
    this.refusal = () => undefined;
    this.losesAnswer = () => false;
    this.onCreated = () => undefined;
  }

  async createSchedule(input: CreateScheduleCommandInput): Promise<unknown> {
    const nth = this.calls.push(input);
    const refusal = this.refusal(nth, input);
    if (refusal) throw awsError(refusal);
    const name = input.Name ?? "";
    const { ScheduleExpression = "", Target } = input;
    const at = Date.parse(`${/^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:00)\)$/.exec(ScheduleExpression)?.[1]}Z`);
    if (!/^[0-9a-zA-Z_.-]{1,64}$/.test(name) || Number.isNaN(at)) throw awsError("ValidationException");
    if ((Target?.Input ?? "").length > 262_144) throw awsError("ValidationException");
    if (this.#schedules.some((other) => other.name === name)) throw awsError("ConflictException");
    const schedule = { name, at, request: JSON.parse(Target?.Input ?? ""), input };
    this.#schedules.push(schedule);
    this.onCreated(schedule);
    if (this.losesAnswer(nth)) throw awsError("InternalServerException");
    return {};
  }

  async getSchedule({ Name = "" }: GetScheduleCommandInput) {
    const schedule = this.#schedules.find(({ name }) => name === Name);
    if (schedule === undefined) throw awsError("ResourceNotFoundException");
    return { Target: schedule.input.Target };
  }

  /** Removes a schedule, as its time does. */
  take(schedule: OneTimeSchedule): void {
    this.#schedules = this.#schedules.filter((other) => other !== schedule);
  }
}

function awsError(name: string): Error {
  const statuses = new Map([
    ["ThrottlingException", 429],
    ["ConflictException", 409],
    ["InternalServerException", 500],
    ["ResourceNotFoundException", 404],
  ]);
  const status = statuses.get(name) ?? 400;
  return Object.assign(new Error(`refused: ${name}`), { name, $metadata: { httpStatusCode: status } });
}

/** The environment of a deployment with follow-ups, as the blueprint sets it. */
export function followUpEnvironment(schedules: DeployedSchedules): Record<string, string> {
  return {
    FOLLOW_UPS: JSON.stringify({
      group: "dev-followups",
      roleArn: "arn:aws:iam::123456789012:role/dev-scheduler",
      deadLetterArn: "arn:aws:sqs:ap-northeast-2:123456789012:dev-dlq",
    }),
    SCHEDULES: JSON.stringify(schedules),
  };
}
