import { isAction } from "../contract/actions";
import { isRecord, truncate } from "../contract/collections";
import { TCP_PORT } from "../contract/limits";
import { DATE_TIME, DATE_TIME_ZONE, isDate, REGION_CODE, SYSTEMD_UNIT } from "../contract/patterns";
import type { RequestTarget, ServiceChecks, StartStopRequest } from "../contract/request";
import type { Settings } from "./settings";

/** The request is invalid; nothing was changed. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(readonly problems: readonly string[]) {
    super(`The request was refused, nothing was changed: ${problems.join("; ")}`);
  }
}

const REQUEST_KEYS = ["schedule", "action", "targets", "scheduledTime"];

/**
 * Reads the request from an event. An event with any of a request's main keys is a request and must be valid; any other
 * event (the console's test event, `{}`, null, EventBridge's Scheduled Event) runs the default request.
 * @throws {RequestError} with everything that is wrong
 */
export function readRequest(event: unknown, settings: Settings): StartStopRequest {
  const request = isRequest(event) ? requireValid(event, "") : defaultRequest(settings);
  if (request.action !== settings.action) {
    throw new RequestError([
      `Expected \`action\` to be ${settings.action}, got ${JSON.stringify(request.action)}`,
    ]);
  }
  return request;
}

function isRequest(event: unknown): boolean {
  return typeof event === "object" && event !== null && REQUEST_KEYS.some((key) => Object.hasOwn(event, key));
}

function defaultRequest(settings: Settings): StartStopRequest {
  const origin = "in the environment variable DEFAULT_REQUEST: ";
  if (!settings.defaultRequest) {
    throw new RequestError([
      "the event is not a request, and the environment variable DEFAULT_REQUEST is not set",
    ]);
  }
  let value: unknown;
  try {
    value = JSON.parse(settings.defaultRequest);
  } catch (error) {
    throw new RequestError([`${origin}${error instanceof Error ? error.message : String(error)}`]);
  }
  return requireValid(value, origin);
}

function requireValid(value: unknown, origin: string): StartStopRequest {
  const checked = checkRequest(value);
  if ("problems" in checked) throw new RequestError(checked.problems.map((problem) => origin + problem));
  return checked.request;
}

/** Validates a value as a request; returns it, or everything that is wrong with it. */
function checkRequest(
  value: unknown,
): { readonly request: StartStopRequest } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  requestFields(value, "", problems);
  return problems.length > 0 ? { problems } : { request: value as StartStopRequest };
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown, path: string, problems: string[]) => void;

const requestFields: Check = (value, path, problems) => {
  const fields = checkFields(value, path, problems, ["schedule", "action", "targets"], {
    schedule: text,
    action,
    scheduledTime: dateTime,
    targets: listOf(targetFields, 1),
    timezone,
    holidays: listOf(date, 0),
    latestMinutes: minutes,
    hibernate: bool,
    dryRun: bool,
    checkOnly: bool,
  } satisfies Record<keyof StartStopRequest, Check>);
  if (fields?.["checkOnly"] === true && fields["action"] === "stop") {
    problems.push("Expected `checkOnly` to come with the action start, got stop");
  }
};

const targetFields: Check = (value, path, problems) => {
  const fields = checkFields(value, path, problems, ["region"], {
    region,
    instanceIds: listOf(text, 1),
    tags: tagValues,
    exclude: tagValues,
    checks: serviceChecks,
  } satisfies Record<keyof RequestTarget, Check>);
  if (fields && fields["instanceIds"] === undefined && fields["tags"] === undefined) {
    problems.push(`Expected \`${path}\` to have instanceIds, tags or both, got neither`);
  }
};

const serviceChecks: Check = (value, path, problems) => {
  const fields = checkFields(value, path, problems, [], {
    systemd: listOf(unit, 1),
    tcp: listOf(port, 1),
    command: text,
  } satisfies Record<keyof ServiceChecks, Check>);
  if (fields && Object.keys(fields).length === 0) {
    problems.push(`Expected \`${path}\` to have systemd, tcp or command, got none`);
  }
};

