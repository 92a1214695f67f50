import type { EndLine, ErrorLine, LogLine } from "./log-line";
import { errorText, oneLine } from "./one-line";
import { readRunReport } from "./run-report-line";

/** Lines that only say more of what `platform.report` says too are left out. */
const ENDS = ["platform.report", "platform.runtimeDone"];

/**
 * Reads a line of the JSON log format: an event of Lambda itself, or whatever an application wrote.
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export function readJsonLine(message: string): LogLine | undefined {
  const line = parse(message);
  if (line === undefined) return undefined;
  const { type, record } = line;
  if (typeof type === "string" && type.startsWith("platform.") && isObject(record)) {
    return readPlatformEvent(type, record);
  }
  const report = readRunReport(line);
  if (report !== undefined) return { kind: "report", requestId: report.requestId, report };
  return readError(line);
}

function readPlatformEvent(type: string, record: Fields): LogLine | undefined {
  const { requestId, status, metrics, errorType } = record;
  if (typeof requestId !== "string") return undefined;
  if (type === "platform.start") return { kind: "start", requestId };
  if (!ENDS.includes(type)) return undefined;
  const { durationMs, memorySizeMB, maxMemoryUsedMB } = isObject(metrics) ? metrics : {};
  const end: EndLine = {
    kind: "end",
    requestId,
    ...(typeof durationMs === "number" ? { durationMs } : {}),
    ...(typeof memorySizeMB === "number" ? { memorySizeMb: memorySizeMB } : {}),
    ...(typeof maxMemoryUsedMB === "number" ? { maxMemoryUsedMb: maxMemoryUsedMB } : {}),
    ...(typeof errorType === "string" ? { errorType } : {}),
  };
  if (typeof status !== "string" || status === "success") return end;
  return { ...end, failure: status === "timeout" ? "timeout" : "error" };
}

/** Node.js has `level`, Python's runtime `log_level`. */
function readError(line: Fields): ErrorLine | undefined {
  const { level, log_level: runtimeLevel, requestId, message } = line;
  if (!["ERROR", "FATAL"].includes(String(level ?? runtimeLevel))) return undefined;
  const { errorType, errorMessage, stackTrace } = isObject(message) ? message : line;
  const text = errorText(errorType, errorMessage);
  const named = typeof message === "string" ? message : "";
  return {
    kind: "error",
    ...(typeof requestId === "string" ? { requestId } : {}),
    text: text === "" ? oneLine(typeof message === "string" ? message : JSON.stringify(line)) : text,
    fatal: stackTrace !== undefined && (named === "" || FATAL.test(named)),
  };
}

const FATAL = /^(?:Invoke|Init) Error|^Uncaught Exception|^Unhandled Promise Rejection/;

type Fields = Readonly<Record<string, unknown>>;

function parse(message: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
