import { YEARS } from "../contract/limits";
import { quote, ScheduleError } from "./error";
import { nearestName } from "./nearest-name";

/** What AWS allows in a cron field that is a list of numbers. */
export interface CronFieldRule {
  readonly label: string;
  readonly expected: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values, the first one for `min`. */
  readonly names?: readonly string[];
  /** 0 where the field takes no steps. */
  readonly maxStep: number;
}

export const minutesRule: CronFieldRule = {
  label: "minutes",
  expected: "0-59 with , - * /",
  min: 0,
  max: 59,
  maxStep: 59,
};

export const hoursRule: CronFieldRule = {
  label: "hours",
  expected: "0-23 with , - * /",
  min: 0,
  max: 23,
  maxStep: 23,
};

export const dayOfMonthRule: CronFieldRule = {
  label: "day-of-month",
  expected: "1-31 with , - * /, or ?, L, or a day with W such as 15W",
  min: 1,
  max: 31,
  maxStep: 31,
};

export const monthRule: CronFieldRule = {
  label: "month",
  expected: "1-12 or JAN-DEC with , - * /",
  min: 1,
  max: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  maxStep: 12,
};

export const dayOfWeekRule: CronFieldRule = {
  label: "day-of-week",
  expected: "1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1",
  min: 1,
  max: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  maxStep: 0,
};

export const yearRule: CronFieldRule = {
  label: "year",
  expected: `${YEARS.min}-${YEARS.max} with , - * /`,
  ...YEARS,
  maxStep: 229,
};

/**
 * Parses the numbers that a field names, ascending: `MON-FRI` is 2 to 6.
 *
 * @throws ScheduleError that names the field and the part of it that is wrong
 */
export function parseNumbers(field: string, rule: CronFieldRule): readonly number[] {
  if (field === "*") return range(rule.min, rule.max, 1);
  const numbers = new Set<number>();
  for (const token of field.split(",")) {
    for (const number of parseToken(token, rule)) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** Parses one value of a field: a number without sign, or a name in any case. Returns undefined for anything else. */
export function parseValue(text: string, rule: CronFieldRule): number | undefined {
  const name = rule.names?.indexOf(asciiUpperCase(text)) ?? -1;
  if (name >= 0) return rule.min + name;
  if (!(rule.max > 99 ? /^\d{4}$/ : /^\d{1,2}$/).test(text)) return undefined;
  const value = Number(text);
  return value >= rule.min && value <= rule.max ? value : undefined;
}

/** Throws a ScheduleError for a part of a field, with the nearest valid spelling as a hint. */
export function refuse(token: string, rule: CronFieldRule, hint?: string): never {
  throw new ScheduleError({
    field: rule.label,
    expected: rule.expected,
    got: quote(token),
    hint: hint ?? suggestion(token, rule),
  });
}

function parseToken(token: string, rule: CronFieldRule): number[] {
  const [base = "", step, ...more] = token.split("/");
  if (more.length > 0) refuse(token, rule);
  if (step !== undefined) return parseSteps(token, base, step, rule);
  if (base === "*") refuse(token, rule, "write * alone, not in a list");
  const [first, last] = parseRange(token, base, rule);
  return range(first, last, 1);
}

function parseSteps(token: string, base: string, step: string, rule: CronFieldRule): number[] {
  if (rule.maxStep === 0) refuse(token, rule, `AWS takes no / in ${rule.label}: list the values`);
  const size = /^\d{1,3}$/.test(step) ? Number(step) : 0;
  if (size < 1 || size > rule.maxStep) refuse(token, rule, `a step is 1 to ${rule.maxStep}`);
  if (base === "*") return range(rule.min, rule.max, size);
  const [first, last] = parseRange(token, base, rule);
  // AWS does not document a name before a step.
  const numbers = base.replace(/[A-Za-z]+/g, (name) => String(parseValue(name, rule) ?? name));
  if (numbers !== base) refuse(token, rule, `write ${numbers}/${step}`);
  return range(first, base.includes("-") ? last : rule.max, size);
}

function parseRange(token: string, text: string, rule: CronFieldRule): [number, number] {
  const [from = "", to, ...more] = text.split("-");
  const first = parseValue(from, rule);
  const last = to === undefined ? first : parseValue(to, rule);
  if (first === undefined || last === undefined || more.length > 0) return refuse(token, rule);
  if (to !== undefined && /\d/.test(from) !== /\d/.test(to)) {
    refuse(token, rule, `write both ends as numbers: ${first}-${last}`);
  }
  if (first > last) refuse(token, rule, wrappedRange(first, last, rule));
  return [first, last];
}

// Whether AWS lets a range wrap round is not documented, and Quartz and its ports disagree.
function wrappedRange(first: number, last: number, rule: CronFieldRule): string {
  if (rule === yearRule) return "the first year is after the last";
  const { names } = rule;
  if (names === undefined) {
    const part = (a: number, b: number) => (a === b ? `${a}` : `${a}-${b}`);
    return `ranges must not wrap: write ${part(first, rule.max)},${part(rule.min, last)}`;
  }
  const values = [...range(first, rule.max, 1), ...range(rule.min, last, 1)];
  return `ranges must not wrap: write ${values.map((value) => names[value - rule.min]).join(",")}`;
}

function suggestion(token: string, rule: CronFieldRule): string | undefined {
  const { names } = rule;
  if (names === undefined || token.length > 64) return undefined;
  const corrected = token.replace(/[A-Za-z]+/g, (word) => {
    const name = word.slice(0, 3).toUpperCase();
    return names.includes(name) ? name : (nearestName(word, names) ?? word);
  });
  if (corrected === token) return undefined;
  try {
    parseNumbers(corrected, rule);
  } catch {
    return undefined;
  }
  return `did you mean ${corrected}?`;
}

/**
 * Capitalizes a field. EventBridge ignores the case of names and of L and W; letters outside ASCII stay as they are, since
 * some have a capital within it.
 */
export function asciiUpperCase(field: string): string {
  return field.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function range(first: number, last: number, step: number): number[] {
  const numbers: number[] = [];
  for (let number = first; number <= last; number += step) numbers.push(number);
  return numbers;
}

/** Formats a field's numbers (ascending) in the shortest common spelling: `*`, `SUN-THU`, `0/30`, `8-18/2`, `1,15`. */
export function numbersText(numbers: readonly number[], rule: CronFieldRule): string {
  const [first = rule.min] = numbers;
  const last = numbers.at(-1) ?? first;
  if (numbers.length === rule.max - rule.min + 1) return "*";
  const step = (numbers[1] ?? first) - first;
  const even = numbers.every((number, index) => number === first + index * step);
  if (rule.names === undefined && even && step > 1 && step <= rule.maxStep && numbers.length > 2) {
    return last + step > rule.max ? `${first}/${step}` : `${first}-${last}/${step}`;
  }
  return runs(numbers)
    .map(([from, to]) => {
      const [fromText, toText] = [valueText(from, rule), valueText(to, rule)];
      if (from === to) return fromText;
      return `${fromText}${to === from + 1 ? "," : "-"}${toText}`;
    })
    .join(",");
}

function valueText(value: number, rule: CronFieldRule): string {
  return rule.names?.[value - rule.min] ?? String(value);
}

function runs(numbers: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const run = found.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else found.push([number, number]);
  }
  return found;
}
