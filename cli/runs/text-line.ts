import type { EndLine, ErrorLine, LogLine } from "./log-line";
import { errorText, oneLine } from "./one-line";

const START = /^START RequestId: (\S+)/;
const END = /^END RequestId: (\S+)/;
const REPORT = /^REPORT RequestId: (\S+)/;
const TIMED_OUT = /^\S+ (\S+) Task timed out after ([\d.]+) seconds/;
/** `RequestId: ... Error: Runtime exited with error: signal: killed`, with the error's type on the next line. */
const EXITED = /^(?:\S+\s+)?RequestId: (\S+) (?:Error: )?([^\n]+)(?:\n(\S+))?/;
/** Of Node.js: time, request id (or `undefined`), level, message, and details as JSON, between tabs. */
const NODE_ERROR = /^\S+Z\t(\S+)\t(?:ERROR|FATAL)\t(.*)$/s;
/** Of Python's logging: level, time, request id, message. */
const PYTHON_LOGGED = /^\[(?:ERROR|CRITICAL)\]\t\S+Z\t(\S+)\t(.*)$/s;
/** Of Python's runtime, without a request id; the trace follows. */
const PYTHON_ERROR = /^\[ERROR\] (.*)$/s;
const FATAL_IN_NODE = /^(?:Invoke|Init) Error|^Uncaught Exception|^Unhandled Promise Rejection/;

/** Reads a line of the plain-text log format. */
export function readTextLine(message: string): LogLine | undefined {
  const [, started] = START.exec(message) ?? [];
  if (started !== undefined) return { kind: "start", requestId: started };
  const [, ended] = END.exec(message) ?? [];
  if (ended !== undefined) return { kind: "end", requestId: ended };
  return readReport(message) ?? readTimeOut(message) ?? readExit(message) ?? readError(message);
}

function readReport(message: string): EndLine | undefined {
  const [, requestId] = REPORT.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  const field = (name: RegExp) => name.exec(message)?.[1];
  const status = field(/\bStatus: (\w+)/);
  const errorType = field(/\bError Type: (\S+)/);
  return {
    kind: "end",
    requestId,
    ...numberAs("durationMs", field(/(?<!Billed |Init |Restore )Duration: ([\d.]+) ms/)),
    ...numberAs("memorySizeMb", field(/\bMemory Size: (\d+) MB/)),
    ...numberAs("maxMemoryUsedMb", field(/\bMax Memory Used: (\d+) MB/)),
    // Older reports have no status; then other lines tell what went wrong.
    ...(status === undefined || status === "success"
      ? {}
      : { failure: status === "timeout" ? ("timeout" as const) : ("error" as const) }),
    ...(errorType === undefined ? {} : { errorType }),
  };
}

function numberAs<Name extends string>(
  name: Name,
  text: string | undefined,
): { readonly [name in Name]?: number } {
  return text === undefined ? {} : ({ [name]: Number(text) } as { readonly [name in Name]: number });
}

function readTimeOut(message: string): EndLine | undefined {
  const [, requestId, seconds] = TIMED_OUT.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  return { kind: "end", requestId, failure: "timeout", durationMs: Number(seconds) * 1000 };
}

function readExit(message: string): ErrorLine | undefined {
  const [, requestId, text = "", type] = EXITED.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  return { kind: "error", requestId, text: errorText(type, text), fatal: true };
}

function readError(message: string): ErrorLine | undefined {
  const node = NODE_ERROR.exec(message);
  if (node !== null) return readNodeError(node[1] ?? "", node[2] ?? "");
  const [, requestId, logged] = PYTHON_LOGGED.exec(message) ?? [];
  if (requestId !== undefined) return { kind: "error", requestId, text: oneLine(logged ?? ""), fatal: false };
  const [, raised] = PYTHON_ERROR.exec(message) ?? [];
  if (raised === undefined) return undefined;
  const [text = ""] = raised.split(/\r?\n|\r|Traceback/);
  return { kind: "error", text: oneLine(text), fatal: true };
}

function readNodeError(requestId: string, rest: string): ErrorLine {
  const fatal = FATAL_IN_NODE.test(rest);
  return {
    kind: "error",
    ...(requestId === "undefined" ? {} : { requestId }),
    text: (fatal ? detailsText(rest.slice(rest.indexOf("\t") + 1)) : undefined) ?? oneLine(rest),
    fatal,
  };
}

function detailsText(json: string): string | undefined {
  try {
    const { errorType, errorMessage } = JSON.parse(json);
    return errorText(errorType, errorMessage) || undefined;
  } catch {
    return undefined;
  }
}
