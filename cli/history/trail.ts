/** Reads CloudTrail's event history: the management events of the last 90 days, region by region. */
export interface TrailReader {
  /**
   * The events that one lookup finds, newest first.
   * @throws {AwsError}
   */
  events(region: string, lookup: TrailLookup, period: TrailPeriod, tell?: TellPage): Promise<TrailEvent[]>;
}

/** What a `TrailReader` needs in IAM. */
export const TRAIL_PERMISSION = "cloudtrail:LookupEvents";

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
  /** Where it was looked up, which is where it happened. */
  readonly region: string;
  /** IAM user, or name of the session. */
  readonly username?: string;
  /** Names of what it was about, such as instance ids. */
  readonly resources: readonly string[];
  readonly record?: string;
}

/** @param back time of the oldest event so far */
export type TellPage = (region: string, lookup: TrailLookup, page: number, back: Date | undefined) => void;
