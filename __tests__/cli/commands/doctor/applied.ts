import { asAwsSeesIt, ofType, type Synthesized } from "../../../constructs/synthesize";
import { ACCOUNT } from "./deployment-of";

type Attributes = Readonly<Record<string, unknown>>;

/** What AWS would have of a synthesized stack, references between its resources resolved. */
export class Applied {
  readonly #stack: Synthesized;
  readonly #region: string;

  constructor(stack: Synthesized, region: string) {
    this.#stack = stack;
    this.#region = region;
  }

  /** All resources of a type, with their texts as AWS sees them and single blocks opened. */
  all(type: string): Attributes[] {
    return ofType(this.#stack, type).map((resource) => this.#resolve(resource) as Attributes);
  }

  named(type: string, name: string, key = "name"): Attributes {
    const found = this.all(type).find((resource) => resource[key] === name);
    if (found === undefined) throw new Error(`Expected a ${type} ${name}`);
    return found;
  }

  #resolve(value: unknown): unknown {
    if (typeof value === "string") return asAwsSeesIt(this.#withReferences(value));
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#resolve(member)]));
  }

  #withReferences(text: string): string {
    return text.replace(
      /(?<!\$)\$\{(aws_\w+)\.([\w-]+)\.(\w+)\}/g,
      (_, type: string, id: string, attribute: string) => {
        const resource = this.#stack.resource[type]?.[id];
        if (resource === undefined) throw new Error(`Expected a resource ${type}.${id}`);
        return attribute === "arn" ? this.#arn(type, resource) : String(this.#resolve(resource[attribute]));
      },
    );
  }

  #arn(type: string, resource: Attributes): string {
    const own = (key: string) => String(this.#resolve(resource[key]));
    const regional = (service: string, rest: string) =>
      `arn:aws:${service}:${this.#region}:${ACCOUNT.id}:${rest}`;
    switch (type) {
      case "aws_lambda_function":
        return regional("lambda", `function:${own("function_name")}`);
      case "aws_iam_role":
        return `arn:aws:iam::${ACCOUNT.id}:role${resource["path"] ?? "/"}${own("name")}`;
      case "aws_sqs_queue":
        return regional("sqs", own("name"));
      case "aws_sns_topic":
        return regional("sns", own("name"));
      case "aws_cloudwatch_event_rule":
        return regional("events", `rule/${own("name")}`);
      case "aws_scheduler_schedule_group":
        return regional("scheduler", `schedule-group/${own("name")}`);
      default:
        throw new Error(`Expected a type with a known ARN, got ${type}`);
    }
  }
}
