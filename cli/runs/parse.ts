import { isAction } from "../../contract/actions";
import { defined, isRecord, truncate } from "../../contract/collections";
import { FIRING_METRICS } from "../../contract/metrics";
import { OUTCOMES, RUN_STATUSES, type RunReport, SERVICE_STATUSES } from "../../contract/report";
import { toOneLine } from "../aws/call";

/** A line of a function's log, as far as it says how a run went. */
export type LogLine = StartLine | EndLine | ReportLine | WatchLine | ErrorLine;

interface StartLine {
  readonly kind: "start";
  readonly requestId: string;
}

/** Lambda's own line about the end, of which there may be several, each with a part of this. */
interface EndLine extends RunEnd {
  readonly kind: "end";
  readonly requestId: string;
}

export interface RunEnd {
  readonly durationMs?: number;
  /** Without it, nothing is known to have gone wrong. */
  readonly failure?: "timeout" | "error";
  /** Such as `Runtime.OutOfMemory`. */
  readonly errorType?: string;
  readonly memorySizeMb?: number;
  readonly maxMemoryUsedMb?: number;
}

/** The function's own line. */
interface ReportLine {
  readonly kind: "report";
  readonly requestId: string;
  readonly report: RunReport;
}

/** A line of the watch, whose runs are those of no schedule. */
interface WatchLine {
  readonly kind: "watch";
  readonly requestId: string;
}

/** An error that the function's code or its runtime logged. */
interface ErrorLine {
  readonly kind: "error";
  /** Absent on some lines, which belong to the current run of their environment. */
  readonly requestId?: string;
  readonly text: string;
  /** Whether it ended the run. */
  readonly fatal: boolean;
}

/** Reads a line in either of Lambda's log formats; undefined where it does not say how a run went. */
export function parseLogLine(message: string): LogLine | undefined {
  return message.startsWith("{") ? parseJsonLine(message) : parseTextLine(message);
}

/** Events that only repeat `platform.report` are left out. */
const ENDS = ["platform.report", "platform.runtimeDone"];

