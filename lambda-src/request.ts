import type { StartStopRequest } from "../schedule/request";
import { checkRequest } from "./request-checks";
import type { Settings } from "./settings";

/** A request that must not be carried out; nothing was changed. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(readonly problems: readonly string[]) {
    super(`The request was refused, nothing was changed: ${problems.join("; ")}`);
  }
}

const REQUEST_KEYS = ["schedule", "action", "targets", "scheduledTime"];

/**
 * The request in an event. An event with any of a request's main keys is a request and must be whole and right;
 * every other event (the console's test event, `{}`, null, EventBridge's own) runs the default request.
 * @throws {RequestError} naming everything that is wrong
 */
export function readRequest(event: unknown, settings: Settings): StartStopRequest {
  const request = isRequest(event) ? whole(event, "") : defaultRequest(settings);
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

function whole(value: unknown, origin: string): StartStopRequest {
  const checked = checkRequest(value);
  if ("problems" in checked) throw new RequestError(checked.problems.map((problem) => origin + problem));
  return checked.request;
}

function defaultRequest(settings: Settings): StartStopRequest {
  const origin = "in the environment variable DEFAULT_REQUEST: ";
  if (!settings.defaultRequest) {
    throw new RequestError([
      "the event is no request, and the environment variable DEFAULT_REQUEST holds none",
    ]);
  }
  let value: unknown;
  try {
    value = JSON.parse(settings.defaultRequest);
  } catch (error) {
    throw new RequestError([`${origin}${error instanceof Error ? error.message : String(error)}`]);
  }
  return whole(value, origin);
}
