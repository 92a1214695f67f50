import { CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { calling } from "../aws/calling";
import type { AwsSettings } from "../aws/settings";
import type { Clock } from "../command-environment";
import { CallRate, type Rate } from "./call-rate";
import {
  type TellPage,
  TRAIL_PERMISSION,
  type TrailEvent,
  type TrailLookup,
  type TrailPeriod,
  type TrailReader,
} from "./trail";

/**
 * LookupEvents may be called twice a second per account and region. The tenth of a second more is for calls that arrive
 * closer together than they went.
 */
const LOOKUP_RATE: Rate = { calls: 2, perMilliseconds: 1_100 };
/** The most that LookupEvents gives at once. */
const PAGE_SIZE = 50;
/** Others of the account call it too: how long to wait after each time that it refuses in spite of the SDK's retries. */
const THROTTLED_WAITS_MS = [2_000, 5_000, 10_000, 20_000];

/** Makes the client of a region. */
export type OpenClient = (region: string) => CloudTrailClient;

export function cloudTrailClients(settings: AwsSettings): OpenClient {
  return (region) => new CloudTrailClient({ ...settings, region });
}

/** Reads the event history through the AWS SDK, in any region, as slowly as CloudTrail demands. */
export class CloudTrailReader implements TrailReader {
  readonly #open: OpenClient;
  readonly #clock: Clock;
  readonly #clients = new Map<string, CloudTrailClient>();

  constructor(open: OpenClient, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  async events(
    region: string,
    lookup: TrailLookup,
    period: TrailPeriod,
    tell?: TellPage,
  ): Promise<TrailEvent[]> {
    const events = new Map<string, TrailEvent>();
    let [page, back, token]: [number, Date | undefined, string | undefined] = [0, undefined, undefined];
    do {
      page += 1;
      tell?.(region, lookup, page, back);
      const answer = await this.#page(region, lookup, period, token);
      for (const event of answer.Events ?? []) {
        const read = trailEvent(event, region);
        events.set(read.eventId, read);
        back = read.at;
      }
      token = answer.NextToken;
    } while (token);
    return [...events.values()];
  }

  async #page(region: string, { attribute, value }: TrailLookup, period: TrailPeriod, token?: string) {
    const command = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
      StartTime: period.from,
      EndTime: period.to,
      MaxResults: PAGE_SIZE,
      ...(token ? { NextToken: token } : {}),
    });
    return await calling(TRAIL_PERMISSION, () => this.#patiently(region, command));
  }

  async #patiently(region: string, command: LookupEventsCommand) {
    const client = this.#client(region);
    // Whoever has turned the SDK's retries off wants none of these either.
    const waits = (await client.config.maxAttempts()) > 1 ? THROTTLED_WAITS_MS : [];
    for (const wait of waits) {
      try {
        return await client.send(command);
      } catch (error) {
        if (!(error instanceof Error && /Throttl|TooManyRequests/.test(error.name))) throw error;
        await this.#clock.sleep(wait);
      }
    }
    return await client.send(command);
  }

  #client(region: string): CloudTrailClient {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const client = this.#open(region);
    const rate = new CallRate(this.#clock, LOOKUP_RATE);
    // At the end of the steps to a request, and so for every retry of the SDK too.
    client.middlewareStack.add(
      (next) => async (request) => {
        await rate.turn();
        return await next(request);
      },
      { step: "finalizeRequest", priority: "low", name: "lookupRate" },
    );
    this.#clients.set(region, client);
    return client;
  }
}

function trailEvent(event: Event, region: string): TrailEvent {
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