/**
 * Reads a line of the JSON log format: a platform event of Lambda, or a line of the application.
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
function parseJsonLine(message: string): LogLine | undefined {
  const line = parseObject(message);
  if (line === undefined) return undefined;
  const { type, record } = line;
  if (typeof type === "string" && type.startsWith("platform.") && isRecord(record)) {
    return parsePlatformEvent(type, record);
  }
  const report = parseRunReport(line);
  if (report !== undefined) return { kind: "report", requestId: report.requestId, report };
  const { requestId } = line;
  if (Object.hasOwn(line, FIRING_METRICS.announced) && typeof requestId === "string")
    return { kind: "watch", requestId };
  return parseJsonError(line);
}

function parsePlatformEvent(type: string, record: Fields): LogLine | undefined {
  const { requestId, status, metrics, errorType } = record;
  if (typeof requestId !== "string") return undefined;
  if (type === "platform.start") return { kind: "start", requestId };
  if (!ENDS.includes(type)) return undefined;
  const { durationMs, memorySizeMB, maxMemoryUsedMB } = isRecord(metrics) ? metrics : {};
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
function parseJsonError(line: Fields): ErrorLine | undefined {
  const { level, log_level: runtimeLevel, requestId, message } = line;
  if (!["ERROR", "FATAL"].includes(String(level ?? runtimeLevel))) return undefined;
  const { errorType, errorMessage, stackTrace } = isRecord(message) ? message : line;
  const text = formatError(errorType, errorMessage);
  const named = typeof message === "string" ? message : "";
  return {
    kind: "error",
    ...(typeof requestId === "string" ? { requestId } : {}),
    text: text === "" ? shortenLine(typeof message === "string" ? message : JSON.stringify(line)) : text,
    fatal: stackTrace !== undefined && (named === "" || FATAL.test(named)),
  };
}

const FATAL = /^(?:Invoke|Init) Error|^Uncaught Exception|^Unhandled Promise Rejection/;

type Fields = Readonly<Record<string, unknown>>;

/** The object that a line of JSON is; undefined for any other line. */
export function parseObject(message: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const START = /^START RequestId: (\S+)/;
const END = /^END RequestId: (\S+)/;
const REPORT = /^REPORT RequestId: (\S+)/;
const TIMED_OUT = /^\S+ (\S+) Task timed out after ([\d.]+) seconds/;
/** `RequestId: ... Error: Runtime exited with error: signal: killed`, with the error's type on the next line. */
const EXITED = /^(?:\S+\s+)?RequestId: (\S+) (?:Error: )?([^\n]+)(?:\n(\S+))?/;
/** Node.js writes time, request id (or `undefined`), level, message, and details as JSON, between tabs. */
const NODE_ERROR = /^\S+Z\t(\S+)\t(?:ERROR|FATAL)\t(.*)$/s;
/** Python's logging writes level, time, request id, message. */
const PYTHON_LOGGED = /^\[(?:ERROR|CRITICAL)\]\t\S+Z\t(\S+)\t(.*)$/s;
/** Python's runtime writes no request id; the trace follows. */
const PYTHON_ERROR = /^\[ERROR\] (.*)$/s;

/** Reads a line of the plain-text log format. */
function parseTextLine(message: string): LogLine | undefined {
  const [, started] = START.exec(message) ?? [];
  if (started !== undefined) return { kind: "start", requestId: started };
  const [, ended] = END.exec(message) ?? [];
  if (ended !== undefined) return { kind: "end", requestId: ended };
  return parseReportLine(message) ?? parseTimeout(message) ?? parseExit(message) ?? parseTextError(message);
}

function parseReportLine(message: string): EndLine | undefined {
  const [, requestId] = REPORT.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  const field = (name: RegExp) => name.exec(message)?.[1];
  const status = field(/\bStatus: (\w+)/);
  const errorType = field(/\bError Type: (\S+)/);
  return {
    kind: "end",
    requestId,
    ...numberField("durationMs", field(/(?<!Billed |Init |Restore )Duration: ([\d.]+) ms/)),
    ...numberField("memorySizeMb", field(/\bMemory Size: (\d+) MB/)),
    ...numberField("maxMemoryUsedMb", field(/\bMax Memory Used: (\d+) MB/)),
    // Older reports have no status; then other lines say what went wrong.
    ...(status === undefined || status === "success"
      ? {}
      : { failure: status === "timeout" ? ("timeout" as const) : ("error" as const) }),
    ...defined({ errorType }),
  };
}

function numberField<Name extends string>(
  name: Name,
  text: string | undefined,
): { readonly [Key in Name]?: number } {
  return text === undefined ? {} : ({ [name]: Number(text) } as { readonly [Key in Name]: number });
}

function parseTimeout(message: string): EndLine | undefined {
  const [, requestId, seconds] = TIMED_OUT.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  return { kind: "end", requestId, failure: "timeout", durationMs: Number(seconds) * 1000 };
}

function parseExit(message: string): ErrorLine | undefined {
  const [, requestId, text = "", type] = EXITED.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  return { kind: "error", requestId, text: formatError(type, text), fatal: true };
}

function parseTextError(message: string): ErrorLine | undefined {
  const node = NODE_ERROR.exec(message);
  if (node !== null) return parseNodeError(node[1] ?? "", node[2] ?? "");
  const [, requestId, logged] = PYTHON_LOGGED.exec(message) ?? [];
  if (requestId !== undefined)
    return { kind: "error", requestId, text: shortenLine(logged ?? ""), fatal: false };
  const [, raised] = PYTHON_ERROR.exec(message) ?? [];
  if (raised === undefined) return undefined;
  const [text = ""] = raised.split(/\r?\n|\r|Traceback/);
  return { kind: "error", text: shortenLine(text), fatal: true };
}

function parseNodeError(requestId: string, rest: string): ErrorLine {
  const fatal = FATAL.test(rest);
  return {
    kind: "error",
    ...(requestId === "undefined" ? {} : { requestId }),
    text: (fatal ? parseErrorDetails(rest.slice(rest.indexOf("\t") + 1)) : undefined) ?? shortenLine(rest),
    fatal,
  };
}

function parseErrorDetails(json: string): string | undefined {
  try {
    const { errorType, errorMessage } = JSON.parse(json);
    return formatError(errorType, errorMessage) || undefined;
  } catch {
    return undefined;
  }
}

const STATUSES: readonly unknown[] = RUN_STATUSES;

/** Keys of a report. The others of its line, such as the metrics, are dropped. */
const KEYS: Readonly<Record<keyof RunReport, true>> = {
  schedule: true,
  action: true,
  scheduledTime: true,
  requestId: true,
  dryRun: true,
  status: true,
  reason: true,
  counts: true,
  errors: true,
  warnings: true,
  instances: true,
  instancesOmitted: true,
  services: true,
  followUps: true,
  durationSeconds: true,
};

/**
 * Reads a report; undefined for other objects, such as lines of unrelated functions. A function of another version may count
 * outcomes that are unknown here, which are kept, or lack some, which are none.
 */
export function parseRunReport(line: unknown): RunReport | undefined {
  if (!isRecord(line) || !isReport(line)) return undefined;
  const { counts, services, instances, ...fields } = line;
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([key]) => Object.hasOwn(KEYS, key))),
    counts: { ...zeroOf(OUTCOMES), ...counts },
    ...(isCounts(services) ? { services: { ...zeroOf(SERVICE_STATUSES), ...services } } : {}),
    instances: instances.filter(isRecord),
  } as unknown as RunReport;
}

function zeroOf(words: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(words.map((word) => [word, 0]));
}

type Counts = Readonly<Record<string, number>>;

/** Fields that callers iterate over or compare without checking, so they must be valid here. */
function isReport(
  line: Fields,
): line is Fields & { readonly counts: Counts; readonly instances: readonly unknown[] } {
  const { schedule, action, requestId, status, counts, errors, warnings, instances, durationSeconds } = line;
  return (
    typeof schedule === "string" &&
    isAction(action) &&
    typeof requestId === "string" &&
    STATUSES.includes(status) &&
    isCounts(counts) &&
    [errors, warnings, instances].every(Array.isArray) &&
    typeof durationSeconds === "number"
  );
}

function isCounts(counts: unknown): counts is Counts {
  return isRecord(counts) && Object.values(counts).every((count) => typeof count === "number");
}

const MAX_TEXT_LENGTH = 500;

/** Shortens the error text of other code to one line. */
function shortenLine(text: string): string {
  return truncate(toOneLine(text), MAX_TEXT_LENGTH);
}

/** Formats an error as far as it is known: `TypeError: x is not a function`. */
function formatError(type: unknown, message: unknown): string {
  return shortenLine([type, message].filter((part) => typeof part === "string" && part !== "").join(": "));
}
