import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { Fn, Lazy, Token } from "cdktf";
import { Construct } from "constructs";
import type { ArnSource, ResourceKey } from "../model/arns";
import type { AccountGuard } from "../model/blueprint";
import { quoteWithTokens, type TextWriter, type TokenWriter, terraformText } from "../model/terraform-text";

/** A resource that others refer to. */
export type ReferencedResource = Readonly<Record<"arn" | "name", string>>;

/** The account and partition that Terraform runs in, and what is made there, as references. */
export class Account extends Construct implements ArnSource {
  readonly accountId: string;
  /** How texts and documents are written that may hold such references, and tokens of the user's. */
  readonly writer: TextWriter;
  readonly #identity: DataAwsCallerIdentity;
  readonly #partition: string;
  readonly #resources = new Map<ResourceKey, ReferencedResource>();
  readonly #references = new Map<string, string>();
  /** References of our own. They bring nothing that JSON would have to quote. */
  readonly #ownReferences: Set<string>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#identity = new DataAwsCallerIdentity(this, "identity");
    this.accountId = this.#identity.accountId;
    this.#partition = new DataAwsPartition(this, "partition").partition;
    this.#ownReferences = new Set([this.accountId]);
    this.writer = terraformText(tokenWriter((token) => this.#ownReferences.has(token)));
  }

  /** A plan fails in any other account. */
  allowOnly({ accountIds, errorMessage }: AccountGuard): void {
    const condition = `\${contains(${JSON.stringify(accountIds)}, self.account_id)}`;
    this.#identity.lifecycle = { postcondition: [{ condition, errorMessage }] };
  }

  arnPrefix(service: string, region: string): string {
    return `arn:${this.#partition}:${service}:${region}:${this.accountId}`;
  }

  awsArnPrefix(service: string, region: string): string {
    return `arn:${this.#partition}:${service}:${region}:`;
  }

  /** Of a list that only Terraform knows, put together by Terraform. */
  instanceArns(region: string, ids: readonly string[]): readonly string[] {
    if (!Token.isUnresolved(ids)) return ids.map((id) => `${this.arnPrefix("ec2", region)}:instance/${id}`);
    const parts = [this.#partition, region, this.accountId, [...ids]];
    return Token.asList(Fn.formatlist("arn:%s:ec2:%s:%s:instance/%s", parts));
  }

  attribute(key: ResourceKey, name: "arn" | "name"): string {
    const id = `${key} ${name}`;
    const known = this.#references.get(id);
    if (known !== undefined) return known;
    const reference = Lazy.stringValue({ produce: () => this.#resource(key)[name] });
    this.#references.set(id, reference);
    this.#ownReferences.add(reference);
    return reference;
  }

  /** Says what a key stands for. */
  register(key: ResourceKey, resource: ReferencedResource): void {
    this.#resources.set(key, resource);
  }

  #resource(key: ResourceKey): ReferencedResource {
    const found = this.#resources.get(key);
    if (found === undefined) throw new Error(`Expected a resource for ${key}, found none`);
    return found;
  }
}

/**
 * Lets Terraform write the value of a user's token as JSON, with all quoting and escaping. ARNs, and references of our
 * own, bring nothing that needs it and stay readable.
 */
function tokenWriter(isOwn: (token: string) => boolean): TokenWriter {
  return (token) =>
    typeof token === "string" && (token.startsWith("arn:") || isOwn(token))
      ? quoteWithTokens(token)
      : Token.asString(Fn.jsonencode(token));
}
