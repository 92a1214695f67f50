import { isAction } from "../contract/actions";
import { isRecord, truncate } from "../contract/collections";
import { readInstant } from "../contract/date-time";
import { TCP_PORT, type WholeNumber } from "../contract/limits";
import { isDate, REGION_CODE, SYSTEMD_UNIT } from "../contract/patterns";
import { MAX_DIMENSION_LENGTH } from "./metrics";

/** Checks a value at a path of a JSON document; adds what is wrong with it to the problems. */
export type FieldCheck = (value: unknown, path: string, problems: string[]) => void;

type Fields = Readonly<Record<string, unknown>>;

export const text: FieldCheck = (value, path, problems) => {
  if (typeof value !== "string" || value === "") addProblem(problems, path, "text", value);
};

/** Checks a name that reports repeat, and that metrics have as a dimension value. */
export const name: FieldCheck = (value, path, problems) => {
  if (typeof value === "string" && value.length > MAX_DIMENSION_LENGTH)
    addProblem(problems, path, `text of at most ${MAX_DIMENSION_LENGTH} characters`, value);
  else text(value, path, problems);
};

export const bool: FieldCheck = (value, path, problems) => {
  if (typeof value !== "boolean") addProblem(problems, path, "true or false", value);
};

export const action: FieldCheck = (value, path, problems) => {
  if (!isAction(value)) addProblem(problems, path, "start or stop", value);
};

export function oneOf(words: readonly string[]): FieldCheck {
  return (value, path, problems) => {
    if (!words.some((word) => word === value)) addProblem(problems, path, words.join(", "), value);
  };
}

export function wholeNumberFrom(minimum: number): FieldCheck {
  return (value, path, problems) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < minimum)
      addProblem(problems, path, `a whole number from ${minimum}`, value);
  };
}

export function wholeNumber({ min, max, unit }: WholeNumber): FieldCheck {
  return (value, path, problems) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
      addProblem(problems, path, `a whole number of ${unit} from ${min} to ${max}`, value);
  };
}

export const region: FieldCheck = (value, path, problems) => {
  if (typeof value !== "string" || !REGION_CODE.test(value))
    addProblem(problems, path, "an AWS region code", value);
};

/** Room for nanoseconds, and more. */
const MAX_DATE_TIME_LENGTH = 60;

export const dateTime: FieldCheck = (value, path, problems) => {
  // Any number of decimals is ISO 8601, and the report repeats the text.
  const isShort = typeof value === "string" && value.length <= MAX_DATE_TIME_LENGTH;
  if (!isShort || readInstant(value) === undefined) {
    addProblem(problems, path, "an ISO 8601 date-time with a zone", value);
  }
};

export const date: FieldCheck = (value, path, problems) => {
  if (typeof value !== "string" || !isDate(value)) addProblem(problems, path, "a date (yyyy-mm-dd)", value);
};

export const timezone: FieldCheck = (value, path, problems) => {
  try {
    if (typeof value !== "string") throw new RangeError();
    new Intl.DateTimeFormat("en", { timeZone: value });
  } catch {
    addProblem(problems, path, "an IANA time zone", value);
  }
};

export const minutes: FieldCheck = (value, path, problems) => {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    addProblem(problems, path, "a positive number of minutes", value);
  }
};

export const port: FieldCheck = (value, path, problems) => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < TCP_PORT.min || value > TCP_PORT.max) {
    addProblem(problems, path, "a TCP port", value);
  }
};

export const unit: FieldCheck = (value, path, problems) => {
  if (typeof value !== "string" || !SYSTEMD_UNIT.test(value))
    addProblem(problems, path, "a systemd unit", value);
};

export const tagValues: FieldCheck = (value, path, problems) => {
  const fields = asFields(value, path, problems);
  if (!fields) return;
  if (Object.keys(fields).length === 0) addProblem(problems, path, "at least one tag", value);
  for (const [key, values] of Object.entries(fields)) listOf(tagValue, 1)(values, `${path}.${key}`, problems);
};

const tagValue: FieldCheck = (value, path, problems) => {
  if (typeof value === "string") return;
  const isPattern =
    isRecord(value) &&
    Object.keys(value).length === 1 &&
    (value["any"] === true || (typeof value["like"] === "string" && value["like"] !== ""));
  if (!isPattern) addProblem(problems, path, "text, {like: pattern} or {any: true}", value);
};

export const onlyTrue: FieldCheck = (value, path, problems) => {
  if (value !== true) addProblem(problems, path, "true", value);
};

export function listOf(item: FieldCheck, minimum: number): FieldCheck {
  return (value, path, problems) => {
    if (!Array.isArray(value)) addProblem(problems, path, "a list", value);
    else if (value.length < minimum) addProblem(problems, path, "a list with at least one entry", value);
    else for (const [index, entry] of value.entries()) item(entry, `${path}[${index}]`, problems);
  };
}

/** Checks an object's keys and values; returns it if it is one. */
export function checkFields(
  value: unknown,
  path: string,
  problems: string[],
  required: readonly string[],
  checks: Readonly<Record<string, FieldCheck>>,
): Fields | undefined {
  const fields = asFields(value, path, problems);
  if (!fields) return undefined;
  const pathOf = (key: string) => (path ? `${path}.${key}` : key);
  for (const key of required) {
    if (fields[key] === undefined) problems.push(`Expected \`${pathOf(key)}\`, got nothing`);
  }
  for (const [key, entry] of Object.entries(fields)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check)
      problems.push(`Unknown key \`${pathOf(key)}\`, expected one of ${Object.keys(checks).join(", ")}`);
    else if (entry !== undefined) check(entry, pathOf(key), problems);
  }
  return fields;
}

function asFields(value: unknown, path: string, problems: string[]): Fields | undefined {
  if (isRecord(value)) return value;
  addProblem(problems, path || "request", "an object", value);
  return undefined;
}

export function addProblem(problems: string[], path: string, what: string, got: unknown): void {
  problems.push(`Expected \`${path}\` to be ${what}, got ${show(got)}`);
}

const MAX_SHOWN_LENGTH = 80;

export function show(value: unknown): string {
  return value === undefined ? "nothing" : truncate(JSON.stringify(value) ?? String(value), MAX_SHOWN_LENGTH);
}
