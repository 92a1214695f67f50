import { AnnotationMetadataEntryType } from "cdktf";
import { Construct } from "constructs";
import { ACTIONS, type Action } from "../contract/actions";
import type { RequestTarget } from "../contract/request";
import { adoptedRuleNames } from "../model/adoption";
import { functionEnvironment } from "../model/environment";
import { type Names, namesOf } from "../model/names";
import { defaultRequest, hasChecks, type PlannedSchedule, targetsByAction } from "../model/plan";
import type { AlertProps, Ec2StartStopProps } from "../model/props";
import { functionEventAgeSeconds } from "../model/retry-policy";
import { literalMap } from "../model/terraform-text";
import { validPlan } from "../model/validate";
import type { Warning } from "../model/warnings";
import { Account } from "./account";
import { Alerts } from "./alerts";
import { DeadLetterQueue } from "./dead-letter-queue";
import { EventRuleTrigger } from "./event-rule-trigger";
import { FunctionCode } from "./function-code";
import { FunctionRole } from "./function-role";
import { SchedulerTrigger } from "./scheduler-trigger";
import { type GivenUpDestinations, StartStopFunction } from "./start-stop-function";
import type { FunctionsByAction, TriggerProps } from "./trigger";
import { writeToken } from "./unresolved-text";

/**
 * Starts and stops EC2 instances on a schedule: two Lambda functions, their role, and what triggers them. The stack
 * that hosts it brings the AWS provider, in `region`, and for `code: "archive"` the archive provider.
 *
 * @throws InvalidPropsError with every problem of the props, before anything is made
 */
export class Ec2StartStop extends Construct {
  /** The schedules as deployed. */
  readonly plan: readonly PlannedSchedule[];
  readonly functionRole: FunctionRole;
  /** The function of each action that a schedule has. */
  readonly functions: FunctionsByAction;
  readonly trigger: EventRuleTrigger | SchedulerTrigger;
  /** Set where the props ask for alerts. */
  readonly alerts?: Alerts;

  readonly #props: Ec2StartStopProps;
  readonly #names: Names;
  readonly #targets: Partial<Record<Action, readonly RequestTarget[]>>;
  readonly #tags: { readonly tags?: Record<string, string> };

  constructor(scope: Construct, id: string, props: Ec2StartStopProps) {
    const { plan, warnings } = validPlan(props);
    super(scope, id);
    this.plan = plan;
    this.#props = props;
    this.#names = namesOf(props);
    this.#targets = targetsByAction(props, plan);
    this.#tags = props.tags ? { tags: literalMap(props.tags) } : {};

    const account = new Account(this, "account", props);
    const queue = props.alerts ? this.#addQueue(account) : undefined;
    const code = new FunctionCode(this, "code", { packaging: props.code ?? "archive" });
    this.functionRole = this.#addRole(account, queue);
    if (props.alerts) this.alerts = this.#addAlerts(props.alerts, account);
    this.functions = this.#addFunctions(code, queue);
    this.trigger = this.#addTrigger(account, queue);
    if (queue) this.#watch(queue);
    this.#addWarnings(warnings);
  }

