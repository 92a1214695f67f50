import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import {
  AnnotationMetadataEntryType,
  TerraformDataSource,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import { Construct } from "constructs";
import { defined, isRecord } from "../contract/collections";
import { CODE } from "../contract/limits";
import { blueprint } from "../model/blueprint";
import { type PlannedSchedule, planOf } from "../model/plan";
import { InvalidPropsError, show } from "../model/problem";
import type { Ec2StartStopProps } from "../model/props";
import { findProblems, validPlan } from "../model/validate";
import type { Warning } from "../model/warnings";
import { Account } from "./account";
import { Alerts, DeadLetterQueue } from "./alerts";
import { EventRuleTrigger } from "./event-rule-trigger";
import { FollowUps } from "./follow-ups";
import { FunctionCode } from "./function-code";
import { FunctionRole } from "./function-role";
import { nameCollisions, type ResourceNames, resourceNames } from "./name-collisions";
import { SchedulerTrigger } from "./scheduler-trigger";
import { type FunctionsByAction, StartStopFunction } from "./start-stop-function";

/** Props of {@link Ec2StartStop}: those of a config, and what only a stack has. */
export interface Ec2StartStopConstructProps extends Ec2StartStopProps {
  /**
   * AWS provider of all resources, in `region`: one with an `alias`, where the stack has several.
   * @default the stack's AWS provider without an alias
   * @see https://developer.hashicorp.com/terraform/language/providers/configuration#alias-multiple-provider-configurations
   */
  readonly provider?: TerraformProvider;
}

/**
 * Starts and stops EC2 instances on a schedule: one Lambda function per action, their role, and the rules or EventBridge
 * schedules that invoke them. The stack must have an AWS provider in `region` (or several: then `provider` names it) and,
 * for `code: "archive"`, an archive provider.
 *
 * The fields are the escape hatch: they expose the provider's resources, on which `addOverride` sets arguments of Terraform
 * that the props lack.
 *
 * Two of these constructs in an app may not make resources of the same names: names of roles are unique in an account,
 * names of functions in a region of it. Synth refuses them, unless `allowedAccountIds` or the stacks' AWS providers say
 * that the accounts differ.
 *
 * @throws InvalidPropsError with all problems of the props, before any resource is created
 * @see https://developer.hashicorp.com/terraform/cdktf/concepts/resources#escape-hatch
 * @example
 * import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
 * import { App, TerraformStack } from "cdktf";
 * import { Ec2StartStop } from "ec2-start-stop";
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "office-hours");
 * new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
 * const hours = new Ec2StartStop(stack, "OfficeHours", {
 *   region: "ap-northeast-2",
 *   timezone: "Asia/Seoul",
 *   code: "zip",
 *   targets: { dev: { tags: { Environment: "dev" } } },
 *   schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
 * });
 * hours.functions.stop?.lambda.addOverride("ephemeral_storage", { size: 1024 });
 * app.synth();
 */
export class Ec2StartStop extends Construct {
  /** Planned schedules: two per entry with `running` windows, one per other entry. */
  readonly plan: readonly PlannedSchedule[];
  /**
   * Execution role of the functions: `role` (aws_iam_role) and its inline `policy` (aws_iam_role_policy).
   * @default not set with `roleArn` in the props
   */
  readonly functionRole?: FunctionRole;
  /** The policy that the role of the functions needs, as JSON: for a role of your own (`roleArn`). */
  readonly functionPolicy: string;
  /**
   * The policy that the role of EventBridge Scheduler needs, as JSON: for a role of your own (`schedulerRoleArn`).
   * @default not set if there is no such role: with rules, and without `followUps`
   */
  readonly schedulerPolicy?: string;
  /**
   * Functions by action, for the actions that a schedule has: `lambda` (aws_lambda_function) and `logGroup`
   * (aws_cloudwatch_log_group).
   */
  readonly functions: FunctionsByAction;
  /** EventBridge `rules`, or EventBridge `schedules` with their `group` and `role`, as `trigger` selects. */
  readonly trigger: EventRuleTrigger | SchedulerTrigger;
  /**
   * `alarms` by name, their `topic` where it is made here, and its `topicArn`.
   * @default not set without `alerts` in the props
   */
  readonly alerts?: Alerts;
  /**
   * Schedule `group` of the follow-ups, and with rules the `role` with which these invoke the functions.
   * @default not set without `followUps` in the props
   */
  readonly followUps?: FollowUps;
  /** @internal */
  readonly names: ResourceNames;
  /**
   * AWS provider of all resources.
   * @default not set without `provider` in the props
   */
  readonly provider?: TerraformProvider;

  constructor(scope: Construct, id: string, input: Ec2StartStopConstructProps) {
    const { provider, config } = withoutProvider(input);
    const { props, plan, warnings } = validPlan(config);
    super(scope, id);
    if (provider) this.provider = provider;
    this.plan = plan;

    const account = new Account(this, "account", props);
    const complete = planOf(props, plan);
    this.names = resourceNames(complete);
    this.node.addValidation({ validate: () => nameCollisions(this, this.#constructsBefore()) });
    const { accountGuard, tags, ...made } = blueprint(complete, account, account.writer);
    const { functionRole, functions, rules, scheduler, followUps, alerts } = made;
    const common = defined({ account, tags });

    if (accountGuard) account.allowOnly(accountGuard);
    const queue =
      alerts && new DeadLetterQueue(this, "dead-letters", { ...common, spec: alerts.deadLetterQueue });
    const code = new FunctionCode(this, "code", { packaging: props.code ?? CODE.default });
    const own = functionRole.given
      ? {}
      : { role: new FunctionRole(this, "role", { ...common, spec: functionRole }) };
    if (own.role) this.functionRole = own.role;
    this.functionPolicy = account.writer.json(functionRole.policy);
    const schedulerRole = scheduler?.role ?? followUps?.role;
    if (schedulerRole) this.schedulerPolicy = account.writer.json(schedulerRole.policy);
    if (alerts) this.alerts = new Alerts(this, "alerts", { ...common, spec: alerts, ...own });
    this.functions = Object.fromEntries(
      functions.map((spec) => [
        spec.action,
        new StartStopFunction(this, spec.action, { ...common, spec, code, ...own }),
      ]),
    );
    this.trigger = scheduler
      ? new SchedulerTrigger(this, "scheduler", { ...common, spec: scheduler })
      : new EventRuleTrigger(this, "rules", {
          ...common,
          ...defined({ queuePolicy: queue?.policy }),
          rules,
          functions,
        });
    if (followUps) this.followUps = new FollowUps(this, "follow-ups", { ...common, spec: followUps });
    this.alerts?.addAlarms();
    if (provider) this.#actThrough(provider);
    this.#createBeforeDestroy();
    this.#addWarnings(warnings);
  }

  /**
   * Dead-letter queue (aws_sqs_queue) of events that a trigger could not deliver.
   * @default undefined without `alerts` in the props
   */
  get deadLetterQueue(): SqsQueue | undefined {
    return this.node.children.find((child) => child instanceof DeadLetterQueue)?.queue;
  }

  /** Sets the provider of all resources and data sources of AWS. An import block takes that of its resource. */
  #actThrough(provider: TerraformProvider): void {
    for (const element of this.node.findAll()) {
      if (!(element instanceof TerraformResource || element instanceof TerraformDataSource)) continue;
      if (element.terraformResourceType.startsWith("aws_")) element.provider = provider;
    }
  }

  /**
   * Has Terraform create each new resource before it destroys the old one, so that an apply which AWS refuses leaves what
   * fires now. For the same reason resources that only work together depend on each other, also where they need no
   * attribute: Terraform then destroys the old ones after it has created all the new ones.
   */
  #createBeforeDestroy(): void {
    for (const element of this.node.findAll()) {
      if (element instanceof TerraformResource)
        element.lifecycle = { ...element.lifecycle, createBeforeDestroy: true };
    }
  }

  #constructsBefore(): Ec2StartStop[] {
    const all = this.node.root.node.findAll().filter((each) => each instanceof Ec2StartStop);
    return all.slice(0, all.indexOf(this));
  }

  /** Adds warnings that cdktf prints. Not cdktf Annotations: they write local paths into the manifest. */
  #addWarnings(warnings: readonly Warning[]): void {
    for (const { severity, message } of warnings) {
      if (severity === "warning") this.node.addMetadata(AnnotationMetadataEntryType.WARN, message);
    }
  }
}

/**
 * Returns the provider, and the props of a config: the same object where there is no provider.
 * @throws InvalidPropsError for what is no AWS provider, with all other problems
 */
function withoutProvider(input: Ec2StartStopConstructProps): {
  readonly provider?: TerraformProvider;
  readonly config: Ec2StartStopProps;
} {
  if (!isRecord(input) || !Object.hasOwn(input, "provider")) return { config: input };
  const { provider, ...config } = input;
  if (provider === undefined) return { config };
  if (TerraformProvider.isTerraformProvider(provider) && provider.terraformResourceType === "aws")
    return { provider, config };
  const problem = {
    path: "provider",
    expected: "an AWS provider of cdktf, as `new AwsProvider(...)` makes",
    got: TerraformProvider.isTerraformProvider(provider)
      ? `one of ${provider.terraformResourceType}`
      : typeof provider === "object" && provider !== null
        ? "another object"
        : show(provider),
  };
  throw new InvalidPropsError([problem, ...findProblems(config)]);
}
