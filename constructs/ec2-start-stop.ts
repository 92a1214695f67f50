import { AnnotationMetadataEntryType } from "cdktf";
import { Construct } from "constructs";
import { defined } from "../contract/collections";
import { CODE } from "../contract/limits";
import { blueprint } from "../model/blueprint";
import { type PlannedSchedule, planOf } from "../model/plan";
import type { Ec2StartStopProps } from "../model/props";
import { validPlan } from "../model/validate";
import type { Warning } from "../model/warnings";
import { Account } from "./account";
import { Alerts, DeadLetterQueue } from "./alerts";
import { EventRuleTrigger } from "./event-rule-trigger";
import { FunctionCode } from "./function-code";
import { FunctionRole } from "./function-role";
import { SchedulerTrigger } from "./scheduler-trigger";
import { type FunctionsByAction, StartStopFunction } from "./start-stop-function";

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

  constructor(scope: Construct, id: string, input: Ec2StartStopProps) {
    const { props, plan, warnings } = validPlan(input);
    super(scope, id);
    this.plan = plan;

    const account = new Account(this, "account");
    const { accountGuard, tags, ...made } = blueprint(planOf(props, plan), account, account.writer);
    const { functionRole, functions, rules, scheduler, alerts } = made;
    const common = defined({ account, tags });

    if (accountGuard) account.allowOnly(accountGuard);
    if (alerts) new DeadLetterQueue(this, "dead-letters", { ...common, spec: alerts.deadLetterQueue });
    const code = new FunctionCode(this, "code", { packaging: props.code ?? CODE.default });
    const role = new FunctionRole(this, "role", { ...common, spec: functionRole });
    this.functionRole = role;
    if (alerts) this.alerts = new Alerts(this, "alerts", { ...common, spec: alerts, role });
    this.functions = Object.fromEntries(
      functions.map((spec) => [
        spec.action,
        new StartStopFunction(this, spec.action, { ...common, spec, code, role }),
      ]),
    );
    this.trigger = scheduler
      ? new SchedulerTrigger(this, "scheduler", { ...common, spec: scheduler })
      : new EventRuleTrigger(this, "rules", { ...common, rules, functions });
    this.alerts?.addAlarms();
    this.#addWarnings(warnings);
  }

  /** For cdktf to print. Not by its Annotations, which would write paths of this machine into the manifest. */
  #addWarnings(warnings: readonly Warning[]): void {
    for (const { severity, message } of warnings) {
      if (severity === "warning") this.node.addMetadata(AnnotationMetadataEntryType.WARN, message);
    }
  }
}
