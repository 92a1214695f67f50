import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import {
  Fn,
  type IResolvable,
  type IResolveContext,
  Lazy,
  Op,
  type TerraformResourceLifecycle,
  Token,
  Tokenization,
} from "cdktf";
import { Construct } from "constructs";
import { NAME_PREFIX } from "../contract/patterns";
import type { ArnSource, ResourceKey } from "../model/arns";
import type { AccountGuard, RequiredList } from "../model/blueprint";
import type { Ec2StartStopProps } from "../model/props";
import {
  isUnresolved,
  quoteForExpression,
  quoteWithTokens,
  type TextWriter,
  type TokenWriter,
  terraformText,
  toJson,
} from "../model/terraform-text";

/** A resource that other resources refer to, or its attributes. */
export type ReferencedResource = Readonly<Record<"arn" | "name", string>>;

/** References to the account and partition that Terraform runs in, and to the resources of this construct. */
export class Account extends Construct implements ArnSource {
  readonly accountId: string;
  /** Writes texts and JSON that may contain these references, and tokens of the props. */
  readonly writer: TextWriter;
  readonly #identity: DataAwsCallerIdentity;
  readonly #partition: string;
  readonly #resources = new Map<ResourceKey, ReferencedResource>();
  readonly #references = new Map<string, string>();
  /** References created here, whose values need no escaping in JSON. */
  readonly #ownReferences: Set<string>;

  /**
   * @param region region in which the provider must act, since ARNs name it
   * @param name prefix of the names, in which a dot would let the rules of another deployment invoke the functions
   */
  constructor(scope: Construct, id: string, { region, name }: Pick<Ec2StartStopProps, "region" | "name">) {
    super(scope, id);
    this.#identity = new DataAwsCallerIdentity(this, "identity");
    this.accountId = this.#identity.accountId;
    this.#partition = new DataAwsPartition(this, "partition").partition;
    // Version 6 of the provider has `region` and deprecates `id` and `name`; version 5 has no `region`, so naming it is an error.
    const own = 'lookup(self, "region", lookup(self, "id", ""))';
    const ownRegion = Lazy.anyValue({ produce: () => own });
    const condition = Op.eq(ownRegion, joined(region));
    const errorMessage = `region: expected the region of the AWS provider, \${${own}}, got ${region}.`;
    const nameConditions =
      name !== undefined && isUnresolved(name)
        ? [
            {
              // The region is there because Terraform refuses a condition that refers to nothing.
              condition: Op.and(
                Op.gte(Fn.lengthOf(ownRegion), 1),
                Fn.can(Fn.regex(NAME_PREFIX.source, joined(name))),
              ),
              errorMessage: `name: expected letters, digits, \`-\` and \`_\`, got ${name}.`,
            },
          ]
        : [];
    new DataAwsRegion(this, "region").lifecycle = {
      postcondition: [{ condition, errorMessage }, ...nameConditions],
    };
    this.#ownReferences = new Set([this.accountId]);
    this.writer = terraformText(tokenWriter((token) => this.#ownReferences.has(token)));
  }

  /** Makes a plan fail in any other account. */
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

  /** Returns the ARN of each instance. For a list token, Terraform builds them. */
  instanceArns(region: string, ids: readonly string[]): readonly string[] {
    if (!Token.isUnresolved(ids)) return ids.map((id) => `${this.arnPrefix("ec2", region)}:instance/${id}`);
    return Token.asList(
      Lazy.anyValue({
        produce: (context) => {
          const list = producedList(ids, context);
          if (!Token.isUnresolved(list)) return this.instanceArns(region, list);
          const parts = [this.#partition, region, this.accountId, [...list]];
          return Fn.formatlist("arn:%s:ec2:%s:%s:instance/%s", parts);
        },
      }),
    );
  }

  /** Returns the arguments of a resource that make a plan fail where a list token is empty. */
  lifecycleWith(lists: readonly RequiredList[]): { lifecycle?: TerraformResourceLifecycle } {
    if (lists.length === 0) return {};
    const precondition = lists.map(({ path, values }) => ({
      condition: this.#isNotEmpty(values),
      errorMessage: `${path}: expected at least one, got an empty list.`,
    }));
    return { lifecycle: { precondition } };
  }

  #isNotEmpty(list: readonly string[]): IResolvable {
    // The account id is there because Terraform refuses a condition that refers to nothing.
    return Lazy.anyValue({
      produce: (context) =>
        Op.gt(Fn.lengthOf(Fn.concat([[this.accountId], [...producedList(list, context)]])), 1),
    });
  }

  /** Returns a reference to an attribute of a resource that may be registered later. */
  attribute(key: ResourceKey, name: "arn" | "name"): string {
    const id = `${key} ${name}`;
    const known = this.#references.get(id);
    if (known !== undefined) return known;
    const reference = Lazy.stringValue({ produce: () => this.#resource(key)[name] });
    this.#references.set(id, reference);
    this.#ownReferences.add(reference);
    return reference;
  }

  /** Registers the resource of a key. */
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
 * Lets Terraform encode the value of a token of the props as JSON. ARNs and the references created here need no escaping,
 * so they stay readable.
 */
function tokenWriter(isOwn: (token: string) => boolean): TokenWriter {
  const write: TokenWriter = (token) => {
    if (typeof token !== "string") return writeList(token);
    if (token.startsWith("arn:") || isOwn(token)) return quoteWithTokens(token);
    return Token.asString(Fn.jsonencode(joined(token)));
  };
  const writeList = (token: readonly string[]): string =>
    Lazy.stringValue({
      produce: (context) => {
        const list = producedList(token, context);
        return Token.isUnresolved(list) ? Token.asString(Fn.jsonencode(list)) : toJson(list, write);
      },
    });
  return write;
}

/** Returns a token with the text around it, which functions of cdktf do not escape, as an argument of such a function. */
function joined(text: string): string {
  const parts = text.split(/(\$\{TfToken\[[^\]]+\]\})/).filter((part) => part !== "");
  if (parts.length === 1) return text;
  return Fn.join(
    "",
    parts.map((part) =>
      isUnresolved(part) ? part : Token.asString(Lazy.anyValue({ produce: () => quoteForExpression(part) })),
    ),
  );
}

/**
 * Returns the list that a token stands for where cdktf produces it at synth, as for Lazy.listValue; otherwise the token.
 * Functions of cdktf accept a list token only where Terraform knows its value.
 */
function producedList(token: readonly string[], context: IResolveContext): readonly string[] {
  const { suppressBraces } = context;
  let value: unknown = Tokenization.reverseList([...token]);
  while (Tokenization.isResolvable(value)) value = value.resolve(context);
  // An expression changes this for what is in it.
  context.suppressBraces = suppressBraces ?? false;
  if (!Array.isArray(value)) return token;
  return Token.isUnresolved(value) ? producedList(value, context) : value;
}
