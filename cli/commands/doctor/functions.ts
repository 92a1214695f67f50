import { DAY_MS } from "../../../contract/units";
import type { FunctionSpec } from "../../../model/blueprint";
import { SERVICE_PRINCIPALS } from "../../../model/policies";
import { LAMBDA_RETRY_DEFAULTS } from "../../../model/retry-policy";
import type { DeployedFunction } from "../../aws/lambda";
import { allowsInvocation } from "../../aws/policy";
import { formatUtcMinute } from "../../terminal/time";
import {
  type CheckGroup,
  type CheckResult,
  createDeployedCheck,
  judgeDifferences,
  none,
  note,
  ok,
  wrong,
} from "./check";
import { type CheckContext, memoizeAsync } from "./check-context";
import { checkCode } from "./code";
import { compareTexts, compareValues } from "./compare";

/** How long before its end a runtime is noted. */
const RUNTIME_NOTICE_MS = 90 * DAY_MS;

/** Checks a function: its code, its settings, how it is invoked and where it logs. */
export function createFunctionChecks(expected: FunctionSpec, context: CheckContext): CheckGroup {
  const { read, fixes } = context;
  const { name } = expected;
  const deployed = memoizeAsync(() => read.describe(name));
  const ifDeployed = createDeployedCheck(deployed, "there is no such function");
  return {
    subject: `Function ${name}`,
    checks: [
      {
        name: "deployed",
        run: async () => {
          const found = await deployed();
          return found === undefined
            ? wrong("there is no such function", fixes.deploy)
            : ok(`changed last on ${formatUtcMinute(found.lastModified)}`);
        },
      },
      { name: "code", run: ifDeployed((found) => checkCode(found, context)) },
      { name: "state", run: ifDeployed((found) => checkState(found, context)) },
      { name: "runtime", run: ifDeployed((found) => checkRuntime(found, expected, context)) },
      {
        name: "settings",
        run: ifDeployed(async (found) =>
          checkSettings(found, await read.reservedConcurrency(name), expected, context),
        ),
      },
      { name: "environment", run: ifDeployed((found) => checkEnvironment(found, expected, context)) },
      { name: "delivery", run: ifDeployed(() => checkDelivery(expected, context)) },
      { name: "invocation", run: ifDeployed(() => checkInvocation(expected, context)) },
      { name: "log group", run: () => checkLogGroup(expected, context) },
    ],
  };
}

function checkState(found: DeployedFunction, { fixes }: CheckContext): CheckResult {
  const { state, stateReason, lastUpdateStatus = "Successful", lastUpdateReason } = found;
  if (state === "Failed" || lastUpdateStatus === "Failed") {
    const reason = stateReason ?? lastUpdateReason ?? "Lambda gives no reason";
    return wrong(`its last change failed: ${reason}`, fixes.deploy);
  }
  if (state === "Pending" || lastUpdateStatus === "InProgress")
    return note("an update is in progress: run doctor again");
  return state === "Inactive"
    ? note("inactive, since it has not run for weeks: its next invocation wakes it up, which takes longer")
    : ok(state);
}

function checkRuntime(
  { runtime }: DeployedFunction,
  expected: FunctionSpec,
  { fixes, now }: CheckContext,
): CheckResult {
  const differences = compareValues("runtime", runtime, expected.runtime);
  if (differences.length > 0) return wrong("not as in the config", fixes.deploy, differences);
  const end = endOfSupport(runtime);
  if (end === undefined) return ok(runtime);
  const soon = new Date(+now + RUNTIME_NOTICE_MS);
  const newer = fixes.changeConfig(`set functions.runtime to ${findLastingRuntime(soon) ?? "a newer one"}`);
  const date = end.toISOString().slice(0, 10);
  if (end <= now) return wrong(`${runtime} is deprecated since ${date}`, newer);
  if (end <= soon) return note(`${runtime} will be deprecated on ${date}`, newer);
  return ok(`${runtime}, supported until ${date}`);
}

