import { findWarnings, type Warning } from "../../../config";
import type { Action } from "../../../contract/actions";
import { adoptedRule, adoptedSchedule } from "../../../model/adoption";
import { plannedAlarms } from "../../../model/alarms";
import { functionEnvironment } from "../../../model/environment";
import { ruleKeys } from "../../../model/names";
import { defaultRequest, hasChecks, type PlannedSchedule, targetsByAction } from "../../../model/plan";
import {
  LAMBDA_TRUST,
  type PolicyDocument,
  rolePolicy,
  schedulerPolicy,
  schedulerTrust,
} from "../../../model/policies";
import { RULE_INPUT_PATHS, ruleInputTemplate, schedulerInput } from "../../../model/requests";
import { functionEventAgeSeconds, MAX_RETRIES, triggerEventAgeSeconds } from "../../../model/retry-policy";
import { unescaped } from "../../../model/terraform-text";
import type { Deployment } from "../../deployment/deployment";

/** Where a config is deployed. */
export interface AccountPlace {
  /** 12 digits. */
  readonly id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** What the constructs make of a config, as AWS would tell it. A test holds it to what they synthesize. */
export interface Expected {
  readonly functions: readonly ExpectedFunction[];
  readonly functionRole: ExpectedRole;
  /** For trigger `event-rule`; else empty. */
  readonly rules: readonly ExpectedRule[];
  /** For trigger `scheduler`. */
  readonly scheduler?: ExpectedScheduler;
  readonly alerts?: ExpectedAlerts;
  readonly warnings: readonly Warning[];
}

export interface ExpectedFunction {
  readonly action: Action;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logRetentionDays: number;
  readonly maxRetries: number;
  readonly maxEventAgeSeconds: number;
  /** ARN of what is told of events that it gave up. */
  readonly onFailureArn?: string;
  /** ARN of its own queue for them. */
  readonly deadLetterArn?: string;
}

export interface ExpectedRole {
  readonly name: string;
  readonly arn: string;
  readonly trust: object;
  readonly policyName: string;
  readonly policy: PolicyDocument;
  readonly boundaryArn?: string;
  /** ARNs of the managed policies that an adopted role keeps. Of a role of its own, others are nobody's business. */
  readonly onlyPolicyArns?: readonly string[];
}

/** What a trigger of either kind hands to a function, and how often. */
export interface ExpectedTarget {
  readonly functionName: string;
  readonly functionArn: string;
  readonly input: string;
  readonly maxRetries: number;
  readonly maxEventAgeSeconds: number;
  readonly deadLetterArn?: string;
}

export interface ExpectedRule extends ExpectedTarget {
  readonly name: string;
  readonly arn: string;
  readonly targetId: string;
  /** In UTC. */
  readonly expression: string;
  readonly enabled: boolean;
  readonly inputPaths: Readonly<Record<string, string>>;
}

export interface ExpectedScheduler {
  readonly group: string;
  readonly role: ExpectedRole;
  readonly schedules: readonly ExpectedSchedule[];
}

export interface ExpectedSchedule extends ExpectedTarget {
  readonly group: string;
  readonly name: string;
  readonly expression: string;
  /** IANA zone. */
  readonly timezone: string;
  readonly enabled: boolean;
}

export interface ExpectedAlerts {
  readonly topicArn: string;
  /** Address that a topic made for it sends to. */
  readonly email?: string;
  readonly queueName: string;
  readonly alarmNames: readonly string[];
}

/** What AWS should have of a deployment. */
export function expectedOf(deployment: Deployment, account: AccountPlace, now: Date): Expected {
  return new Expectation(deployment, account).all(now);
}

class Expectation {
  readonly #deployment: Deployment;
  readonly #account: AccountPlace;
  readonly #queueArn: string | undefined;
  readonly #topicArn: string | undefined;
  readonly #targets: ReturnType<typeof targetsByAction>;

