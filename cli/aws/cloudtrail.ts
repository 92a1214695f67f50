import { CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import * as z from "zod/mini";
import type { Clock } from "../context";
import { type AwsSettings, callAws, createAwsClient, isThrottled, memoizeByRegion } from "./call";

/** Reads CloudTrail's event history: the management events of the last 90 days, region by region. */
export interface TrailReader {
  /**
   * The events that one lookup finds, newest first.
   * @throws {AwsError}
   */
  events(
    region: string,
    lookup: TrailLookup,
    period: TrailPeriod,
    reportPage?: ReportPage,
  ): Promise<TrailEvent[]>;
}

/** CloudTrail takes one attribute a lookup. */
export interface TrailLookup {
  readonly attribute: "EventName" | "ResourceName";
  readonly value: string;
}

export interface TrailPeriod {
  readonly from: Date;
  readonly to: Date;
}

/** An event as CloudTrail answers it. Most of what it says is in the record, a JSON text of the service's own making. */
export interface TrailEvent {
  readonly eventId: string;
  readonly eventName: string;
  /** `ec2.amazonaws.com`. */
  readonly eventSource: string;
  /** To the second. */
  readonly at: Date;
  /** The region of the lookup, where the event happened. */
  readonly region: string;
  /** IAM user, or name of the session. */
  readonly username?: string;
  /** Names of what it was about, such as instance ids. */
  readonly resources: readonly string[];
  readonly record?: string;
}

/** @param back time of the oldest event so far */
type ReportPage = (region: string, lookup: TrailLookup, page: number, back: Date | undefined) => void;

// The parts of a CloudTrail record that are of use here. CloudTrail promises no shape: each part that is missing or of
// another kind is left out, and the rest still counts.

const maybe = <Part extends z.core.$ZodType>(part: Part) => z.catch(z.optional(part), undefined);
const text = maybe(z.string());
const flag = maybe(z.boolean());
const block = <Shape extends z.core.$ZodShape>(shape: Shape) => maybe(z.object(shape));

const state = block({ name: text });
const instances = block({
  items: maybe(z.array(block({ instanceId: text, previousState: state, currentState: state }))),
});

const identity = block({
  type: text,
  principalId: text,
  arn: text,
  accountId: text,
  userName: text,
  invokedBy: text,
  identityProvider: text,
  sessionContext: block({
    sessionIssuer: block({ arn: text, userName: text }),
    sourceIdentity: text,
  }),
  inScopeOf: block({ issuerType: text, credentialsIssuedTo: text }),
  onBehalfOf: block({ userId: text }),
});

const record = z.object({
  userIdentity: identity,
  recipientAccountId: text,
  sourceIPAddress: text,
  userAgent: text,
  sessionCredentialFromConsole: text,
  errorCode: text,
  errorMessage: text,
  requestID: text,
  requestParameters: block({ instancesSet: instances, force: flag, hibernate: flag }),
  responseElements: block({ instancesSet: instances }),
});

export type TrailRecord = z.infer<typeof record>;
export type UserIdentity = NonNullable<TrailRecord["userIdentity"]>;

/** Reads the record of an event: undefined where it is none. */
export function parseTrailRecord(json: string | undefined): TrailRecord | undefined {
  if (json === undefined) return undefined;
  try {
    return record.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/**
 * LookupEvents may be called twice a second per account and region. The tenth of a second more is for calls that arrive
 * closer together than they went.
 */
const LOOKUP_RATE: Rate = { calls: 2, perMilliseconds: 1_100 };
/** The most that LookupEvents gives at once. */
const PAGE_SIZE = 50;
/** Waits after each throttled call that the SDK's own retries did not save, since others in the account call it too. */
const THROTTLED_WAITS_MS = [2_000, 5_000, 10_000, 20_000];

/** Makes the client of a region. */
export type OpenClient = (region: string) => CloudTrailClient;

export function createCloudTrailClients(settings: AwsSettings): OpenClient {
  return (region) => createAwsClient(CloudTrailClient, { ...settings, region });
}

/** Reads the event history through the AWS SDK, in any region, as slowly as CloudTrail demands. */
export class CloudTrailReader implements TrailReader {
  readonly #clock: Clock;
  readonly #clientOf: OpenClient;

  constructor(open: OpenClient, clock: Clock) {
    this.#clock = clock;
    this.#clientOf = memoizeByRegion((region) => limitLookupRate(open(region), clock));
  }

  async events(
    region: string,
    lookup: TrailLookup,
    period: TrailPeriod,
    reportPage?: ReportPage,
  ): Promise<TrailEvent[]> {
    const events = new Map<string, TrailEvent>();
    let [page, back, token]: [number, Date | undefined, string | undefined] = [0, undefined, undefined];
    do {
      page += 1;
      reportPage?.(region, lookup, page, back);
      const answer = await this.#readPage(region, lookup, period, token);
      for (const event of answer.Events ?? []) {
        const read = readTrailEvent(event, region);
        events.set(read.eventId, read);
        back = read.at;
      }
      token = answer.NextToken;
    } while (token);
    return [...events.values()];
  }

  async #readPage(region: string, { attribute, value }: TrailLookup, period: TrailPeriod, token?: string) {
    const command = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
      StartTime: period.from,
      EndTime: period.to,
      MaxResults: PAGE_SIZE,
      ...(token ? { NextToken: token } : {}),
    });
    return await callAws("cloudtrail:LookupEvents", () => this.#sendPatiently(region, command));
  }

  async #sendPatiently(region: string, command: LookupEventsCommand) {
    const client = this.#clientOf(region);
    // `maxAttempts: 1` means no retries: none here either.
    const waits = (await client.config.maxAttempts()) > 1 ? THROTTLED_WAITS_MS : [];
    for (const wait of waits) {
      try {
        return await client.send(command);
      } catch (error) {
        if (!isThrottled(error)) throw error;
        await this.#clock.sleep(wait);
      }
    }
    return await client.send(command);
  }
}

