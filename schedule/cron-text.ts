import type { CronFieldRule } from "./cron-field";

/** The shortest common spelling of a field's numbers (ascending): `*`, `SUN-THU`, `0/30`, `8-18/2`, `1,15`. */
export function numbersText(numbers: readonly number[], rule: CronFieldRule): string {
  const [first = rule.min] = numbers;
  const last = numbers.at(-1) ?? first;
  if (numbers.length === rule.max - rule.min + 1) return "*";
  const step = (numbers[1] ?? first) - first;
  const even = numbers.every((number, index) => number === first + index * step);
  if (rule.names === undefined && even && step > 1 && step <= rule.longestStep && numbers.length > 2) {
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