function checkSettings(
  found: DeployedFunction,
  reservedConcurrency: number | undefined,
  expected: FunctionSpec,
  { fixes }: CheckContext,
): CheckResult {
  const differences = [
    ...compareValues("timeout", `${found.timeoutSeconds} s`, `${expected.timeoutSeconds} s`),
    ...compareValues("memory", `${found.memoryMb} MB`, `${expected.memoryMb} MB`),
    ...compareValues("architecture", found.architecture, expected.architecture),
    ...compareValues("handler", found.handler, expected.handler),
    ...compareValues("role", found.roleArn, expected.roleArn),
    ...compareValues("log format", found.logFormat, expected.logFormat),
    ...compareValues("log group", found.logGroup, expected.logGroup),
    // Lambda names its own level where none is set.
    ...(expected.logLevel ? compareValues("log level", found.logLevel, expected.logLevel) : []),
    ...compareValues("subnets", inOrder(found.vpc?.subnetIds), inOrder(expected.vpc?.subnetIds)),
    ...compareValues(
      "security groups",
      inOrder(found.vpc?.securityGroupIds),
      inOrder(expected.vpc?.securityGroupIds),
    ),
    ...compareValues("tracing", found.traces, expected.traces),
    ...compareValues("reserved concurrency", reservedConcurrency, expected.reservedConcurrency),
  ];
  const { timeoutSeconds, memoryMb, architecture } = expected;
  return judgeDifferences(differences, `${timeoutSeconds} s, ${memoryMb} MB, ${architecture}`, fixes.deploy);
}

function inOrder(ids: readonly string[] | undefined): string | undefined {
  return ids && [...ids].sort().join(", ");
}

function checkEnvironment(
  { variables }: DeployedFunction,
  expected: FunctionSpec,
  { fixes }: CheckContext,
): CheckResult {
  const names = [...new Set([...Object.keys(expected.variables), ...Object.keys(variables)])];
  const differences = names.flatMap((name) => {
    const value = expected.variables[name];
    return value === undefined
      ? compareValues(name, variables[name], undefined)
      : compareTexts(name, variables[name], value);
  });
  return judgeDifferences(differences, Object.keys(expected.variables).join(", "), fixes.deploy);
}

async function checkDelivery(expected: FunctionSpec, { read, fixes }: CheckContext): Promise<CheckResult> {
  const { maxRetries, maxEventAgeSeconds, onFailureArn } = expected;
  const found = { ...LAMBDA_RETRY_DEFAULTS, ...(await read.eventInvokeConfig(expected.name)) };
  const differences = [
    ...compareValues("retries", found.maxRetries, maxRetries),
    ...compareValues("event age", `${found.maxEventAgeSeconds} s`, `${maxEventAgeSeconds} s`),
    ...compareValues("destination on failure", found.onFailureArn, onFailureArn),
  ];
  return judgeDifferences(differences, `${maxRetries} retries within ${maxEventAgeSeconds} s`, fixes.deploy);
}

/** Without this permission, EventBridge drops the firings of a rule silently. */
async function checkInvocation({ name }: FunctionSpec, context: CheckContext): Promise<CheckResult> {
  const { expected, read, fixes, account } = context;
  if (expected.scheduler) return none("EventBridge Scheduler invokes it by its own role");
  const rules = expected.rules.filter(({ functionName }) => functionName === name);
  const statements = await read.functionPolicy(name);
  const refused = rules.filter(
    ({ arn }) =>
      !allowsInvocation(statements, { service: SERVICE_PRINCIPALS.events, arn, accountId: account.id }),
  );
  if (refused.length === 0)
    return ok(`its ${rules.length} ${rules.length === 1 ? "rule" : "rules"} may invoke it`);
  const which =
    refused.length === rules.length
      ? "none of its rules"
      : `not ${refused.map((rule) => rule.name).join(", ")}`;
  return wrong(`${which} may invoke it: its resource policy does not allow EventBridge to`, fixes.deploy);
}

async function checkLogGroup(expected: FunctionSpec, { read, fixes }: CheckContext): Promise<CheckResult> {
  const found = await read.logGroup(expected.logGroup);
  if (found === undefined) return wrong(`there is no ${expected.logGroup}`, fixes.deploy);
  const days = (count: number | undefined) => (count === undefined ? "for ever" : `${count} days`);
  const differences = [
    ...compareValues("kept", days(found.retentionDays), days(expected.logRetentionDays)),
    ...compareValues("key", found.kmsKeyArn, expected.logGroupKmsKeyArn),
  ];
  return judgeDifferences(differences, `kept ${days(expected.logRetentionDays)}`, fixes.deploy);
}

/**
 * When Lambda ends its support of a Node.js runtime.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const SUPPORT_ENDS: Readonly<Record<string, string>> = {
  "nodejs16.x": "2024-06-12",
  "nodejs18.x": "2025-09-01",
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
};

/** Returns undefined for a runtime that is not in the list. */
function endOfSupport(runtime: string): Date | undefined {
  const date = Object.hasOwn(SUPPORT_ENDS, runtime) ? SUPPORT_ENDS[runtime] : undefined;
  return date === undefined ? undefined : new Date(`${date}T00:00:00Z`);
}

/** The oldest runtime that is supported until then: older versions of the AWS provider know it too. */
function findLastingRuntime(until: Date): string | undefined {
  return Object.keys(SUPPORT_ENDS).find((runtime) => (endOfSupport(runtime) ?? until) > until);
}