  constructor(deployment: Deployment, account: AccountPlace) {
    const { config, names, plan } = deployment;
    this.#deployment = deployment;
    this.#account = account;
    this.#targets = targetsByAction(config, plan);
    if (config.alerts) {
      this.#queueArn = `${this.#arn("sqs")}:${names.deadLetterQueue}`;
      this.#topicArn = config.alerts.snsTopicArn ?? `${this.#arn("sns")}:${names.alertTopic}`;
    }
  }

  all(now: Date): Expected {
    const { config, plan, actions } = this.#deployment;
    const isScheduler = config.trigger === "scheduler";
    return {
      functions: actions.map((action) => this.#function(action)),
      functionRole: this.#functionRole(),
      rules: isScheduler ? [] : plan.flatMap((planned) => this.#rules(planned)),
      ...(isScheduler ? { scheduler: this.#scheduler() } : {}),
      ...(config.alerts ? { alerts: this.#alerts(config.alerts) } : {}),
      warnings: findWarnings(config, now),
    };
  }

  #function(action: Action): ExpectedFunction {
    const { config, names, plan } = this.#deployment;
    const { functions: settings = {} } = config;
    const variables = functionEnvironment(config, action, defaultRequest(config, action, plan));
    const name = names.functions[action];
    const tellsTopic = action === "start" && hasChecks(this.#targets);
    const onFailureArn = tellsTopic ? this.#topicArn : this.#queueArn;
    return {
      action,
      name,
      arn: this.#functionArn(action),
      roleArn: this.#roleArn(names.functionRole, config.adopt?.role?.path),
      runtime: settings.runtime ?? "nodejs22.x",
      architecture: settings.architecture ?? "arm64",
      timeoutSeconds: settings.timeoutSeconds ?? 60,
      memoryMb: settings.memoryMb ?? 256,
      variables: Object.fromEntries(Object.entries(variables).map(([key, text]) => [key, unescaped(text)])),
      logGroup: `/aws/lambda/${name}`,
      logRetentionDays: settings.logRetentionDays ?? 30,
      maxRetries: MAX_RETRIES,
      maxEventAgeSeconds: this.#functionEventAge(action),
      ...(onFailureArn === undefined ? {} : { onFailureArn }),
      ...(tellsTopic && this.#queueArn !== undefined ? { deadLetterArn: this.#queueArn } : {}),
    };
  }

  #functionRole(): ExpectedRole {
    const { config, names, actions } = this.#deployment;
    const adopted = config.adopt?.role;
    return {
      ...this.#role(names.functionRole, adopted?.path),
      trust: LAMBDA_TRUST,
      policyName: "start-stop",
      policy: rolePolicy({
        arnPrefix: (service, region) => this.#arn(service, region),
        awsArnPrefix: (service, region) => `arn:${this.#account.partition}:${service}:${region}:`,
        instanceArns: (region, ids) => ids.map((id) => `${this.#arn("ec2", region)}:instance/${id}`),
        region: config.region,
        functionNames: actions.map((action) => names.functions[action]),
        targets: this.#targets,
        kmsKeyArns: config.kmsKeyArns ?? [],
        ...(this.#queueArn === undefined ? {} : { deadLetterQueueArn: this.#queueArn }),
        ...(this.#topicArn !== undefined && hasChecks(this.#targets)
          ? { alertTopicArn: this.#topicArn }
          : {}),
      }),
      ...(adopted ? { onlyPolicyArns: adopted.keepPolicyArns ?? [] } : {}),
    };
  }

  #rules(planned: PlannedSchedule): ExpectedRule[] {
    const { config, names } = this.#deployment;
    return ruleKeys(planned.name, planned.utcExpressions).map((key, index) => {
      const adopted = index === 0 ? adoptedRule(config.adopt?.schedules, planned.name) : undefined;
      const name = adopted?.rule ?? `${names.prefix}-${key}`;
      return {
        name,
        arn: `${this.#arn("events")}:rule/${name}`,
        targetId: adopted?.targetId ?? "function",
        expression: planned.utcExpressions[index] ?? "",
        enabled: planned.enabled,
        inputPaths: RULE_INPUT_PATHS,
        ...this.#target(planned, unescaped(ruleInputTemplate(planned.request))),
      };
    });
  }

  #scheduler(): ExpectedScheduler {
    const { config, names, plan, actions } = this.#deployment;
    const adoptedGroups = plan.flatMap(
      ({ name }) => adoptedSchedule(config.adopt?.schedules, name)?.group ?? [],
    );
    const groups = [...new Set([names.scheduleGroup, ...adoptedGroups])];
    const groupArns = groups.map((group) => `${this.#arn("scheduler")}:schedule-group/${group}`);
    return {
      group: names.scheduleGroup,
      role: {
        ...this.#role(names.schedulerRole),
        trust: schedulerTrust(this.#account.id, groupArns),
        policyName: "invoke-functions",
        policy: schedulerPolicy(
          actions.map((action) => this.#functionArn(action)),
          this.#queueArn,
        ),
      },
      schedules: plan.map((planned) => {
        const adopted = adoptedSchedule(config.adopt?.schedules, planned.name);
        return {
          group: adopted?.group ?? names.scheduleGroup,
          name: adopted?.name ?? planned.name,
          expression: planned.schedule.expression,
          timezone: planned.schedule.timezone,
          enabled: planned.enabled,
          ...this.#target(planned, unescaped(schedulerInput(planned.request))),
        };
      }),
    };
  }

  #target({ action, latestMinutes }: PlannedSchedule, input: string): ExpectedTarget {
    return {
      functionName: this.#deployment.names.functions[action],
      functionArn: this.#functionArn(action),
      input,
      maxRetries: MAX_RETRIES,
      maxEventAgeSeconds: triggerEventAgeSeconds(latestMinutes, this.#functionEventAge(action)),
      ...(this.#queueArn === undefined ? {} : { deadLetterArn: this.#queueArn }),
    };
  }

  #alerts({ email, missedFirings }: NonNullable<Deployment["config"]["alerts"]>): ExpectedAlerts {
    const { config, names, plan, actions } = this.#deployment;
    const enabled = plan.filter((planned) => planned.enabled);
    const alarms = plannedAlarms({
      functionNames: Object.fromEntries(actions.map((action) => [action, names.functions[action]])),
      plan,
      queue: { name: names.deadLetterQueue, dimension: names.deadLetterQueue },
      trigger:
        config.trigger === "scheduler"
          ? { scheduleGroup: names.scheduleGroup }
          : { ruleNames: enabled.flatMap((planned) => this.#rules(planned)).map(({ name }) => name) },
      checks: hasChecks(this.#targets),
      missedFirings: missedFirings ?? true,
    });
    return {
      topicArn: this.#topicArn ?? "",
      ...(email === undefined ? {} : { email }),
      queueName: names.deadLetterQueue,
      alarmNames: alarms.map(({ key }) => `${names.prefix}-${key}`),
    };
  }

  #functionEventAge(action: Action): number {
    const ofAction = this.#deployment.plan.filter((planned) => planned.action === action);
    return functionEventAgeSeconds(ofAction.map(({ latestMinutes }) => latestMinutes));
  }

  #role(name: string, path?: string): Pick<ExpectedRole, "name" | "arn" | "boundaryArn"> {
    const { permissionsBoundaryArn } = this.#deployment.config;
    return {
      name,
      arn: this.#roleArn(name, path),
      ...(permissionsBoundaryArn === undefined ? {} : { boundaryArn: permissionsBoundaryArn }),
    };
  }

  #roleArn(name: string, path = "/"): string {
    return `${this.#arn("iam", "")}:role${path}${name}`;
  }

  #functionArn(action: Action): string {
    const { names } = this.#deployment;
    return `${this.#arn("lambda")}:function:${names.functions[action]}`;
  }

  /** Beginning of the ARNs of what a service has in this account, in the functions' region unless another is given. */
  #arn(service: string, region = this.#deployment.config.region): string {
    return `arn:${this.#account.partition}:${service}:${region}:${this.#account.id}`;
  }
}
