import type { Action } from "../contract/actions";
import { defined } from "../contract/collections";
import type { FollowUpSettings } from "../contract/follow-ups";
import { type Architecture, FUNCTION_SETTINGS, type LogLevel, TIMEZONE } from "../contract/limits";
import type { FunctionVariable } from "../contract/request";
import { MINUTE_MS } from "../contract/units";
import { WATCH_EXPRESSION, WATCH_LATEST_MINUTES, WATCH_NAME } from "../contract/watch";
import type { Schedule } from "../schedule";
import { adoptedRule, adoptedRuleNames, adoptedSchedule } from "./adoption";
import { type AlarmSpec, alarmsOf } from "./alarms";
import { AccountArns, type ArnSource } from "./arns";
import { deployedSchedules } from "./deployed-schedules";
import {
  ADOPTED_RULE_STATEMENT_PREFIX,
  FUNCTION_HANDLER,
  FUNCTION_POLICY_NAME,
  logGroupName,
  RULE_TARGET_ID,
  RULES_STATEMENT_PREFIX,
  ruleKeys,
} from "./names";
import { hasServiceChecks, hasWarnings, type Plan, type PlannedSchedule } from "./plan";
import {
  alertKeyPolicy,
  alertTopicPolicy,
  deadLetterQueuePolicy,
  LAMBDA_TRUST,
  type PolicyDocument,
  type ResourcePolicy,
  rolePolicy,
  SERVICE_PRINCIPALS,
  schedulerPolicy,
  schedulerTrust,
} from "./policies";
import { pathTo } from "./problem";
import type { VpcSettings } from "./props";
import {
  RULE_INPUT_PATHS,
  requestInput,
  ruleInputTemplate,
  schedulerInput,
  type TriggerInput,
} from "./requests";
import { functionEventAgeSeconds, MAX_RETRIES, triggerEventAgeSeconds } from "./retry-policy";
import { isUnresolvedList, PLAIN_TEXT, type TextWriter } from "./terraform-text";
import { enabledRates, watchedSchedules, watchRequest } from "./watch";

/**
 * Every AWS resource of a config, as plain data. Props (`props.ts`) are turned into a plan (`plan.ts`), and the plan into
 * a blueprint. The constructs render it, the size checks measure it, `doctor` compares it with an account, and a test
 * compares the module with it. Its parts come from `names.ts`, `policies.ts`, `requests.ts`, `retry-policy.ts` and
 * `alarms.ts`.
 */
export interface Blueprint {
  /** Accounts in which a plan may succeed. */
  readonly accountGuard?: AccountGuard;
  readonly functionRole: RoleSpec;
  /** One function per action that a schedule has. */
  readonly functions: readonly FunctionSpec[];
  /** Rules of trigger `event-rule`, else empty. */
  readonly rules: readonly RuleSpec[];
  /** Set for trigger `scheduler`. */
  readonly scheduler?: SchedulerSpec;
  readonly followUps?: FollowUpsSpec;
  readonly alerts?: AlertsSpec;
  /** Tags of every resource that supports tags. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AccountGuard {
  readonly accountIds: readonly string[];
  /** Error message of a plan in any other account. */
  readonly errorMessage: string;
}

export interface RoleSpec {
  readonly name: string;
  /** Built from the name instead of the resource attribute, so that `terraform plan` can show policies that contain it. */
  readonly arn: string;
  readonly path?: string;
  readonly description?: string;
  readonly trust: ResourcePolicy;
  readonly policyName: string;
  readonly policy: PolicyDocument;
  readonly boundaryArn?: string;
  /** ARNs of the managed policies that an adopted role keeps. Not set for a new role. */
  readonly onlyPolicyArns?: readonly string[];
  /** List tokens in the policy. IAM refuses a statement without resources, at apply. */
  readonly requiredLists?: readonly RequiredList[];
  readonly importId?: string;
  /** Set for a role of your own, of which nothing is made: it needs this trust and this policy. */
  readonly given?: true;
}

/** A list token that may not be empty. */
export interface RequiredList {
  /** Path in the props. */
  readonly path: string;
  readonly values: readonly string[];
}

