import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";

/** What Lambda tells of the end of a run. */
export interface RunEnd {
  readonly status: "success" | "error" | "timeout" | "failure";
  readonly errorType?: string;
  readonly durationMs: number;
  readonly memoryMb: number;
}

/** One run's events as Lambda writes them for a function whose log format is JSON. */
export interface RunLog {
  readonly requestId: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** What the function wrote. */
  readonly lines: readonly string[];
  /** What it threw, which the runtime writes. */
  readonly thrown?: { readonly name: string; readonly message: string };
  readonly end: RunEnd;
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** The events of a run, in their order. */
export function runEvents({ requestId, startedAt, endedAt, lines, thrown, end }: RunLog): LogEvent[] {
  const { durationMs, memoryMb, status, errorType } = end;
  const at = (time: Date, message: unknown): LogEvent => ({
    timestamp: +time,
    message: typeof message === "string" ? message : JSON.stringify(message),
  });
  return [
    at(startedAt, {
      time: startedAt.toISOString(),
      type: "platform.start",
      record: { requestId, version: "$LATEST" },
    }),
    ...lines.map((line) => at(endedAt, line)),
    ...(thrown === undefined
      ? []
      : [
          at(endedAt, {
            timestamp: endedAt.toISOString(),
            level: "ERROR",
            requestId,
            message: {
              errorType: thrown.name,
              errorMessage: thrown.message,
              stackTrace: [`${thrown.name}: ${thrown.message}`],
            },
          }),
        ]),
    ...(status === "timeout"
      ? [
          at(
            endedAt,
            `${endedAt.toISOString()} ${requestId} Task timed out after ${seconds(durationMs)} seconds\n\n`,
          ),
        ]
      : []),
    at(endedAt, {
      time: endedAt.toISOString(),
      type: "platform.report",
      record: {
        requestId,
        metrics: {
          durationMs,
          billedDurationMs: Math.ceil(durationMs),
          memorySizeMB: memoryMb,
          maxMemoryUsedMB: Math.min(memoryMb, 90),
        },
        status,
        ...(errorType === undefined ? {} : { errorType }),
      },
    }),
  ];
}

/** The end of the log, as Lambda gives it back to a caller that asks for it. */
export function logTail(events: readonly LogEvent[]): string {
  const text = events.map(({ message }) => `${message.trimEnd()}\n`).join("");
  return Buffer.from(text).subarray(-TAIL_BYTES).toString("base64");
}

/** Writes a function's log where its execution environment would. */
export class FunctionLog {
  readonly #client: CloudWatchLogsClient;
  readonly #streams = new Set<string>();

  constructor(endpoint: string, region: string) {
    this.#client = new CloudWatchLogsClient({
      endpoint,
      region,
      credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
    });
  }

  /** Nothing is kept of a function without a log group. */
  async write(logGroupName: string, environment: string, events: readonly LogEvent[]): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    const date = new Date(first.timestamp).toISOString().slice(0, 10).replaceAll("-", "/");
    const logStreamName = `${date}/[$LATEST]${environment}`;
    try {
      await this.#makeStream(logGroupName, logStreamName);
      await this.#client.send(
        new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [...events] }),
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    }
  }

  async #makeStream(logGroupName: string, logStreamName: string): Promise<void> {
    const key = `${logGroupName} ${logStreamName}`;
    if (this.#streams.has(key)) return;
    await this.#client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    this.#streams.add(key);
  }
}

const TAIL_BYTES = 4096;

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
