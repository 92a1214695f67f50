import type { Action } from "../schedule/request";
import type { Candidate } from "./candidate";
import { readHold } from "./hold";

export interface ChooseOptions {
  readonly action: Action;
  readonly hibernate: boolean;
  readonly holdTag: string;
  readonly now: number;
}

const AUTO_SCALING_TAG = "aws:autoscaling:groupName";

/** Settles a candidate that is to be left alone, and makes the others ready, waiting or watching. */
export function choose(candidate: Candidate, options: ChooseOptions): void {
  const { before } = candidate;
  if (before.state === "terminated" || before.state === "shutting-down") {
    candidate.settle("failed", `the instance is ${before.state}`);
    return;
  }
  const held = before.tags.get(options.holdTag);
  const hold = held === undefined ? undefined : readHold(options.holdTag, held, options.now);
  if (hold !== undefined) {
    candidate.settle("skipped", hold);
    return;
  }
  if (isAlready(before.state, options.action)) {
    candidate.settle("already");
    return;
  }
  const group = before.tags.get(AUTO_SCALING_TAG);
  if (group !== undefined) {
    candidate.settle("skipped", `member of the Auto Scaling group ${group}, which would replace it`);
  } else if (before.rootDeviceType === "instance-store") {
    candidate.settle("skipped", "its root device is an instance store, which can't be stopped");
  } else {
    prepare(candidate, options);
  }
}

/** Looking changes nothing, so neither holds nor Auto Scaling groups matter: what runs is looked at. */
export function chooseToCheck(candidate: Candidate): void {
  const { state } = candidate.before;
  if (state === "running") candidate.settle("already");
  else candidate.settle("skipped", `not running: ${state}`);
}

function isAlready(state: string, action: Action): boolean {
  return action === "start" ? state === "running" : state === "stopping" || state === "stopped";
}

function prepare(candidate: Candidate, { action, hibernate }: ChooseOptions): void {
  const { state, hibernationConfigured } = candidate.before;
  if (action === "start") {
    if (state === "stopping") candidate.stage = "waiting";
    if (state === "pending") candidate.stage = "watching";
    return;
  }
  candidate.hibernate = hibernate && hibernationConfigured !== false;
  if (hibernate && !candidate.hibernate) {
    candidate.note = "stopped without hibernating: it was not launched with hibernation configured";
  }
}
