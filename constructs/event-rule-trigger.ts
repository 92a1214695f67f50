import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { adoptedRule } from "../model/adoption";
import { ruleKeys } from "../model/names";
import type { PlannedSchedule } from "../model/plan";
import { RULE_INPUT_PATHS, ruleInputTemplate } from "../model/requests";
import { MAX_RETRIES, triggerEventAgeSeconds } from "../model/retry-policy";
import { literal } from "../model/terraform-text";
import { ImportBlock } from "./imports";
import { functionOf, type TriggerProps } from "./trigger";
import { writeToken } from "./unresolved-text";

/** CloudWatch Events rules on the default bus, in UTC: one or more for each schedule. */
export class EventRuleTrigger extends Construct {
  /** Names of the enabled schedules' rules. */
  readonly ruleNames: readonly string[];

  constructor(scope: Construct, id: string, props: TriggerProps) {
    super(scope, id);
    this.ruleNames = props.plan.flatMap((planned) => {
      const names = this.#addRules(planned, props);
      return planned.enabled ? names : [];
    });
    this.#allowInvocation(props);
  }

  #addRules(planned: PlannedSchedule, props: TriggerProps): string[] {
    const { lambda, maxEventAgeSeconds } = functionOf(planned, props.functions);
    const keys = ruleKeys(planned.name, planned.utcExpressions);
    return keys.map((key, index) => {
      const adopted = index === 0 ? adoptedRule(props.adopt, planned.name) : undefined;
      const name = adopted?.rule ?? `${props.names.prefix}-${key}`;
      const rule = new CloudwatchEventRule(this, `rule-${key}`, {
        name,
        description: literal(planned.description),
        scheduleExpression: planned.utcExpressions[index] ?? "",
        state: planned.enabled ? "ENABLED" : "DISABLED",
        ...(props.tags ? { tags: props.tags } : {}),
      });
      const target = new CloudwatchEventTarget(this, `target-${key}`, {
        rule: rule.name,
        targetId: adopted?.targetId ?? "function",
        arn: lambda.arn,
        inputTransformer: {
          inputPaths: RULE_INPUT_PATHS,
          inputTemplate: ruleInputTemplate(planned.request, writeToken),
        },
        retryPolicy: {
          maximumEventAgeInSeconds: triggerEventAgeSeconds(planned.latestMinutes, maxEventAgeSeconds),
          maximumRetryAttempts: MAX_RETRIES,
        },
        ...(props.deadLetterQueueArn ? { deadLetterConfig: { arn: props.deadLetterQueueArn } } : {}),
      });
      if (adopted) {
        new ImportBlock(rule, adopted.rule);
        new ImportBlock(target, `${adopted.rule}/${adopted.targetId}`);
        this.#allowAdoptedRule(key, rule, lambda);
      }
      return name;
    });
  }

  /** One permission a function, for all rules: a resource policy holds 20 KB, too little for one a rule. */
  #allowInvocation({ functions, names, region, account }: TriggerProps): void {
    for (const { action, lambda } of Object.values(functions)) {
      new LambdaPermission(this, `permission-${action}`, {
        statementId: "AllowRulesOfThisConfig",
        functionName: lambda.functionName,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        // The `*` stands for the names of the schedules: every rule made here begins with this prefix.
        sourceArn: `${account.arnPrefix("events", region)}:rule/${names.prefix}-*`,
      });
    }
  }

  /** Its name need not begin with the prefix, and the permission that it was given by hand cannot be adopted. */
  #allowAdoptedRule(key: string, rule: CloudwatchEventRule, lambda: LambdaFunction): void {
    new LambdaPermission(this, `adopted-permission-${key}`, {
      // Unlike schedules, statements have no dots in their names.
      statementId: `AllowAdoptedRule-${key.replaceAll(".", "_dot_")}`,
      functionName: lambda.functionName,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
  }
}