const tagValues: Check = (value, path, problems) => {
  const fields = asFields(value, path, problems);
  if (!fields) return;
  if (Object.keys(fields).length === 0) addProblem(problems, path, "at least one tag", value);
  for (const [key, values] of Object.entries(fields)) listOf(anyText, 1)(values, `${path}.${key}`, problems);
};

const text: Check = (value, path, problems) => {
  if (typeof value !== "string" || value === "") addProblem(problems, path, "text", value);
};

const anyText: Check = (value, path, problems) => {
  if (typeof value !== "string") addProblem(problems, path, "text", value);
};

const bool: Check = (value, path, problems) => {
  if (typeof value !== "boolean") addProblem(problems, path, "true or false", value);
};

const action: Check = (value, path, problems) => {
  if (!isAction(value)) addProblem(problems, path, "start or stop", value);
};

const region: Check = (value, path, problems) => {
  if (typeof value !== "string" || !REGION_CODE.test(value))
    addProblem(problems, path, "an AWS region code", value);
};

const dateTime: Check = (value, path, problems) => {
  const isInstant = typeof value === "string" && DATE_TIME.test(value) && DATE_TIME_ZONE.test(value);
  if (!isInstant || Number.isNaN(Date.parse(value))) {
    addProblem(problems, path, "an ISO 8601 date-time with a zone", value);
  }
};

const date: Check = (value, path, problems) => {
  if (typeof value !== "string" || !isDate(value)) addProblem(problems, path, "a date (yyyy-mm-dd)", value);
};

const timezone: Check = (value, path, problems) => {
  try {
    if (typeof value !== "string") throw new RangeError();
    new Intl.DateTimeFormat("en", { timeZone: value });
  } catch {
    addProblem(problems, path, "an IANA time zone", value);
  }
};

const minutes: Check = (value, path, problems) => {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    addProblem(problems, path, "a positive number of minutes", value);
  }
};

const port: Check = (value, path, problems) => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < TCP_PORT.min || value > TCP_PORT.max) {
    addProblem(problems, path, "a TCP port", value);
  }
};

const unit: Check = (value, path, problems) => {
  if (typeof value !== "string" || !SYSTEMD_UNIT.test(value))
    addProblem(problems, path, "a systemd unit", value);
};

function listOf(item: Check, minimum: number): Check {
  return (value, path, problems) => {
    if (!Array.isArray(value)) addProblem(problems, path, "a list", value);
    else if (value.length < minimum) addProblem(problems, path, "a list with at least one entry", value);
    else for (const [index, entry] of value.entries()) item(entry, `${path}[${index}]`, problems);
  };
}

function checkFields(
  value: unknown,
  path: string,
  problems: string[],
  required: readonly string[],
  checks: Readonly<Record<string, Check>>,
): Fields | undefined {
  const fields = asFields(value, path, problems);
  if (!fields) return undefined;
  const pathOf = (key: string) => (path ? `${path}.${key}` : key);
  for (const key of required) {
    if (fields[key] === undefined) problems.push(`Expected \`${pathOf(key)}\`, got nothing`);
  }
  for (const [key, entry] of Object.entries(fields)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) problems.push(`Unknown key \`${pathOf(key)}\``);
    else if (entry !== undefined) check(entry, pathOf(key), problems);
  }
  return fields;
}

function asFields(value: unknown, path: string, problems: string[]): Fields | undefined {
  if (isRecord(value)) return value;
  addProblem(problems, path || "request", "an object", value);
  return undefined;
}

function addProblem(problems: string[], path: string, what: string, got: unknown): void {
  const shown = truncate(JSON.stringify(got) ?? String(got), 80);
  problems.push(`Expected \`${path}\` to be ${what}, got ${shown}`);
}
