import * as z from "zod/mini";
import { ACTIONS, type Action } from "../../../contract/actions";
import { FOLLOW_UP_KINDS, type FollowUpKind } from "../../../contract/follow-ups";
import { AwsError, mapConcurrently } from "../../aws/call";
import type { EventBridgeSchedule, SchedulerReader } from "../../aws/scheduler";
import { parseObject } from "../../runs/parse";

/** A request that a run or a command has left for later. */
export interface DueFollowUp {
  /** Name of its schedule in the group of the follow-ups. */
  readonly name: string;
  /** When it is due. Functions write this time in UTC. */
  readonly at: Date;
  readonly kind: FollowUpKind;
  /** Lambda's request id of the run that wrote it, or the name of the command. */
  readonly cause: string;
  /** Which follow-up of its firing this is, from 1. */
  readonly attempt: number;
  /** The schedule that fired, or the name of the command. */
  readonly schedule: string;
  readonly action: Action;
  readonly regions: readonly string[];
  readonly instanceIds: readonly string[];
  /** The next opposite firing, from which on the follow-up changes nothing. */
  readonly notAfter?: Date;
}

/** The follow-ups of a deployment. */
export interface FollowUpsRead {
  /** Soonest first. */
  readonly due: readonly DueFollowUp[];
  /** Why they could not be read, in one line; then there are none. */
  readonly problem?: string;
}

/** Reads the follow-ups of a group. Without the permission there are none, and the reason. */
export async function readFollowUps(
  reader: Pick<SchedulerReader, "scheduleNames" | "schedule">,
  group: string,
): Promise<FollowUpsRead> {
  try {
    const names = await reader.scheduleNames(group);
    // A follow-up that has fired since the list was read does not exist any more.
    const schedules = await mapConcurrently(names, ({ name }) => reader.schedule(group, name));
    const due = schedules.flatMap((schedule) => (schedule && parseFollowUp(schedule)) ?? []);
    return { due: due.sort((a, b) => +a.at - +b.at) };
  } catch (error) {
    if (!(error instanceof AwsError) || error.missingPermission === undefined) throw error;
    return { due: [], problem: error.message };
  }
}

// The request of a follow-up. A schedule with any other input is none.
const request = z.object({
  schedule: z.string(),
  action: z.enum(ACTIONS),
  targets: z.array(
    z.object({
      region: z.string(),
      instanceIds: z.optional(z.array(z.string())),
      only: z.optional(z.array(z.string())),
    }),
  ),
  followUp: z.object({
    kind: z.enum(FOLLOW_UP_KINDS),
    cause: z.string(),
    attempt: z.number(),
    notAfter: z.optional(z.iso.datetime()),
  }),
});

function parseFollowUp({ name, input = "", expression }: EventBridgeSchedule): DueFollowUp | undefined {
  const { data } = request.safeParse(parseObject(input));
  const [, time] = /^at\((.+)\)$/.exec(expression) ?? [];
  if (data === undefined || time === undefined) return undefined;
  const { schedule, action, targets, followUp } = data;
  const { kind, cause, attempt, notAfter } = followUp;
  return {
    name,
    at: new Date(`${time}Z`),
    kind,
    cause,
    attempt,
    schedule,
    action,
    regions: [...new Set(targets.map(({ region }) => region))],
    instanceIds: [
      ...new Set(targets.flatMap(({ instanceIds = [], only = [] }) => [...instanceIds, ...only])),
    ],
    ...(notAfter === undefined ? {} : { notAfter: new Date(notAfter) }),
  };
}
