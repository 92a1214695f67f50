import type { LogEvent } from "../../cli/aws/logs";
import type { RunReport } from "../../contract/report";
import { reportOf } from "./builders";

export const A = "aec7a529-47f9-4090-be01-c9ed91bf83cf";
export const B = "ca52c236-a38d-40fc-aa6b-7e3be2b7aa55";

/** Events of one log stream: seconds after the start of the recording, and what was written. */
export function stream(name: string, lines: readonly (readonly [number, string])[]): LogEvent[] {
  return lines.map(([seconds, message], index) => ({
    id: `${name}-${index}`,
    timestamp: START + seconds * 1000,
    streamName: name,
    message,
  }));
}

export const START = Date.parse("2026-11-23T11:00:04Z");
export const at = (seconds: number) => new Date(START + seconds * 1000);

const time = "2026-11-23T11:00:04.000Z";

/** Lambda's own events as its JSON log format has them. */
export const platform = {
  initStart: JSON.stringify({
    time,
    type: "platform.initStart",
    record: {
      initializationType: "on-demand",
      phase: "init",
      runtimeVersion: "nodejs:22.v58",
      functionName: "dev-StopEC2Instances",
      functionVersion: "$LATEST",
    },
  }),
  start: (requestId: string) =>
    JSON.stringify({ time, type: "platform.start", record: { requestId, version: "$LATEST" } }),
  runtimeDone: (requestId: string, status = "success") =>
    JSON.stringify({
      time,
      type: "platform.runtimeDone",
      record: { requestId, status, metrics: { durationMs: 1100.2, producedBytes: 50 } },
    }),
  report: (
    requestId: string,
    {
      status = "success",
      errorType,
      durationMs = 1400.25,
      used = 94,
    }: { status?: string; errorType?: string; durationMs?: number; used?: number } = {},
  ) =>
    JSON.stringify({
      time,
      type: "platform.report",
      record: {
        requestId,
        metrics: {
          durationMs,
          billedDurationMs: Math.ceil(durationMs),
          memorySizeMB: 256,
          maxMemoryUsedMB: used,
          initDurationMs: 312.5,
        },
        status,
        ...(errorType ? { errorType } : {}),
      },
    }),
};

/** What the runtime of Node.js writes of an uncaught error. */
export const nodeError = (requestId: string, errorType: string, errorMessage: string) =>
  JSON.stringify({
    timestamp: time,
    level: "ERROR",
    requestId,
    message: { errorType, errorMessage, stackTrace: [`${errorType}: ${errorMessage}`, "    at index.js:1"] },
  });

/** The function's own line: its metrics stand next to the report. */
export function reportLine(requestId: string, changes: Partial<RunReport> = {}): string {
  const report = reportOf(requestId, changes);
  return `${JSON.stringify({ _aws: { Timestamp: START }, FunctionName: "f", InstancesChanged: 2, ...report, calls: { describe: 1 } })}\n`;
}

/** The plain-text log format. */
export const text = {
  start: (requestId: string) => `START RequestId: ${requestId} Version: $LATEST\n`,
  end: (requestId: string) => `END RequestId: ${requestId}\n`,
  report: (requestId: string, durationMs: number, rest = "") =>
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\t` +
    `Memory Size: 128 MB\tMax Memory Used: 92 MB\tInit Duration: 578.07 ms\t${rest}\n`,
};