export interface FunctionSpec {
  readonly action: Action;
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly roleArn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: Architecture;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly vpc?: VpcSettings;
  readonly requiredLists: readonly RequiredList[];
  /** Whether X-Ray traces the runs. */
  readonly traces: boolean;
  readonly reservedConcurrency?: number;
  readonly logFormat: string;
  /** Lowest level of the lines that Lambda keeps; not set for Lambda's own. */
  readonly logLevel?: LogLevel;
  readonly logGroup: string;
  readonly logRetentionDays: number;
  readonly logGroupKmsKeyArn?: string;
  /** Whether Terraform leaves the log group where it would destroy it. */
  readonly keepLogGroup: boolean;
  readonly maxRetries: number;
  /** Maximum event age of asynchronous invocations. */
  readonly maxEventAgeSeconds: number;
  /** ARN of the topic that receives the records of failed runs. */
  readonly onFailureArn?: string;
  /** Permission of the rules to invoke it, for trigger `event-rule`. */
  readonly permission?: PermissionSpec;
  readonly importId?: string;
  readonly logGroupImportId?: string;
}

/** A statement of a function's resource policy. */
export interface PermissionSpec {
  readonly statementId: string;
  readonly principal: string;
  readonly sourceArn: string;
}

/** Target of a rule or EventBridge schedule: the function, its input and the retries. */
export interface TargetSpec {
  /** Key of the entry in `schedules`. Not set for the watch, which has none. */
  readonly scheduleKey?: string;
  readonly action: Action;
  readonly functionName: string;
  readonly functionArn: string;
  readonly input: string;
  readonly maxRetries: number;
  readonly maxEventAgeSeconds: number;
  readonly deadLetterArn?: string;
}

export interface RuleSpec extends TargetSpec {
  /** Name without the prefix. An adopted rule has a name of its own. */
  readonly key: string;
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  /** Expression in UTC. */
  readonly expression: string;
  readonly enabled: boolean;
  readonly targetId: string;
  readonly inputPaths: Readonly<Record<string, string>>;
  /** Permission of an adopted rule to invoke its function. */
  readonly permission?: PermissionSpec;
  readonly importId?: string;
  readonly targetImportId?: string;
}

export interface SchedulerSpec {
  readonly group: string;
  /** Role with which the schedules invoke the functions. */
  readonly role: RoleSpec;
  readonly schedules: readonly ScheduleSpec[];
}

export interface ScheduleSpec extends TargetSpec {
  /** Name in requests and reports. */
  readonly key: string;
  readonly group: string;
  readonly name: string;
  readonly description: string;
  readonly expression: string;
  /** IANA zone. */
  readonly timezone: string;
  /** Both in UTC, as EventBridge Scheduler takes them. */
  readonly startDate?: string;
  readonly endDate?: string;
  readonly enabled: boolean;
  readonly roleArn: string;
  readonly importId?: string;
}

/** What the functions write one-time schedules with. */
export interface FollowUpsSpec {
  readonly group: string;
  /** Role with which the follow-ups invoke the functions. Not set if the trigger has it, being EventBridge Scheduler. */
  readonly role?: RoleSpec;
}

/** Dead-letter queue for events that a trigger could not deliver, encrypted by SQS. */
export interface QueueSpec {
  readonly name: string;
  readonly retentionSeconds: number;
  /** Set for trigger `event-rule`: rules send as a service; schedules send with their role. */
  readonly policy?: ResourcePolicy;
}

export interface AlertsSpec {
  readonly deadLetterQueue: QueueSpec;
  /** ARN of the given or created topic. */
  readonly topicArn: string;
  /** Created for an e-mail address. */
  readonly topic?: TopicSpec;
  readonly alarms: readonly AlarmSpec[];
}

/**
 * An encrypted topic with one e-mail subscription. It has a KMS key of its own, because the policy of the AWS managed key
 * `alias/aws/sns` does not allow CloudWatch alarms and cannot be changed.
 */
export interface TopicSpec {
  readonly name: string;
  readonly policy: ResourcePolicy;
  readonly email: string;
  readonly key: {
    readonly description: string;
    readonly policy: ResourcePolicy;
    /** Whether the policy contains the role of the functions, which must then be created first. */
    readonly namesFunctionRole: boolean;
  };
}

const WATCH_DESCRIPTION = "Tells the alarms on missed firings when schedules fire";

