import { DefaultTokenResolver, StringConcat, TerraformProvider, TerraformStack, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import type { Plan } from "../model/plan";

/** A construct with the plan that its resources are named after. */
export interface NamedConstruct extends IConstruct {
  readonly names: ResourceNames;
  /** Its own AWS provider, if it is not the stack's. */
  readonly provider?: TerraformProvider;
}

/**
 * Names that no other construct may have: of roles in the account, which do not differ by case, and in the region the prefix
 * of rules, alarms, topic and queue, and the names of functions and schedule groups.
 */
export interface ResourceNames {
  readonly prefix: string;
  readonly roles: readonly string[];
  readonly functions: readonly string[];
  readonly groups: readonly string[];
  readonly region: string;
  readonly accountIds?: readonly string[];
}

export function resourceNames({ names, actions, props }: Plan): ResourceNames {
  const byScheduler = props.trigger === "scheduler";
  return {
    prefix: names.prefix,
    roles: [
      ...(props.roleArn === undefined ? [names.functionRole] : []),
      ...((byScheduler || props.followUps) && props.schedulerRoleArn === undefined
        ? [names.schedulerRole]
        : []),
    ],
    functions: actions.map((action) => names.functions[action]),
    groups: [
      ...(byScheduler ? [names.scheduleGroup] : []),
      ...(props.followUps ? [names.followUpGroup] : []),
    ],
    region: props.region,
    ...(props.allowedAccountIds && { accountIds: props.allowedAccountIds }),
  };
}

/**
 * Returns the errors of a construct whose resources have the names of another one's in the same app. AWS would refuse them
 * in apply, or let two stacks change one resource in turn.
 * @param others the constructs of the app before this one, so that each pair is reported once
 */
export function nameCollisions(construct: NamedConstruct, others: readonly NamedConstruct[]): string[] {
  const { prefix, roles, functions, groups, region } = construct.names;
  return others.flatMap((other) => {
    const otherRoles = other.names.roles.map((name) => name.toLowerCase());
    const resources = [
      ...roles.filter((name) => otherRoles.includes(name.toLowerCase())).map((name) => `the role ${name}`),
      ...(region === other.names.region
        ? [
            ...functions
              .filter((name) => other.names.functions.includes(name))
              .map((name) => `the function ${name}`),
            ...groups
              .filter((name) => other.names.groups.includes(name))
              .map((name) => `the schedule group ${name}`),
          ]
        : []),
    ];
    const isSamePrefix = prefix === other.names.prefix && region === other.names.region;
    const found = resources.length === 0 && isSamePrefix ? [`the name ${prefix}`] : resources;
    // Last, since it searches the stacks of both for their providers.
    if (found.length === 0 || mayBeInOtherAccount(construct, other)) return [];
    const advice =
      TerraformStack.of(construct) === TerraformStack.of(other)
        ? ""
        : ", or other `allowedAccountIds` or providers where the stacks are of other accounts";
    return `expected \`name\` and names of \`functions\` that are unique in the AWS account${advice}, got ${found.join(" and ")} of ${other.node.path} again`;
  });
}

function mayBeInOtherAccount(one: NamedConstruct, two: NamedConstruct): boolean {
  const [ids, others] = [one.names.accountIds, two.names.accountIds];
  if (ids && others && !ids.some((id) => others.includes(id))) return true;
  return credentialsOf(one) !== credentialsOf(two);
}

/** Arguments of the AWS provider that decide on the account. */
const ACCOUNT_ARGUMENTS = [
  "access_key",
  "allowed_account_ids",
  "assume_role",
  "assume_role_with_web_identity",
  "endpoints",
  "profile",
  "shared_config_files",
  "shared_credentials_files",
  "token",
];

function credentialsOf(construct: NamedConstruct): string {
  const stack = TerraformStack.of(construct);
  const providers = construct.provider
    ? [construct.provider]
    : stack.node
        .findAll()
        .filter((each): each is TerraformProvider => each instanceof TerraformProvider)
        .filter(({ terraformResourceType, alias }) => terraformResourceType === "aws" && alias === undefined);
  const settings = providers.map((provider) => {
    const resolver = new DefaultTokenResolver(new StringConcat());
    const { aws = [] } =
      Tokenization.resolve(provider.toTerraform(), { scope: stack, resolver }).provider ?? {};
    return aws.map((each: Readonly<Record<string, unknown>>) =>
      ACCOUNT_ARGUMENTS.map((argument) => each[argument] ?? null),
    );
  });
  return JSON.stringify(settings);
}
