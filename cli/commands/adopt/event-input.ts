import { ACTIONS, type Action } from "../../../contract/actions";
import { isRecord } from "../../../contract/collections";
import { REGION_CODE } from "../../../contract/patterns";
import { findInstanceIds, REGION_BEGINNING } from "./function-behaviour";

/** The constant input of a trigger, as a function that does both reads it. */
export interface EventInput {
  /** Absent if it names no action, or both. */
  readonly action?: Action;
  readonly instanceIds: readonly string[];
  /** Absent if it names no region, or several. */
  readonly region?: string;
}

/** Keys that say what to do, without their separators and in lower case: `{ "action": "stop", "state": "running" }` stops. */
const ACTION_KEYS: readonly RegExp[] = [
  /action|startstop|stopstart|startorstop|stoporstart/,
  /^(?:op|operation|command|cmd|do|task|method|verb|mode|event|type|eventtype|eventname|operationtype)$/,
  /state|status|power/,
  /^(?:name|value|message|input)$/,
];
/** Values, and keys of lists, that name an action. */
const ACTION_WORDS: Readonly<Record<Action, RegExp>> = {
  stop: named("stop(?:s|ped|ping)?|shutdown|halt|(?:power|turn|switch)?off|down"),
  start: named("start(?:s|ed|ing)?|boot|(?:power|turn|switch)?on|up|running"),
};

/** A word for an action, which may stand before or after what it is done to: `ec2_stop_instances`, `server-stop`. */
function named(words: string): RegExp {
  const things = "(?:all|ec2|instances?|servers?|vms?)*";
  return new RegExp(`^${things}(?:${words})${things}$`);
}

/**
 * Reads the input of a trigger: JSON, in whatever shape its function expects.
 * @param input an input template may have placeholders, which stand for parts of the event
 */
export function parseEventInput(input: string): EventInput {
  const instanceIds = findInstanceIds(input);
  const value = parseTemplate(input);
  const [action, ...otherActions] = new Set(findActions(value));
  const [region, ...otherRegions] = new Set(findRegions(value));
  return {
    instanceIds,
    ...(action !== undefined && otherActions.length === 0 ? { action } : {}),
    ...(region !== undefined && otherRegions.length === 0 ? { region } : {}),
  };
}

function parseTemplate(text: string): unknown {
  try {
    return JSON.parse(text.replace(/<[\w.-]+>/g, "null"));
  } catch {
    // A placeholder within quotes.
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
}

function findActions(value: unknown): readonly Action[] {
  // A constant input may be just a word.
  if (typeof value === "string") return findNamedActions(value);
  const members = findMembers(value);
  for (const pattern of ACTION_KEYS) {
    const found = members.flatMap(([key, member]) =>
      typeof member === "string" && pattern.test(toWord(key)) ? findNamedActions(member) : [],
    );
    if (found.length > 0) return found;
  }
  // `{ "stop": ["i-..."] }`, `{ "start": true }`
  return members.flatMap(([key, member]) => (isEmpty(member) ? [] : findNamedActions(key)));
}

function findRegions(value: unknown): string[] {
  return findMembers(value).flatMap(([key, member]) => {
    const texts = Array.isArray(member) ? member : [member];
    if (!toWord(key).includes("region")) return [];
    return texts.filter(
      (text): text is string =>
        typeof text === "string" && REGION_BEGINNING.test(text) && REGION_CODE.test(text),
    );
  });
}

/** The members of objects, at any depth. */
function findMembers(value: unknown): (readonly [key: string, member: unknown])[] {
  if (Array.isArray(value)) return value.flatMap(findMembers);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap((entry) => [entry, ...findMembers(entry[1])]);
}

function findNamedActions(text: string): Action[] {
  const word = toWord(text);
  return ACTIONS.filter((action) => ACTION_WORDS[action].test(word));
}

/** `Stop_Instances` and `stop-instances` are one word. */
function toWord(text: string): string {
  return text.replace(/[\s_.:-]/g, "").toLowerCase();
}

function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}
