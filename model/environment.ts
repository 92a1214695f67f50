import type { Action } from "../contract/actions";
import type { StartStopRequest } from "../contract/request";
import type { Ec2StartStopProps } from "./props";
import { literal, type TokenWriter, toJson } from "./terraform-text";

/** Environment variables of a function: what it may do, and what it does when no trigger says so. */
export function functionEnvironment(
  { holdTag, maxInstances }: Pick<Ec2StartStopProps, "holdTag" | "maxInstances">,
  action: Action,
  request: StartStopRequest | undefined,
  writeToken?: TokenWriter,
): Record<string, string> {
  return {
    ACTION: action,
    ...(request ? { DEFAULT_REQUEST: toJson(request, writeToken) } : {}),
    ...(holdTag === undefined ? {} : { HOLD_TAG: literal(holdTag) }),
    ...(maxInstances === undefined ? {} : { MAX_INSTANCES: String(maxInstances) }),
  };
}
