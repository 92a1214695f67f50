/** One event of a log group of CloudWatch Logs. */
export interface LogEvent {
  /** CloudWatch's, unique in the log group. */
  readonly id: string;
  /** When it happened, in milliseconds since 1970. */
  readonly timestamp: number;
  /** One for each of Lambda's execution environments, which do one invocation after the other. */
  readonly streamName: string;
  readonly message: string;
}

export interface LogEventQuery {
  readonly from: Date;
  /** @default now */
  readonly to?: Date;
  /** Only events with this text, a word such as a request id. */
  readonly containing?: string;
}

/** What is read of CloudWatch Logs. */
export interface LogEventReader {
  /**
   * All events of a period; undefined where there is no such log group.
   * @throws {AwsError}
   */
  events(logGroupName: string, query: LogEventQuery): Promise<readonly LogEvent[] | undefined>;
}

/** Where Lambda logs what a function writes. */
export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
