import { ACCOUNT } from "../operating/deploy";
import { type Attributes, isRecord, type TypedResource, UNKNOWN } from "./attributes";
import { asAwsSeesIt, type Synthesized } from "./synthesize";

/** Maps of the user's or of AWS's names; every other object is a block. */
const MAPS = ["tags", "dimensions", "variables", "input_paths"];
/** About Terraform's own work, or where the code lies. */
const NOT_OF_AWS = ["depends_on", "lifecycle", "filename"];

/** The resources of a synthesized stack as AWS would have them, with references between them resolved. */
export function synthesizedResources(stack: Synthesized, region: string): TypedResource[] {
  const references = new References(stack, region);
  return Object.entries(stack.resource).flatMap(([type, byId]) =>
    Object.values(byId).map((resource) => {
      const attributes = Object.entries(resource).filter(([name]) => !NOT_OF_AWS.includes(name));
      return { type, attributes: references.resolve(Object.fromEntries(attributes)) as Attributes };
    }),
  );
}

class References {
  readonly #stack: Synthesized;
  readonly #region: string;

  constructor(stack: Synthesized, region: string) {
    this.#stack = stack;
    this.#region = region;
  }

  resolve(value: unknown, name = ""): unknown {
    if (typeof value === "string") return asAwsSeesIt(this.#withReferences(value));
    if (Array.isArray(value))
      return value.map((item) => (isRecord(item) ? this.#members(item) : this.resolve(item)));
    if (!isRecord(value)) return value;
    return name === "" || MAPS.includes(name) ? this.#members(value) : [this.#members(value)];
  }

  #members(value: Attributes): Attributes {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [asAwsSeesIt(name), this.resolve(member, name)]),
    );
  }

  #withReferences(text: string): string {
    return text.replace(
      /(?<!\$)\$\{(aws_\w+)\.([\w-]+)\.(\w+)\}/g,
      (_, type: string, id: string, attribute: string) => {
        const resource = this.#stack.resource[type]?.[id];
        if (resource === undefined) throw new Error(`Expected a resource ${type}.${id}`);
        if (attribute === "arn") return this.#arn(type, resource);
        return attribute === "url" ? UNKNOWN : String(this.resolve(resource[attribute]));
      },
    );
  }

  #arn(type: string, resource: Attributes): string {
    const own = (key: string) => String(this.resolve(resource[key]));
    const regional = (service: string, rest: string) =>
      `arn:aws:${service}:${this.#region}:${ACCOUNT}:${rest}`;
    switch (type) {
      case "aws_lambda_function":
        return regional("lambda", `function:${own("function_name")}`);
      case "aws_iam_role":
        return `arn:aws:iam::${ACCOUNT}:role${resource["path"] ?? "/"}${own("name")}`;
      case "aws_sqs_queue":
        return regional("sqs", own("name"));
      case "aws_sns_topic":
        return regional("sns", own("name"));
      case "aws_cloudwatch_event_rule":
        return regional("events", `rule/${own("name")}`);
      case "aws_scheduler_schedule_group":
        return regional("scheduler", `schedule-group/${own("name")}`);
      case "aws_kms_key":
        return UNKNOWN;
      default:
        throw new Error(`Expected a type with a known ARN, got ${type}`);
    }
  }
}
