import {
  CloudWatchLogsClient,
  ListTagsForResourceCommand as ListLogGroupTagsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  EventBridgeClient,
  ListTagsForResourceCommand as ListRuleTagsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  type GetAccountAuthorizationDetailsResponse,
  GetRoleCommand,
  IAMClient,
  type ManagedPolicyDetail,
  paginateGetAccountAuthorizationDetails,
} from "@aws-sdk/client-iam";
import {
  GetFunctionCommand,
  GetPolicyCommand,
  LambdaClient,
  ListTagsCommand,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import { GetScheduleCommand, paginateListSchedules, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  type AwsSettings,
  allPages,
  awsCall,
  awsCallOrUndefined,
  awsClient,
  mapConcurrently,
} from "../../aws/call";
import { listRules, listTargets } from "../../aws/events";
import { documentOf } from "../../aws/iam";
import { findLogGroup } from "../../aws/logs";
import type {
  AccountFunction,
  AccountReader,
  AccountRole,
  AccountRule,
  AccountSchedule,
  FunctionCode,
  LogGroup,
  ManagedPolicy,
  Permission,
} from "./account";
import { readCode } from "./functions";

/** The clients of the services that are read. */
export interface AwsClients {
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly events: EventBridgeClient;
  readonly scheduler: SchedulerClient;
  readonly logs: CloudWatchLogsClient;
}

export function awsClients(settings: AwsSettings): AwsClients {
  return {
    iam: awsClient(IAMClient, settings),
    lambda: awsClient(LambdaClient, settings),
    events: awsClient(EventBridgeClient, settings),
    scheduler: awsClient(SchedulerClient, settings),
    logs: awsClient(CloudWatchLogsClient, settings),
  };
}

/** Reads an account through the AWS SDK. It changes nothing. */
export class AwsAccount implements AccountReader {
  readonly region: string;
  readonly #clients: AwsClients;

  constructor(region: string, clients: AwsClients) {
    this.region = region;
    this.#clients = clients;
  }

  async roles(): Promise<AccountRole[]> {
    const pages = await this.#authorization(["Role", "LocalManagedPolicy", "AWSManagedPolicy"]);
    const policies = new Map(
      pages
        .flatMap(({ Policies = [] }) => Policies)
        .map((policy) => [policy.Arn ?? "", managedPolicy(policy)]),
    );
    return pages
      .flatMap(({ RoleDetailList = [] }) => RoleDetailList)
      .map((role) => ({
        name: role.RoleName ?? "",
        arn: role.Arn ?? "",
        path: role.Path ?? "/",
        trust: documentOf(role.AssumeRolePolicyDocument),
        ...(role.PermissionsBoundary?.PermissionsBoundaryArn
          ? { boundaryArn: role.PermissionsBoundary.PermissionsBoundaryArn }
          : {}),
        inlinePolicies: (role.RolePolicyList ?? []).map(({ PolicyName = "", PolicyDocument }) => ({
          name: PolicyName,
          document: documentOf(PolicyDocument),
        })),
        managedPolicies: (role.AttachedManagedPolicies ?? []).map(
          ({ PolicyArn = "", PolicyName = "" }) =>
            policies.get(PolicyArn) ?? {
              arn: PolicyArn,
              name: PolicyName,
              document: {},
              attachmentCount: 1,
              otherVersions: [],
            },
        ),
        tagKeys: (role.Tags ?? []).flatMap(({ Key }) => Key ?? []),
      }));
  }

  async detachedPolicies(): Promise<ManagedPolicy[]> {
    const pages = await this.#authorization(["LocalManagedPolicy"]);
    return pages
      .flatMap(({ Policies = [] }) => Policies)
      .filter(
        ({ AttachmentCount, PermissionsBoundaryUsageCount = 0 }) =>
          AttachmentCount === 0 && PermissionsBoundaryUsageCount === 0,
      )
      .map(managedPolicy);
  }

  async #authorization(
    Filter: ("Role" | "LocalManagedPolicy" | "AWSManagedPolicy")[],
  ): Promise<GetAccountAuthorizationDetailsResponse[]> {
    const { iam: client } = this.#clients;
    return await awsCall("iam:GetAccountAuthorizationDetails", () =>
      allPages(paginateGetAccountAuthorizationDetails({ client }, { Filter })),
    );
  }

  async roleDescription(name: string): Promise<string | undefined> {
    const { Role } = await awsCall("iam:GetRole", () =>
      this.#clients.iam.send(new GetRoleCommand({ RoleName: name })),
    );
    return Role?.Description || undefined;
  }

  async functions(): Promise<AccountFunction[]> {
    const pages = await awsCall("lambda:ListFunctions", () =>
      allPages(paginateListFunctions({ client: this.#clients.lambda }, {})),
    );
    return pages
      .flatMap(({ Functions = [] }) => Functions)
      .map((each) => ({
        name: each.FunctionName ?? "",
        arn: each.FunctionArn ?? "",
        roleArn: each.Role ?? "",
        runtime: each.Runtime ?? "",
        handler: each.Handler ?? "",
        architecture: each.Architectures?.[0] ?? "x86_64",
        packageType: each.PackageType ?? "Zip",
        variables: each.Environment?.Variables ?? {},
        inVpc: Boolean(each.VpcConfig?.SubnetIds?.length),
      }));
  }

  async functionCode(name: string): Promise<FunctionCode> {
    const { Code, Configuration } = await awsCall("lambda:GetFunction", () =>
      this.#clients.lambda.send(new GetFunctionCommand({ FunctionName: name })),
    );
    if (!Code?.Location) return { unreadable: "Lambda gives no address of it" };
    return await readCode(Code.Location, Configuration?.Handler ?? "");
  }

  async functionTags(arn: string): Promise<Readonly<Record<string, string>>> {
    const { Tags = {} } = await awsCall("lambda:ListTags", () =>
      this.#clients.lambda.send(new ListTagsCommand({ Resource: arn })),
    );
    return Tags;
  }

  async permissions(functionName: string): Promise<Permission[]> {
    const found = await awsCallOrUndefined("lambda:GetPolicy", () =>
      this.#clients.lambda.send(new GetPolicyCommand({ FunctionName: functionName })),
    );
    const statements: readonly Statement[] = found?.Policy ? JSON.parse(found.Policy).Statement : [];
    return statements.map(({ Sid = "", Principal, Condition = {} }) => {
      const sourceArn = sourceArnOf(Condition);
      return {
        statementId: Sid,
        principal: typeof Principal === "string" ? Principal : (Principal?.Service ?? Principal?.AWS ?? ""),
        ...(sourceArn === undefined ? {} : { sourceArn }),
      };
    });
  }

  async rules(): Promise<AccountRule[]> {
    const rules = await listRules(this.#clients.events);
    const timed = rules.filter(({ ScheduleExpression }) => ScheduleExpression);
    return await mapConcurrently(
      timed,
      async ({ Name = "", Arn = "", ScheduleExpression = "", State, ManagedBy }) => ({
        name: Name,
        expression: ScheduleExpression,
        enabled: State !== "DISABLED",
        ...(ManagedBy ? { managedBy: ManagedBy } : {}),
        tagKeys: await this.#ruleTagKeys(Arn),
        targets: await this.#targets(Name),
      }),
    );
  }

  async ruleNames(): Promise<string[]> {
    const rules = await listRules(this.#clients.events);
    return rules.flatMap(({ Name }) => Name ?? []);
  }

  async #ruleTagKeys(arn: string): Promise<string[]> {
    const { Tags = [] } = await awsCall("events:ListTagsForResource", () =>
      this.#clients.events.send(new ListRuleTagsCommand({ ResourceARN: arn })),
    );
    return Tags.flatMap(({ Key }) => Key ?? []);
  }

  async #targets(rule: string): Promise<AccountRule["targets"]> {
    const targets = await listTargets(this.#clients.events, rule);
    return targets.map(({ Id = "", Arn = "", Input, InputTransformer }) => {
      const input = Input || InputTransformer?.InputTemplate;
      return { id: Id, arn: Arn, ...(input ? { input } : {}) };
    });
  }

  async schedules(): Promise<AccountSchedule[]> {
    const pages = await awsCall("scheduler:ListSchedules", () =>
      allPages(paginateListSchedules({ client: this.#clients.scheduler }, {})),
    );
    const listed = pages.flatMap(({ Schedules = [] }) => Schedules);
    return await mapConcurrently(listed, async ({ GroupName = "default", Name = "" }) => {
      const schedule = await awsCall("scheduler:GetSchedule", () =>
        this.#clients.scheduler.send(new GetScheduleCommand({ GroupName, Name })),
      );
      return {
        group: GroupName,
        name: Name,
        expression: schedule.ScheduleExpression ?? "",
        timezone: schedule.ScheduleExpressionTimezone ?? "UTC",
        enabled: schedule.State !== "DISABLED",
        targetArn: schedule.Target?.Arn ?? "",
        roleArn: schedule.Target?.RoleArn ?? "",
        ...(schedule.Target?.Input ? { input: schedule.Target.Input } : {}),
      };
    });
  }

  async logGroup(name: string): Promise<LogGroup | undefined> {
    const found = await findLogGroup(this.#clients.logs, name);
    if (found === undefined) return undefined;
    return {
      name,
      ...(found.retentionInDays === undefined ? {} : { retentionDays: found.retentionInDays }),
      ...(found.kmsKeyId === undefined ? {} : { kmsKeyArn: found.kmsKeyId }),
      tagKeys: await this.#logGroupTagKeys(found.arn ?? ""),
    };
  }

  async #logGroupTagKeys(arn: string): Promise<string[]> {
    const { tags = {} } = await awsCall("logs:ListTagsForResource", () =>
      // The group itself, where its ARN stands for its streams too.
      this.#clients.logs.send(new ListLogGroupTagsCommand({ resourceArn: arn.replace(/:\*$/, "") })),
    );
    return Object.keys(tags);
  }
}

interface Statement {
  readonly Sid?: string;
  readonly Principal?: string | { readonly Service?: string; readonly AWS?: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Lambda writes it as `ArnLike`, with `AWS:SourceArn`. */
function sourceArnOf(condition: NonNullable<Statement["Condition"]>): string | undefined {
  const found = ["ArnLike", "ArnEquals", "StringEquals", "StringLike"].flatMap((operator) =>
    Object.entries(condition[operator] ?? {}).filter(([key]) => key.toLowerCase() === "aws:sourcearn"),
  );
  const value = found.length === 1 ? found[0]?.[1] : undefined;
  return typeof value === "string" ? value : undefined;
}

function managedPolicy(policy: ManagedPolicyDetail): ManagedPolicy {
  const inForce = policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion);
  const others = policy.PolicyVersionList?.filter(({ IsDefaultVersion }) => !IsDefaultVersion) ?? [];
  const arn = policy.Arn ?? "";
  return {
    arn,
    name: policy.PolicyName || arn.slice(arn.lastIndexOf("/") + 1),
    document: documentOf(inForce?.Document),
    attachmentCount: policy.AttachmentCount ?? 0,
    otherVersions: others.flatMap(({ VersionId }) => VersionId ?? []),
  };
}
