import { findWarnings } from "../../../config";
import { AccountArns, type AwsAccount } from "../../../model/arns";
import { blueprint } from "../../../model/blueprint";
import { planOf } from "../../../model/plan";
import { AwsError, mapConcurrently } from "../../aws/call";
import { accountOf } from "../../aws/iam";
import type { ProgressReporter } from "../../context";
import { createAlertChecks } from "./alerts";
import {
  type Check,
  type CheckGroup,
  type CheckReport,
  type CheckResult,
  none,
  note,
  ok,
  unknown,
  wrong,
} from "./check";
import { type CheckContext, Fixes, memoizeAsync } from "./check-context";
import { createFunctionChecks } from "./functions";
import { createKeyChecks } from "./keys";
import { createRoleChecks } from "./roles";
import { createTargetChecks } from "./targets";
import { createFollowUpChecks, createRuleChecks, createScheduleChecks } from "./triggers";

/** All check results, in display order. */
export interface Diagnosis {
  readonly account: AwsAccount;
  readonly checks: readonly CheckReport[];
}

type DiagnoseInput = Pick<CheckContext, "deployment" | "read" | "builtCode" | "now">;

/**
 * Checks everything that a config makes. It only reads.
 * @throws {AwsError} if AWS does not answer at all, or nothing of the config is deployed there
 */
export async function diagnose(
  { deployment, read, builtCode, now }: DiagnoseInput,
  reporter: ProgressReporter = { update: () => undefined },
): Promise<Diagnosis> {
  // Needs no permission, so an error here would affect every check.
  const caller = await read.identity();
  const account = accountOf(caller);
  const expected = blueprint(planOf(deployment.config, deployment.plan), new AccountArns(account));
  const context = { deployment, expected, account, read, fixes: new Fixes(deployment), builtCode, now };
  const all = createCheckGroups(caller.arn, context).flatMap(({ subject, checks }) =>
    checks.map((check) => ({ subject, check })),
  );
  let done = 0;
  const checks = await mapConcurrently(all, async ({ subject, check }) => {
    const result = await runCheck(check);
    reporter.update(`Checked ${++done} of ${all.length}: ${subject}`);
    return { subject, name: check.name, ...result };
  });
  // Each other line would only repeat this.
  if (isNotDeployed(checks)) throw nothingDeployedError(context);
  return { account, checks };
}

function createCheckGroups(arn: string, context: CheckContext): CheckGroup[] {
  const { expected, deployment, read } = context;
  const targets = memoizeAsync(() => read.targets(deployment.config));
  const { scheduler, followUps } = expected;
  const schedulerRole = scheduler?.role ?? followUps?.role;
  return [
    createConfigChecks(context),
    createAccountChecks(arn, context),
    ...expected.functions.map((each) => createFunctionChecks(each, context)),
    createRoleChecks(expected.functionRole, "Lambda", context),
    ...(schedulerRole ? [createRoleChecks(schedulerRole, "EventBridge Scheduler", context)] : []),
    scheduler ? createScheduleChecks(scheduler, context) : createRuleChecks(context),
    ...(followUps ? [createFollowUpChecks(followUps, context)] : []),
    ...Object.keys(deployment.config.targets).map((name) => createTargetChecks(name, targets, context)),
    createKeyChecks(context),
    createAlertChecks(context),
  ];
}

async function runCheck({ run }: Check): Promise<CheckResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { missingPermission } = error;
    return missingPermission === undefined
      ? unknown(error.message)
      : unknown(`these credentials need ${missingPermission}`, missingPermission);
  }
}

function isNotDeployed(checks: readonly CheckReport[]): boolean {
  const deployed = checks.filter(
    ({ subject, name }) => name === "deployed" && /^(Function|Role) /.test(subject),
  );
  return deployed.every(({ mark }) => mark === "wrong");
}

function nothingDeployedError({ deployment, account: { id }, fixes }: CheckContext): AwsError {
  const { file, names, actions, config } = deployment;
  const functions = actions.map((action) => names.functions[action]).join(" nor ");
  const isMeant = config.allowedAccountIds?.includes(id) ?? true;
  const account = `account ${id}${isMeant ? "" : " (which allowedAccountIds does not name)"}`;
  return new AwsError(
    `Nothing of ${file} is deployed in ${account}, ${config.region}: it has neither ${functions}, nor their role. Deploy it with ${fixes.deploy}, or set --profile to the account that has it`,
  );
}

/** Checks that this is an account the config allows. */
function createAccountChecks(arn: string, { deployment, account }: CheckContext): CheckGroup {
  const { allowedAccountIds } = deployment.config;
  return {
    subject: "Account",
    checks: [
      { name: "credentials", run: async () => ok(arn) },
      {
        name: "allowed",
        run: async () => {
          if (allowedAccountIds === undefined) return none("the config allows any account");
          if (allowedAccountIds.includes(account.id)) return ok(`${account.id}, as allowedAccountIds says`);
          const expected = allowedAccountIds.join(", ");
          return wrong(`the config is not for ${account.id}`, "set --profile to the account that is meant", [
            { name: "account", got: account.id, expected },
          ]);
        },
      },
    ],
  };
}

/** Notes the warnings that `synth` prints. */
function createConfigChecks({ deployment, now }: CheckContext): CheckGroup {
  const warnings = findWarnings(deployment.config, now).map(({ path, message }) => ({
    name: path || "schedules",
    run: async () => note(message),
  }));
  const nothing = { name: "warnings", run: async () => ok("none") };
  return { subject: "Config", checks: warnings.length > 0 ? warnings : [nothing] };
}