/** Two weeks, SQS's maximum. */
const QUEUE_RETENTION_SECONDS = 1_209_600;

/**
 * Returns the blueprint of a plan.
 * @param arns references for Terraform, ARNs of an account for every other reader
 * @param writer writes texts from the config, and JSON that contains them
 */
export function blueprint(plan: Plan, arns: ArnSource, writer: TextWriter = PLAIN_TEXT): Blueprint {
  return new BlueprintBuilder(plan, arns, writer).build();
}

/** Returns the roles of your own that a plan names, with the policies that they need in their account. */
export function givenRoles(plan: Plan): RoleSpec[] {
  const { roleArn, schedulerRoleArn } = plan.props;
  const [, partition = "", , , id = ""] = (roleArn ?? schedulerRoleArn ?? "").split(":");
  const { functionRole, scheduler, followUps } = blueprint(plan, new AccountArns({ id, partition }));
  return [functionRole, scheduler?.role ?? followUps?.role].flatMap((role) => (role?.given ? [role] : []));
}

class BlueprintBuilder {
  readonly #plan: Plan;
  readonly #arns: ArnSource;
  readonly #writer: TextWriter;
  /** Whether failed starts notify the topic, because alarms cannot name the services that do not run. */
  readonly #checksServices: boolean;
  readonly #warns: boolean;
  /** Action of the function that runs the watch; undefined where there is nothing to watch. */
  readonly #watchAction: Action | undefined;
  readonly #functionEventAges: Readonly<Record<Action, number>>;

  constructor(plan: Plan, arns: ArnSource, writer: TextWriter) {
    this.#plan = plan;
    this.#arns = arns;
    this.#writer = writer;
    this.#checksServices = hasServiceChecks(plan.targets);
    this.#warns = hasWarnings(plan.schedules);
    this.#watchAction = watchedSchedules(plan.props, plan.schedules).length > 0 ? plan.actions[0] : undefined;
    this.#functionEventAges = { stop: eventAgeOf("stop", plan), start: eventAgeOf("start", plan) };
  }

  build(): Blueprint {
    const { props, schedules } = this.#plan;
    const byScheduler = props.trigger === "scheduler";
    const rules = byScheduler
      ? []
      : [
          ...schedules.flatMap((planned) => [...this.#rules(planned), ...this.#warningRules(planned)]),
          ...this.#watchRules(),
        ];
    return defined({
      accountGuard: this.#accountGuard(),
      functionRole: this.#functionRole(),
      functions: this.#plan.actions.map((action) => this.#function(action)),
      rules,
      scheduler: byScheduler ? this.#scheduler() : undefined,
      followUps: props.followUps ? this.#followUps() : undefined,
      alerts: props.alerts && this.#alerts(),
      tags: props.tags && this.#textMap(props.tags),
    });
  }

  #accountGuard(): AccountGuard | undefined {
    const { allowedAccountIds: accountIds } = this.#plan.props;
    if (!accountIds?.length) return undefined;
    const errorMessage = `This configuration may only be used in the accounts ${accountIds.join(", ")}.`;
    return { accountIds, errorMessage };
  }

  #functionRole(): RoleSpec {
    const { props, names } = this.#plan;
    const trusted = { trust: LAMBDA_TRUST, policyName: FUNCTION_POLICY_NAME, policy: this.#functionPolicy() };
    const { roleArn } = props;
    if (roleArn !== undefined) return { name: names.functionRole, arn: roleArn, ...trusted, given: true };
    const { description, keepPolicyArns = [] } = props.adopt?.role ?? {};
    const path = this.#functionRolePath();
    return defined({
      ...this.#role(names.functionRole, path),
      description: description === undefined ? undefined : this.#writer.text(description),
      ...trusted,
      onlyPolicyArns: props.adopt?.role && keepPolicyArns,
      requiredLists: this.#listsOfPolicy(),
      importId: props.adopt?.role && names.functionRole,
    });
  }

  /** Returns the lists of which the policy of the functions' role is made. */
  #listsOfPolicy(): RequiredList[] {
    const { props, schedules, actions } = this.#plan;
    const names = new Set(schedules.flatMap(({ targetNames }) => targetNames));
    return [
      ...[...names].map((name) => ({
        path: `${pathTo("targets", name)}.instanceIds`,
        values: props.targets[name]?.instanceIds ?? [],
      })),
      { path: "kmsKeyArns", values: (actions.includes("start") && props.kmsKeyArns) || [] },
    ].filter(({ values }) => isUnresolvedList(values));
  }