/** Slows a region's client down to what CloudTrail takes. */
function limitLookupRate(client: CloudTrailClient, clock: Clock): CloudTrailClient {
  const rate = new CallRate(clock, LOOKUP_RATE);
  // In the last step before a request is sent, so that retries of the SDK count too.
  client.middlewareStack.add(
    (next) => async (request) => {
      await rate.waitForTurn();
      return await next(request);
    },
    { step: "finalizeRequest", priority: "low", name: "lookupRate" },
  );
  return client;
}

function readTrailEvent(event: Event, region: string): TrailEvent {
  return {
    eventId: event.EventId ?? "",
    eventName: event.EventName ?? "",
    eventSource: event.EventSource ?? "",
    at: event.EventTime ?? new Date(0),
    region,
    ...(event.Username ? { username: event.Username } : {}),
    resources: (event.Resources ?? []).flatMap(({ ResourceName }) => ResourceName ?? []),
    ...(event.CloudTrailEvent ? { record: event.CloudTrailEvent } : {}),
  };
}

export interface Rate {
  readonly calls: number;
  readonly perMilliseconds: number;
}

/** Limits calls to the rate that a service takes, first come first served. */
export class CallRate {
  readonly #clock: Clock;
  readonly #rate: Rate;
  /** When the last calls went, as many as may go at once. */
  #last: readonly number[] = [];
  #queue: Promise<void> = Promise.resolve();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Waits until the next call may go. */
  waitForTurn(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#wait());
    return this.#queue;
  }

  async #wait(): Promise<void> {
    const { calls, perMilliseconds } = this.#rate;
    const [earlier] = this.#last.slice(-calls);
    if (earlier !== undefined && this.#last.length >= calls) {
      // At most the whole interval, in case the clock was set back.
      const wait = Math.min(earlier + perMilliseconds - +this.#clock.now(), perMilliseconds);
      if (wait > 0) await this.#clock.sleep(wait);
    }
    this.#last = [...this.#last, +this.#clock.now()].slice(-calls);
  }
}
