import { EC2_CALLS } from "../../../contract/actions";
import { INSTANCE_ID } from "../../../contract/patterns";
import { parseTrailRecord, type TrailEvent, type TrailRecord } from "../../aws/cloudtrail";
import { type Caller, identifyCaller, type OwnFunctions } from "./caller";

/** A call to EC2 that changed the state of instances, or tried to. */
export interface InstanceChange {
  readonly eventId: string;
  readonly at: Date;
  readonly region: string;
  readonly call: ChangingCall;
  /** `accepted`: EC2 took it. `failed`: EC2 refused it. `dry-run`: EC2 would have taken it. */
  readonly outcome: "accepted" | "failed" | "dry-run";
  /** EC2's error of a failed call, without the side at fault (`Client.`) in its code. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly caller: Caller;
  /** IP address or, of AWS services, their host. */
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** Made in the AWS Management Console. */
  readonly fromConsole: boolean;
  /** EC2's id of the call. */
  readonly requestId?: string;
  readonly hibernate: boolean;
  readonly force: boolean;
  readonly instances: readonly ChangedInstance[];
}

export interface ChangedInstance {
  readonly instanceId: string;
  /** EC2's names of the states, where the call was accepted. */
  readonly stateBefore?: string;
  readonly stateAfter?: string;
}

const CHANGING_CALLS = [
  EC2_CALLS.stop,
  EC2_CALLS.start,
  "TerminateInstances",
  "RunInstances",
  "RebootInstances",
] as const;
export type ChangingCall = (typeof CHANGING_CALLS)[number];

/** The change that an event records; undefined for other events. */
export function parseChange(event: TrailEvent, own: OwnFunctions): InstanceChange | undefined {
  const call = CHANGING_CALLS.find((name) => name === event.eventName);
  if (call === undefined || event.eventSource !== "ec2.amazonaws.com") return undefined;
  const record = parseTrailRecord(event.record);
  const { eventId, at, region } = event;
  return {
    eventId,
    at,
    region,
    call,
    ...outcomeOf(record),
    caller: identifyCaller(record, event.username, own),
    ...(record?.sourceIPAddress ? { sourceIp: record.sourceIPAddress } : {}),
    ...(record?.userAgent ? { userAgent: record.userAgent } : {}),
    fromConsole: isConsole(record),
    ...(record?.requestID ? { requestId: record.requestID } : {}),
    hibernate: record?.requestParameters?.hibernate === true,
    force: record?.requestParameters?.force === true,
    instances: instancesOf(event, record),
  };
}

function outcomeOf(record: TrailRecord | undefined): Pick<InstanceChange, "outcome" | "error"> {
  if (!record?.errorCode) return { outcome: "accepted" };
  const code = record.errorCode.replace(/^(Client|Server)\./, "");
  if (code === "DryRunOperation") return { outcome: "dry-run" };
  return { outcome: "failed", error: { code, message: record.errorMessage ?? "" } };
}

/** From the answer, the request and, where CloudTrail wrote neither, from the resources it names. */
function instancesOf(event: TrailEvent, record: TrailRecord | undefined): ChangedInstance[] {
  const answered = record?.responseElements?.instancesSet?.items ?? [];
  const asked = record?.requestParameters?.instancesSet?.items ?? [];
  const found = new Map<string, ChangedInstance>();
  for (const item of [...answered, ...asked]) {
    if (item?.instanceId === undefined || found.has(item.instanceId)) continue;
    found.set(item.instanceId, {
      instanceId: item.instanceId,
      ...(item.previousState?.name ? { stateBefore: item.previousState.name } : {}),
      ...(item.currentState?.name ? { stateAfter: item.currentState.name } : {}),
    });
  }
  for (const name of event.resources) {
    if (INSTANCE_ID.test(name) && !found.has(name)) found.set(name, { instanceId: name });
  }
  return [...found.values()];
}

function isConsole(record: TrailRecord | undefined): boolean {
  const { userAgent = "", sessionCredentialFromConsole } = record ?? {};
  return sessionCredentialFromConsole === "true" || /console\.(ec2\.)?amazonaws\.com/i.test(userAgent);
}