  /** Returns the lists of which a function is made. Without a role of its own, nothing else tells of those of a policy. */
  #listsOfFunction(): RequiredList[] {
    const { functions, roleArn } = this.#plan.props;
    const ofVpc = Object.entries(functions?.vpc ?? {}).map(([key, values]) => ({
      path: `functions.vpc.${key}`,
      values: values as readonly string[],
    }));
    return [
      ...ofVpc.filter(({ values }) => isUnresolvedList(values)),
      ...(roleArn === undefined ? [] : this.#listsOfPolicy()),
    ];
  }

  #functionPolicy(): PolicyDocument {
    const { props, names, targets, actions } = this.#plan;
    return rolePolicy(
      defined({
        arns: this.#arns,
        region: props.region,
        functionNames: actions.map((action) => names.functions[action]),
        targets,
        kmsKeyArns: props.kmsKeyArns ?? [],
        alertTopicArn: props.alerts && this.#checksServices ? this.#topicArn() : undefined,
        warningTopicArn: props.alerts && this.#warns ? this.#topicArn() : undefined,
        successTopicArn: props.alerts?.onSuccess ? this.#topicArn() : undefined,
        followUps: props.followUps
          ? {
              // The `*` stands for the names of the follow-ups, which the functions make.
              scheduleArns: `${this.#arn("scheduler")}:schedule/${names.followUpGroup}/*`,
              roleArn: this.#predictedSchedulerRoleArn(),
            }
          : undefined,
        eventBusArn: props.events ? `${this.#arn("events")}:event-bus/default` : undefined,
        inVpc: props.functions?.vpc && true,
        traces: props.functions?.tracing,
      }),
    );
  }

  #function(action: Action): FunctionSpec {
    const { props, names } = this.#plan;
    const { functions: settings = {}, alerts } = props;
    const adopted = props.adopt?.functions?.[action];
    const name = names.functions[action];
    const logGroup = logGroupName(name);
    const notifiesTopic = action === "start" && this.#checksServices;
    return defined({
      action,
      name,
      arn: this.#functionArn(action),
      description: `${action === "stop" ? "Stops" : "Starts"} EC2 instances when a schedule says so`,
      roleArn: props.roleArn ?? this.#arns.attribute("functionRole", "arn", this.#predictedFunctionRoleArn()),
      handler: FUNCTION_HANDLER,
      runtime: settings.runtime ?? FUNCTION_SETTINGS.runtime.default,
      architecture: settings.architecture ?? FUNCTION_SETTINGS.architecture.default,
      timeoutSeconds: settings.timeoutSeconds ?? FUNCTION_SETTINGS.timeoutSeconds.default,
      memoryMb: settings.memoryMb ?? FUNCTION_SETTINGS.memoryMb.default,
      variables: this.#variables(action),
      vpc: settings.vpc,
      requiredLists: this.#listsOfFunction(),
      traces: settings.tracing ?? false,
      reservedConcurrency: settings.reservedConcurrency,
      logFormat: "JSON",
      logLevel: settings.logLevel,
      logGroup,
      logRetentionDays: settings.logRetentionDays ?? FUNCTION_SETTINGS.logRetentionDays.default,
      logGroupKmsKeyArn: adopted?.logGroupKmsKeyArn ?? settings.logGroupKmsKeyArn,
      keepLogGroup: settings.keepLogGroups ?? false,
      maxRetries: MAX_RETRIES,
      maxEventAgeSeconds: this.#functionEventAges[action],
      onFailureArn: alerts && notifiesTopic ? this.#topicArnAttribute() : undefined,
      permission: props.trigger === "scheduler" ? undefined : this.#rulesPermission(),
      importId: adopted && name,
      logGroupImportId: adopted?.logGroup ? logGroup : undefined,
    });
  }

  /** Returns the environment variables of a function. */
  #variables(action: Action): Record<string, string> {
    const { props, schedules, targets } = this.#plan;
    const { holdTag, maxInstances, followUps, events } = props;
    const onSuccess = props.alerts?.onSuccess ?? false;
    const enabled = schedules.filter((planned) => planned.action === action && planned.enabled);
    const hibernates = enabled.length > 0 && enabled.every(({ request }) => request.hibernate === true);
    return defined({
      ACTION: action,
      TARGETS: this.#writer.json(targets[action] ?? []),
      HIBERNATE: hibernates ? "true" : undefined,
      HOLD_TAG: holdTag === undefined ? undefined : this.#writer.text(holdTag),
      MAX_INSTANCES: maxInstances === undefined ? undefined : String(maxInstances),
      FOLLOW_UPS: followUps ? this.#writer.json(this.#followUpSettings()) : undefined,
      SCHEDULES: followUps ? this.#writer.json(deployedSchedules(this.#plan)) : undefined,
      TOPIC_ARN: onSuccess || (action === "stop" && this.#warns) ? this.#topicArnAttribute() : undefined,
      ON_SUCCESS: onSuccess ? "true" : undefined,
      EVENTS: events ? "true" : undefined,
    } satisfies Record<FunctionVariable, string | undefined>);
  }

  #followUpSettings(): FollowUpSettings {
    const { props, names } = this.#plan;
    return defined({
      group: this.#arns.attribute("followUpGroup", "name", names.followUpGroup),
      roleArn: this.#schedulerRoleArn(),
      deadLetterArn: props.alerts && this.#queueArnAttribute(),
    });
  }

  /** One permission for all rules, because the resource policy of a function is limited to 20 KB. */
  #rulesPermission(): PermissionSpec {
    return {
      statementId: `${RULES_STATEMENT_PREFIX}${this.#plan.names.prefix}`,
      principal: SERVICE_PRINCIPALS.events,
      // The `*` stands for the names of the schedules: the rules of this deployment begin so, and those of no other.
      sourceArn: this.#ruleArn(`${this.#plan.names.scope}*`),
    };
  }

  #rules(planned: PlannedSchedule): RuleSpec[] {
    const { props, names } = this.#plan;
    return ruleKeys(planned.name, planned.utcExpressions).map((key, index) => {
      const adopted = index === 0 ? adoptedRule(props.adopt?.schedules, planned.name) : undefined;
      const name = adopted?.rule ?? `${names.scope}${key}`;
      const arn = this.#arns.attribute(`rule ${key}`, "arn", this.#ruleArn(name));
      return defined({
        key,
        name,
        arn,
        description: this.#writer.text(planned.description),
        expression: planned.utcExpressions[index] ?? "",
        enabled: planned.enabled,
        targetId: adopted?.targetId ?? RULE_TARGET_ID,
        inputPaths: RULE_INPUT_PATHS,
        ...this.#target(planned, ruleInputTemplate(requestInput(planned.request), this.#writer)),
        // An adopted rule may lack the prefix, and its existing permission cannot be adopted.
        permission: adopted && {
          // Unlike names of rules, statement ids may not contain dots.
          statementId: `${ADOPTED_RULE_STATEMENT_PREFIX}${name.replaceAll(".", "_dot_")}`,
          principal: SERVICE_PRINCIPALS.events,
          sourceArn: arn,
        },
        importId: adopted?.rule,
        targetImportId: adopted && `${adopted.rule}/${adopted.targetId}`,
      });
    });
  }

  #warningRules(planned: PlannedSchedule): RuleSpec[] {
    const { warning, enabled } = planned;
    if (warning === undefined) return [];
    return ruleKeys(warning.name, warning.expressions).map((key, index) => {
      const name = `${this.#plan.names.scope}${key}`;
      return {
        key,
        name,
        arn: this.#arns.attribute(`rule ${key}`, "arn", this.#ruleArn(name)),
        description: this.#warningDescription(planned),
        expression: warning.expressions[index] ?? "",
        enabled,
        targetId: RULE_TARGET_ID,
        inputPaths: RULE_INPUT_PATHS,
        ...this.#warningTarget(planned, ruleInputTemplate(requestInput(warning.request), this.#writer)),
      };
    });
  }

  #warningSchedules(planned: PlannedSchedule): ScheduleSpec[] {
    const { warning, enabled, schedule } = planned;
    if (warning === undefined) return [];
    const warnMinutes = warning.request.warnMinutes ?? 0;
    return ruleKeys(warning.name, warning.expressions).map((key, index) => ({
      key,
      group: this.#arns.attribute("scheduleGroup", "name", this.#plan.names.scheduleGroup),
      name: key,
      description: this.#warningDescription(planned),
      expression: warning.expressions[index] ?? "",
      timezone: schedule.timezone,
      ...schedulerDates(schedule, warnMinutes),
      enabled,
      roleArn: this.#schedulerRoleArn(),
      ...this.#warningTarget(planned, schedulerInput(requestInput(warning.request), this.#writer)),
    }));
  }

  #warningDescription({ name, warning }: PlannedSchedule): string {
    return `Warns ${warning?.request.warnMinutes} minutes before ${name}`;
  }

  /** Once the stop is due, its warning is of no use. */
  #warningTarget(planned: PlannedSchedule, input: string): TargetSpec {
    const { latestMinutes, warning } = planned;
    const latest = Math.min(latestMinutes, warning?.request.warnMinutes ?? latestMinutes);
    return this.#target({ ...planned, latestMinutes: latest }, input);
  }

  #watchRules(): RuleSpec[] {
    if (this.#watchAction === undefined) return [];
    const name = `${this.#plan.names.scope}${WATCH_NAME}`;
    return [
      {
        key: WATCH_NAME,
        name,
        arn: this.#arns.attribute(`rule ${WATCH_NAME}`, "arn", this.#ruleArn(name)),
        description: WATCH_DESCRIPTION,
        expression: WATCH_EXPRESSION,
        enabled: true,
        targetId: RULE_TARGET_ID,
        inputPaths: RULE_INPUT_PATHS,
        ...this.#watchTarget(this.#watchAction, ruleInputTemplate(this.#watchInput(), this.#writer)),
      },
    ];
  }

  #watchSchedules(): ScheduleSpec[] {
    if (this.#watchAction === undefined) return [];
    return [
      {
        key: WATCH_NAME,
        group: this.#arns.attribute("scheduleGroup", "name", this.#plan.names.scheduleGroup),
        name: WATCH_NAME,
        description: WATCH_DESCRIPTION,
        expression: WATCH_EXPRESSION,
        timezone: TIMEZONE.default,
        enabled: true,
        roleArn: this.#schedulerRoleArn(),
        ...this.#watchTarget(this.#watchAction, schedulerInput(this.#watchInput(), this.#writer)),
      },
    ];
  }

  #watchInput(): TriggerInput {
    return { head: { watch: WATCH_NAME }, tail: watchRequest(this.#plan) };
  }

  #watchTarget(action: Action, input: string): TargetSpec {
    return this.#target({ action, latestMinutes: WATCH_LATEST_MINUTES }, input);
  }

  #scheduler(): SchedulerSpec {
    const { names, schedules } = this.#plan;
    return {
      group: names.scheduleGroup,
      role: this.#schedulerRole(),
      schedules: [
        ...schedules.flatMap((planned) => [this.#schedule(planned), ...this.#warningSchedules(planned)]),
        ...this.#watchSchedules(),
      ],
    };
  }

  #followUps(): FollowUpsSpec {
    const { props, names } = this.#plan;
    const role = props.trigger === "scheduler" ? undefined : this.#schedulerRole();
    return defined({ group: names.followUpGroup, role });
  }

  #schedulerRole(): RoleSpec {
    const { props, names, schedules, actions } = this.#plan;
    const byScheduler = props.trigger === "scheduler";
    const adoptedGroups = schedules.flatMap(({ name }) => this.#adoptedSchedule(name)?.group ?? []);
    const groupArns = [
      ...(byScheduler
        ? [this.#arns.attribute("scheduleGroup", "arn", this.#groupArn(names.scheduleGroup))]
        : []),
      ...(props.followUps
        ? [this.#arns.attribute("followUpGroup", "arn", this.#groupArn(names.followUpGroup))]
        : []),
      ...[...new Set(adoptedGroups)].map((group) => this.#groupArn(group)),
    ];
    const { schedulerRoleArn } = props;
    return {
      ...(schedulerRoleArn === undefined
        ? this.#role(names.schedulerRole, props.rolePath)
        : { name: names.schedulerRole, arn: schedulerRoleArn, given: true as const }),
      trust: schedulerTrust(this.#arns.accountId, groupArns),
      policyName: "invoke-functions",
      policy: schedulerPolicy(
        actions.map((action) => this.#functionArn(action)),
        props.alerts ? this.#queueArnAttribute() : undefined,
      ),
    };
  }

  #schedulerRoleArn(): string {
    const { schedulerRoleArn } = this.#plan.props;
    return (
      schedulerRoleArn ?? this.#arns.attribute("schedulerRole", "arn", this.#predictedSchedulerRoleArn())
    );
  }

  #predictedSchedulerRoleArn(): string {
    const { props, names } = this.#plan;
    return props.schedulerRoleArn ?? this.#roleArn(names.schedulerRole, props.rolePath);
  }

  #schedule(planned: PlannedSchedule): ScheduleSpec {
    const { names } = this.#plan;
    const adopted = this.#adoptedSchedule(planned.name);
    return defined({
      key: planned.name,
      group: adopted?.group ?? this.#arns.attribute("scheduleGroup", "name", names.scheduleGroup),
      name: adopted?.name ?? planned.name,
      description: this.#writer.text(planned.description),
      expression: planned.schedule.expression,
      timezone: planned.schedule.timezone,
      ...schedulerDates(planned.schedule),
      enabled: planned.enabled,
      roleArn: this.#schedulerRoleArn(),
      ...this.#target(planned, schedulerInput(requestInput(planned.request), this.#writer)),
      importId: adopted && `${adopted.group}/${adopted.name}`,
    });
  }

  #target(
    {
      key,
      action,
      latestMinutes,
    }: Pick<PlannedSchedule, "action" | "latestMinutes"> & { readonly key?: string },
    input: string,
  ): TargetSpec {
    return defined({
      scheduleKey: key,
      action,
      functionName: this.#plan.names.functions[action],
      functionArn: this.#functionArn(action),
      input,
      maxRetries: MAX_RETRIES,
      maxEventAgeSeconds: triggerEventAgeSeconds(latestMinutes, this.#functionEventAges[action]),
      deadLetterArn: this.#plan.props.alerts && this.#queueArnAttribute(),
    });
  }

  #deadLetterQueue(): QueueSpec {
    const { props, names } = this.#plan;
    // The `*` stands for the names of the schedules: the rules of this deployment begin so, and those of no other.
    const rules = [`${names.scope}*`, ...adoptedRuleNames(props.adopt)].map((name) => this.#ruleArn(name));
    return defined({
      name: names.deadLetterQueue,
      retentionSeconds: QUEUE_RETENTION_SECONDS,
      policy: props.trigger === "scheduler" ? undefined : deadLetterQueuePolicy(this.#queueArn(), rules),
    });
  }

  #alerts(): AlertsSpec {
    const { props, names, schedules, actions } = this.#plan;
    const { alerts = {} } = props;
    const functionNames = actions.map(
      (action) =>
        [action, this.#arns.attribute(`function ${action}`, "name", names.functions[action])] as const,
    );
    const alarms = alarmsOf(
      {
        scope: names.scope,
        functionNames: Object.fromEntries(functionNames),
        timeoutSeconds: props.functions?.timeoutSeconds ?? FUNCTION_SETTINGS.timeoutSeconds.default,
        watched: watchedSchedules(props, schedules),
        rates: enabledRates(props, schedules),
        watchAction: this.#watchAction,
        queue: {
          name: names.deadLetterQueue,
          dimension: this.#arns.attribute("deadLetterQueue", "name", names.deadLetterQueue),
        },
      },
      this.#writer,
    );
    return defined({
      deadLetterQueue: this.#deadLetterQueue(),
      topicArn: this.#topicArnAttribute(),
      topic: alerts.snsTopicArn === undefined ? this.#topic(alerts.email ?? "") : undefined,
      alarms,
    });
  }

  #topic(email: string): TopicSpec {
    const { props, names } = this.#plan;
    const publishes = this.#checksServices || this.#warns || (props.alerts?.onSuccess ?? false);
    const alarms = {
      accountId: this.#arns.accountId,
      // The `*` stands for what the alarms watch: the alarms of this deployment begin so, and those of no other.
      alarmArns: `${this.#arn("cloudwatch")}:alarm:${names.scope}*`,
    };
    return {
      name: names.alertTopic,
      policy: alertTopicPolicy(this.#topicArnAttribute(), alarms),
      email: this.#writer.text(email),
      key: {
        description: `Encrypts the alerts of ${names.prefix}`,
        policy: alertKeyPolicy(
          `${this.#arn("iam", "")}:root`,
          publishes ? this.#predictedFunctionRoleArn() : undefined,
        ),
        namesFunctionRole: publishes,
      },
    };
  }

  #adoptedSchedule(name: string) {
    return adoptedSchedule(this.#plan.props.adopt?.schedules, name);
  }

  #role(name: string, path?: string): Pick<RoleSpec, "name" | "arn" | "path" | "boundaryArn"> {
    const { permissionsBoundaryArn } = this.#plan.props;
    return defined({
      name,
      arn: this.#roleArn(name, path),
      path: path === undefined ? undefined : this.#writer.text(path),
      boundaryArn: permissionsBoundaryArn,
    });
  }

  #predictedFunctionRoleArn(): string {
    const { props, names } = this.#plan;
    return props.roleArn ?? this.#roleArn(names.functionRole, this.#functionRolePath());
  }

  /** An adopted role keeps its path, since another one would replace it. */
  #functionRolePath(): string | undefined {
    const { adopt, rolePath } = this.#plan.props;
    return adopt?.role ? adopt.role.path : rolePath;
  }

  #roleArn(name: string, path = "/"): string {
    return `${this.#arn("iam", "")}:role${path}${name}`;
  }

  #functionArn(action: Action): string {
    const known = `${this.#arn("lambda")}:function:${this.#plan.names.functions[action]}`;
    return this.#arns.attribute(`function ${action}`, "arn", known);
  }

  #ruleArn(name: string): string {
    return `${this.#arn("events")}:rule/${name}`;
  }

  #groupArn(name: string): string {
    return `${this.#arn("scheduler")}:schedule-group/${name}`;
  }

  /** Built from the name instead of the resource attribute, so that `terraform plan` can show policies that contain it. */
  #queueArn(): string {
    return `${this.#arn("sqs")}:${this.#plan.names.deadLetterQueue}`;
  }

  #queueArnAttribute(): string {
    return this.#arns.attribute("deadLetterQueue", "arn", this.#queueArn());
  }

  /** Built from the name for the same reason. */
  #topicArn(): string {
    const { props, names } = this.#plan;
    return props.alerts?.snsTopicArn ?? `${this.#arn("sns")}:${names.alertTopic}`;
  }

  #topicArnAttribute(): string {
    const { snsTopicArn } = this.#plan.props.alerts ?? {};
    return snsTopicArn ?? this.#arns.attribute("alertTopic", "arn", this.#topicArn());
  }

  /** Returns the ARN prefix of a service's resources in this account. */
  #arn(service: string, region = this.#plan.props.region): string {
    return this.#arns.arnPrefix(service, region);
  }

  /** Writes both keys and values. */
  #textMap(map: Readonly<Record<string, string>>): Record<string, string> {
    const { text } = this.#writer;
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [text(key), text(value)]));
  }
}

/**
 * Returns the dates of a schedule, or of what fires so many minutes before it. AWS does not say whether a schedule fires at
 * its end date; it fires in whole minutes, so an end a second earlier leaves no doubt.
 */
function schedulerDates(
  { startDate, endDate }: Schedule,
  minutesBefore = 0,
): Pick<ScheduleSpec, "startDate" | "endDate"> {
  const textOf = (at: number) => new Date(at - minutesBefore * MINUTE_MS).toISOString().replace(".000Z", "Z");
  return defined({
    startDate: startDate && textOf(startDate.getTime()),
    endDate: endDate && textOf(endDate.getTime() - 1000),
  });
}

function eventAgeOf(action: Action, { schedules }: Plan): number {
  const ofAction = schedules.filter((planned) => planned.action === action);
  return functionEventAgeSeconds(ofAction.map(({ latestMinutes }) => latestMinutes));
}
