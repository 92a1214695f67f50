/**
 * Why a run leaves a request for later. `resume`: EC2's rate had no room for all of its instances. `hold`: an instance was
 * held by its tag, with an end. `capacity`: EC2 lacked capacity for a start.
 */
export const FOLLOW_UP_KINDS = ["resume", "hold", "capacity"] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

/** The part of a request that makes it a follow-up. */
export interface FollowUp {
  readonly kind: FollowUpKind;
  /** Lambda's request id of the run that wrote it, or the name of the command. */
  readonly cause: string;
  /** Which follow-up of its firing this is, from 1. */
  readonly attempt: number;
  /**
   * When the next opposite firing comes, as ISO 8601: from then on it changes nothing.
   * @default no opposite firing is known
   */
  readonly notAfter?: string;
}

/** Where a function writes its follow-ups: one-time schedules of EventBridge Scheduler, in the function's own region. */
export interface FollowUpSettings {
  readonly group: string;
  /** ARN of the role with which EventBridge Scheduler invokes the function. */
  readonly roleArn: string;
  /** ARN of the dead-letter queue, if the deployment has one. */
  readonly deadLetterArn?: string;
}

/** The soonest that a follow-up may be due: a schedule that is written within its own minute may never fire. */
export const MIN_FOLLOW_UP_MINUTES = 2;

/** Minutes after each refusal for a lack of capacity; after the last, the start has failed. */
export const CAPACITY_RETRY_MINUTES = [5, 15, 30, 60] as const;

/** How often a firing may be resumed: more follow-ups than any fleet needs, so that a fault cannot go on for ever. */
export const MAX_RESUMES = 500;

/** The IAM actions on the schedules of the follow-ups' group, and on the role that they are given. */
export const FOLLOW_UP_PERMISSIONS = {
  create: "scheduler:CreateSchedule",
  read: "scheduler:GetSchedule",
  passRole: "iam:PassRole",
} as const;
