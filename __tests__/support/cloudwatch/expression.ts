/** A data point of a time series; undefined where it is missing. */
export type Value = number | undefined;

/**
 * What an operator makes of a time at which only one of two series has a data point: CloudWatch documents that it takes 0,
 * for comparisons and arithmetic, and some users have seen the result missing.
 */
export type MissingAs = "zero" | "missing";

/**
 * Evaluates an expression of metric math at one time: IF, FILL, AND, OR, comparisons and arithmetic, as
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html has them.
 *
 * @param values of the metrics by their ids
 */
export function evaluateExpression(
  expression: string,
  values: Readonly<Record<string, Value>>,
  missingAs: MissingAs = "zero",
): Value {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>=!]=|&&|\|\||[^\s\w]/g) ?? [];
  const parser = new Parser(tokens, values, missingAs);
  const { value } = parser.either();
  if (parser.next !== undefined) throw new Error(`Expected the end of ${expression}, got ${parser.next}`);
  return value;
}

interface Term {
  readonly value: Value;
  readonly isSeries: boolean;
}

type Operator = (a: number, b: number) => number;
type Operators = Readonly<Record<string, Operator>>;

const SUMS: Operators = { "+": (a, b) => a + b, "-": (a, b) => a - b };
const PRODUCTS: Operators = { "*": (a, b) => a * b, "/": (a, b) => a / b };
const COMPARISONS: Operators = {
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
};
const both: Operator = (a, b) => Number(a !== 0 && b !== 0);
const oneOf: Operator = (a, b) => Number(a !== 0 || b !== 0);
/** From those that bind least. */
const LEVELS: readonly Operators[] = [
  { OR: oneOf, "||": oneOf },
  { AND: both, "&&": both },
  COMPARISONS,
  SUMS,
  PRODUCTS,
];

/** Parses by descent, and evaluates as it goes. */
class Parser {
  readonly #tokens: readonly string[];
  readonly #values: Readonly<Record<string, Value>>;
  readonly #missingAs: MissingAs;
  #place = 0;

  constructor(tokens: readonly string[], values: Readonly<Record<string, Value>>, missingAs: MissingAs) {
    this.#tokens = tokens;
    this.#values = values;
    this.#missingAs = missingAs;
  }

  get next(): string | undefined {
    return this.#tokens[this.#place];
  }

  either(level = 0): Term {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#operand();
    let term = this.either(level + 1);
    for (;;) {
      const operator = Object.hasOwn(operators, this.next ?? "") ? operators[this.next ?? ""] : undefined;
      if (operator === undefined) return term;
      this.#place++;
      term = this.#apply(operator, term, this.either(level + 1));
    }
  }

  #apply(operator: Operator, a: Term, b: Term): Term {
    const isSeries = a.isSeries || b.isSeries;
    const takesZero =
      this.#missingAs === "zero" && a.isSeries && b.isSeries && (a.value ?? b.value) !== undefined;
    const [one, two] = takesZero ? [a.value ?? 0, b.value ?? 0] : [a.value, b.value];
    const value = one === undefined || two === undefined ? undefined : operator(one, two);
    return { value, isSeries };
  }

  #operand(): Term {
    const token = this.#take();
    if (/^\d/.test(token)) return { value: Number(token), isSeries: false };
    if (token === "(") return this.#closed(this.either());
    if (!this.#isAt("(")) {
      if (!Object.hasOwn(this.#values, token)) throw new Error(`Expected the id of a metric, got ${token}`);
      return { value: this.#values[token], isSeries: true };
    }
    this.#take("(");
    const parameters = [this.either().value];
    while (this.#isAt(",")) {
      this.#take(",");
      parameters.push(this.either().value);
    }
    return this.#closed({ value: call(token, parameters), isSeries: true });
  }

  #isAt(token: string): boolean {
    return this.next === token;
  }

  #closed(term: Term): Term {
    this.#take(")");
    return term;
  }

  #take(expected?: string): string {
    const token = this.next;
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`Expected ${expected ?? "more"}, got ${token ?? "the end"}`);
    this.#place++;
    return token;
  }
}

function call(name: string, [first, second, third]: readonly Value[]): Value {
  if (name === "FILL") return first ?? second;
  if (name !== "IF") throw new Error(`Expected IF or FILL, got ${name}`);
  if (first === undefined) return undefined;
  // A condition that holds gives 0 where what it chooses is missing.
  return first === 0 ? third : (second ?? 0);
}
