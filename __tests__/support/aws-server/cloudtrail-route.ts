import { createHash } from "node:crypto";
import { type AwsAnswer, type AwsCall, awsFault, type Route } from "./aws-server";
import type { TrailRecordJson } from "./trail-records";

export interface CloudTrailOptions {
  /** What happened, in any order and any region; asked for at every call. */
  readonly records: () => readonly TrailRecordJson[];
  /** Refuses a call: for what AWS does on its bad days. */
  readonly fault?: (call: AwsCall) => AwsAnswer | undefined;
  /**
   * The service's clock.
   * @default the machine's
   */
  readonly now?: () => number;
}

interface LookupRequest {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  /** Seconds since 1970. */
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const CALLS_A_SECOND = 2;
const KEPT_SECONDS = 90 * 86_400;

/** CloudTrail's LookupEvents, which moto does not have: as strict as the service, and as impatient. */
export function cloudTrailRoute({ records, fault, now = Date.now }: CloudTrailOptions): Route {
  const calls = new Map<string, number[]>();
  return (call) => {
    if (call.operation !== "LookupEvents") return undefined;
    const { region = "" } = call;
    const recent = (calls.get(region) ?? []).filter((at) => at > now() - 1_000);
    // A call that is refused counts too.
    calls.set(region, [...recent, now()]);
    if (recent.length >= CALLS_A_SECOND) return awsFault("ThrottlingException", "Rate exceeded");
    return fault?.(call) ?? lookUp(JSON.parse(call.body.toString("utf8")), region, records(), now() / 1_000);
  };
}

function lookUp(
  request: LookupRequest,
  region: string,
  records: readonly TrailRecordJson[],
  now: number,
): AwsAnswer {
  const { LookupAttributes = [], StartTime = now - KEPT_SECONDS, EndTime = now, MaxResults = 50 } = request;
  if (MaxResults < 1 || MaxResults > 50) {
    return awsFault("InvalidMaxResultsException", "MaxResults must be from 1 to 50.");
  }
  const [attribute, another] = LookupAttributes;
  if (another !== undefined || (attribute && !(attribute.AttributeKey in ATTRIBUTES))) {
    return awsFault("InvalidLookupAttributesException", "Specify one lookup attribute.");
  }
  if (StartTime > EndTime || StartTime < now - KEPT_SECONDS) {
    return awsFault("InvalidTimeRangeException", "The time range is not valid.");
  }
  const found = records
    .filter(({ awsRegion }) => awsRegion === region)
    .map(toEvent)
    .filter(({ EventTime }) => EventTime >= Math.floor(StartTime) && EventTime <= EndTime)
    .filter((event) => attribute === undefined || matches(event, attribute))
    .sort((a, b) => b.EventTime - a.EventTime);
  return page(request, found, MaxResults);
}

/** A token is good for the request from whose answer it is, and for no other. */
function page(request: LookupRequest, found: readonly TrailAnswer[], size: number): AwsAnswer {
  const { NextToken, ...rest } = request;
  const request64 = createHash("sha256").update(JSON.stringify(rest)).digest("base64");
  const [of, offset = "0"] = NextToken === undefined ? [request64] : NextToken.split(" ");
  if (of !== request64) return awsFault("InvalidNextTokenException", "Invalid token.");
  const end = Number(offset) + size;
  const answer = {
    Events: found.slice(Number(offset), end),
    ...(end < found.length ? { NextToken: `${request64} ${end}` } : {}),
  };
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(answer),
  };
}

interface TrailAnswer {
  readonly EventId: string;
  readonly EventName: string;
  readonly ReadOnly: string;
  readonly AccessKeyId?: string;
  /** Seconds since 1970. */
  readonly EventTime: number;
  readonly EventSource: string;
  readonly Username?: string;
  readonly Resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  readonly CloudTrailEvent: string;
}

type Matcher = (event: TrailAnswer, value: string) => boolean;

const ATTRIBUTES: Readonly<Record<string, Matcher>> = {
  EventName: ({ EventName }, value) => EventName === value,
  ResourceName: ({ Resources }, value) => Resources.some(({ ResourceName }) => ResourceName === value),
  Username: ({ Username }, value) => Username === value,
  EventId: ({ EventId }, value) => EventId === value,
};

function matches(
  event: TrailAnswer,
  { AttributeKey, AttributeValue }: { readonly AttributeKey: string; readonly AttributeValue: string },
): boolean {
  return ATTRIBUTES[AttributeKey]?.(event, AttributeValue) ?? false;
}

function toEvent(record: TrailRecordJson): TrailAnswer {
  const { userIdentity, requestParameters, responseElements } = record;
  const items = [requestParameters, responseElements].flatMap((part) => part?.instancesSet.items ?? []);
  const username = userIdentity.userName ?? userIdentity.principalId?.split(":")[1];
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(userIdentity.accessKeyId ? { AccessKeyId: userIdentity.accessKeyId } : {}),
    EventTime: Date.parse(record.eventTime) / 1_000,
    EventSource: record.eventSource,
    ...(username === undefined ? {} : { Username: username }),
    Resources: [...new Set(items.map(({ instanceId }) => instanceId))].map((ResourceName) => ({
      ResourceType: "AWS::EC2::Instance",
      ResourceName,
    })),
    CloudTrailEvent: JSON.stringify(record),
  };
}