  /** For cdktf to print. Not by its Annotations, which would write paths of this machine into the manifest. */
  #addWarnings(warnings: readonly Warning[]): void {
    for (const { severity, message } of warnings) {
      if (severity === "warning") this.node.addMetadata(AnnotationMetadataEntryType.WARN, message);
    }
  }

  #addQueue(account: Account): DeadLetterQueue {
    const fromRules = this.#props.trigger !== "scheduler";
    const adoptedRules = adoptedRuleNames(this.#props.adopt);
    return new DeadLetterQueue(this, "dead-letters", { ...this.#common(account), fromRules, adoptedRules });
  }

  #addRole(account: Account, queue: DeadLetterQueue | undefined): FunctionRole {
    return new FunctionRole(this, "role", {
      name: this.#names.functionRole,
      arnPrefix: (service, region) => account.arnPrefix(service, region),
      awsArnPrefix: (service, region) => account.awsArnPrefix(service, region),
      instanceArns: (region, ids) => account.instanceArns(region, ids),
      region: this.#props.region,
      functionNames: this.#actions().map((action) => this.#names.functions[action]),
      targets: this.#targets,
      kmsKeyArns: this.#props.kmsKeyArns ?? [],
      ...(queue ? { deadLetterQueueArn: queue.knownArn } : {}),
      ...(queue && hasChecks(this.#targets) ? { alertTopicArn: this.#knownTopicArn(account) } : {}),
      ...(this.#props.adopt?.role ? { adopt: this.#props.adopt.role } : {}),
      ...this.#boundary(),
      ...this.#tags,
    });
  }

  /** Put together rather than read, so that a plan shows policies before the topic is made. */
  #knownTopicArn(account: Account): string {
    const { alerts, region } = this.#props;
    return alerts?.snsTopicArn ?? `${account.arnPrefix("sns", region)}:${this.#names.alertTopic}`;
  }

  #addFunctions(code: FunctionCode, queue: DeadLetterQueue | undefined): FunctionsByAction {
    const functions = this.#actions().map((action) => {
      const ofAction = this.plan.filter((planned) => planned.action === action);
      const adopt = this.#props.adopt?.functions?.[action];
      const added = new StartStopFunction(this, action, {
        action,
        name: this.#names.functions[action],
        code,
        role: this.functionRole,
        settings: this.#props.functions ?? {},
        environment: this.#environment(action),
        maxEventAgeSeconds: functionEventAgeSeconds(ofAction.map(({ latestMinutes }) => latestMinutes)),
        ...(queue ? { givenUp: this.#givenUp(action, queue) } : {}),
        ...(adopt ? { adopt } : {}),
        ...this.#tags,
      });
      return [action, added] as const;
    });
    return Object.fromEntries(functions);
  }

  /** What does not run after a start is to be told by name, which alarms cannot do: that function's errors can. */
  #givenUp(action: Action, { queue }: DeadLetterQueue): GivenUpDestinations {
    const tell = action === "start" && hasChecks(this.#targets);
    return { queueArn: queue.arn, ...(tell && this.alerts ? { topicArn: this.alerts.topicArn } : {}) };
  }

  #environment(action: Action): Record<string, string> {
    return functionEnvironment(
      this.#props,
      action,
      defaultRequest(this.#props, action, this.plan),
      writeToken,
    );
  }

  #addTrigger(account: Account, queue: DeadLetterQueue | undefined): EventRuleTrigger | SchedulerTrigger {
    const props: TriggerProps = {
      ...this.#common(account),
      plan: this.plan,
      functions: this.functions,
      ...deadLettersTo(queue),
      ...(this.#props.adopt?.schedules ? { adopt: this.#props.adopt.schedules } : {}),
      ...this.#boundary(),
    };
    return this.#props.trigger === "scheduler"
      ? new SchedulerTrigger(this, "scheduler", props)
      : new EventRuleTrigger(this, "rules", props);
  }

  #addAlerts(alerts: AlertProps, account: Account): Alerts {
    const publisher = hasChecks(this.#targets) ? { publisher: this.functionRole } : {};
    return new Alerts(this, "alerts", { ...this.#common(account), alerts, ...publisher });
  }

  #watch(queue: DeadLetterQueue): void {
    this.alerts?.watch({
      plan: this.plan,
      functions: this.functions,
      queue,
      trigger:
        this.trigger instanceof SchedulerTrigger
          ? { scheduleGroup: this.#names.scheduleGroup }
          : { ruleNames: this.trigger.ruleNames },
      checks: hasChecks(this.#targets),
    });
  }

  #actions(): Action[] {
    return ACTIONS.filter((action) => this.plan.some((planned) => planned.action === action));
  }

  #common(account: Account) {
    return { names: this.#names, region: this.#props.region, account, ...this.#tags };
  }

  #boundary() {
    const { permissionsBoundaryArn } = this.#props;
    return permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn };
  }
}

function deadLettersTo(queue: DeadLetterQueue | undefined) {
  return queue === undefined ? {} : { deadLetterQueueArn: queue.queue.arn };
}
