import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Ec2StartStop, type Ec2StartStopProps } from "../../../constructs";

type Attributes = Readonly<Record<string, unknown>>;
type ByTypeAndId = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** The synthesized JSON of a stack that hosts nothing but the construct. */
export interface Synthesized {
  readonly resource: ByTypeAndId;
  readonly data?: ByTypeAndId;
  readonly provider?: unknown;
  /** The JSON as Terraform would read it. */
  readonly text: string;
}

export function synthesize(props: Ec2StartStopProps): Synthesized {
  return synthesizeStack((stack) => new Ec2StartStop(stack, "OfficeHours", props));
}

export function synthesizeStack(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), "dev");
  new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
  new ArchiveProvider(stack, "archive");
  build(stack);
  const text = Testing.synth(stack, true);
  return { ...JSON.parse(text), text };
}

/** All resources of a type, in the order of their ids. */
export function ofType(stack: Synthesized, type: string): Attributes[] {
  return Object.values(stack.resource[type] ?? {});
}

/** The one resource of a type. */
export function theOne(stack: Synthesized, type: string): Attributes {
  const [first, ...others] = ofType(stack, type);
  if (first === undefined || others.length > 0) {
    throw new Error(`Expected one ${type}, got ${ofType(stack, type).length}`);
  }
  return first;
}

export function countResources(stack: Synthesized): number {
  return Object.values(stack.resource).reduce((sum, byId) => sum + Object.keys(byId).length, 0);
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: Record<string, Record<string, string[]>>;
}

/** The statements of the functions' role, with Terraform's references shortened to what they stand for. */
export function functionPolicy(stack: Synthesized): Statement[] {
  const policies = ofType(stack, "aws_iam_role_policy").filter(({ name }) => name === "start-stop");
  return JSON.parse(asAwsSeesIt(String(policies[0]?.["policy"]))).Statement;
}

/** A template as Terraform would evaluate it: references to account and partition filled in, escapes undone. */
export function asAwsSeesIt(template: string): string {
  return template
    .replace(/(?<!\$)\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "aws")
    .replace(/(?<!\$)\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, "123456789012")
    .replace(/\$\{"(\$+)"\}|\$(?=\$\{)|%(?=%\{)/g, (_, dollars?: string) => dollars ?? "");
}

/** A stack's JSON for review: documents within strings opened up, references to account and partition shortened. */
export function forReview({ resource, data }: Pick<Synthesized, "resource" | "data">): unknown {
  const short = JSON.stringify({ data, resource })
    .replace(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "(partition)")
    .replace(/\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}/g, "(account)");
  return openDocuments(JSON.parse(short));
}

function openDocuments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openDocuments);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, openDocuments(member)]));
  }
  if (typeof value === "string" && /^\[?\{/.test(value)) {
    try {
      return { "(json)": JSON.parse(value.replaceAll(":<time>,", ':"<time>",')) };
    } catch {
      return value;
    }
  }
  return value;
}
