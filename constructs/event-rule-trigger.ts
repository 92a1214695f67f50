import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { type Action, DELIVERY_PERMISSIONS } from "../contract/actions";
import { defined } from "../contract/collections";
import type { FunctionSpec, PermissionSpec, RuleSpec } from "../model/blueprint";
import type { Account } from "./account";
import { ImportBlock } from "./imports";

export interface EventRuleTriggerProps {
  readonly rules: readonly RuleSpec[];
  readonly functions: readonly FunctionSpec[];
  readonly account: Account;
  /** Lets the rules send to the dead-letter queue. */
  readonly queuePolicy?: SqsQueuePolicy;
  readonly tags?: Record<string, string>;
}

/** EventBridge rules on the default event bus, which read UTC: one or more per schedule. */
export class EventRuleTrigger extends Construct {
  /** Names of the rules of enabled schedules. */
  readonly ruleNames: readonly string[];
  readonly #permissions: Partial<Record<Action, LambdaPermission>> = {};

  constructor(scope: Construct, id: string, props: EventRuleTriggerProps) {
    super(scope, id);
    const { rules, functions, account } = props;
    this.ruleNames = rules.filter(({ enabled }) => enabled).map(({ name }) => name);
    for (const { action, permission } of functions) {
      if (permission)
        this.#permissions[action] = this.#allow(
          `permission-${action}`,
          permission,
          account.attribute(`function ${action}`, "name"),
        );
    }
    for (const rule of rules) this.#addRule(rule, props);
  }

  /** All rules (aws_cloudwatch_event_rule), by what follows the prefix in their names, such as `office-stop`. */
  get rules(): Readonly<Record<string, CloudwatchEventRule>> {
    const rules = this.node.children.filter((child) => child instanceof CloudwatchEventRule);
    return Object.fromEntries(rules.map((rule) => [rule.node.id.replace(/^rule-/, ""), rule]));
  }

  #addRule(spec: RuleSpec, { account, queuePolicy, tags }: EventRuleTriggerProps): void {
    const rule = new CloudwatchEventRule(this, `rule-${spec.key}`, {
      name: spec.name,
      description: spec.description,
      scheduleExpression: spec.expression,
      state: spec.enabled ? "ENABLED" : "DISABLED",
      ...defined({ tags }),
    });
    account.register(`rule ${spec.key}`, rule);
    const permission = spec.permission
      ? this.#allow(
          `adopted-permission-${spec.key}`,
          spec.permission,
          account.attribute(`function ${spec.action}`, "name"),
        )
      : this.#permissions[spec.action];
    const target = new CloudwatchEventTarget(this, `target-${spec.key}`, {
      rule: rule.name,
      targetId: spec.targetId,
      arn: spec.functionArn,
      inputTransformer: { inputPaths: spec.inputPaths, inputTemplate: spec.input },
      retryPolicy: {
        maximumEventAgeInSeconds: spec.maxEventAgeSeconds,
        maximumRetryAttempts: spec.maxRetries,
      },
      ...(spec.deadLetterArn === undefined ? {} : { deadLetterConfig: { arn: spec.deadLetterArn } }),
      dependsOn: [permission, queuePolicy].filter((needed) => needed !== undefined),
    });
    if (spec.importId !== undefined) new ImportBlock(rule, spec.importId);
    if (spec.targetImportId !== undefined) new ImportBlock(target, spec.targetImportId);
  }

  #allow(
    id: string,
    { statementId, principal, sourceArn }: PermissionSpec,
    functionName: string,
  ): LambdaPermission {
    const action = DELIVERY_PERMISSIONS.invoke;
    return new LambdaPermission(this, id, { statementId, functionName, action, principal, sourceArn });
  }
}
