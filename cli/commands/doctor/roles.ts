import { chunksOf, groupBy } from "../../../contract/collections";
import type { RoleSpec } from "../../../model/blueprint";
import type { PolicyDocument, PolicyStatement } from "../../../model/policies";
import type { AwsError } from "../../aws/call";
import type { DeployedRole, Refusal, SimulatedCalls, SimulatedContext } from "../../aws/iam";
import { type IamPolicy, trustedPrincipals } from "../../aws/policy";
import {
  type CheckGroup,
  type CheckResult,
  createDeployedCheck,
  type Difference,
  judgeDifferences,
  none,
  note,
  ok,
  wrong,
} from "./check";
import { type CheckContext, memoizeAsync } from "./check-context";
import { comparePolicies, compareValues } from "./compare";

/** Checks a role: who may assume it, and whether it may do what it is for. */
export function createRoleChecks(expected: RoleSpec, use: string, context: CheckContext): CheckGroup {
  const { read, fixes } = context;
  const { name, policyName } = expected;
  const deployed = memoizeAsync(() => read.role(name));
  const inlinePolicy = memoizeAsync(() => read.inlinePolicy(name, policyName));
  const ifDeployed = createDeployedCheck(deployed, "there is no such role");
  if (expected.given) return createGivenRoleChecks(expected, use, context);
  return {
    subject: `Role ${name}`,
    checks: [
      {
        name: "deployed",
        run: async () =>
          (await deployed()) === undefined
            ? wrong("there is no such role", fixes.deploy)
            : ok(`used by ${use}`),
      },
      {
        name: "trust",
        run: ifDeployed(({ trust }) =>
          judgeDifferences(comparePolicies(trust, expected.trust), `${use} may use it`, fixes.deploy),
        ),
      },
      {
        name: "boundary",
        run: ifDeployed(({ boundaryArn }) => {
          const differences = compareValues("boundary", boundaryArn, expected.boundaryArn);
          if (differences.length === 0 && boundaryArn === undefined) return none("the config asks for none");
          return judgeDifferences(differences, boundaryArn ?? "", fixes.deploy);
        }),
      },
      {
        name: "policy",
        run: ifDeployed(async () => {
          const found = await inlinePolicy();
          return found === undefined
            ? wrong(`it has no inline policy ${policyName}`, fixes.deploy)
            : judgeDifferences(
                comparePolicies(found, expected.policy),
                `${policyName}, as in the config`,
                fixes.deploy,
              );
        }),
      },
      { name: "other policies", run: ifDeployed(() => checkOtherPolicies(expected, context)) },
      {
        name: "permissions",
        run: ifDeployed(async (found) => {
          try {
            return await simulatePolicy(expected, found, context);
          } catch (error) {
            const text = await describeUnbounded(error, expected, found, inlinePolicy);
            if (text === undefined) throw error;
            return note(text);
          }
        }),
      },
    ],
  };
}

/** Checks a role of your own: who may assume it and what it may do, in whatever policies. */
function createGivenRoleChecks(expected: RoleSpec, use: string, context: CheckContext): CheckGroup {
  const { read } = context;
  const { name, arn, trust } = expected;
  const fix = `give ${name} the policy that synth prints`;
  const absent = "there is no such role";
  const deployed = memoizeAsync(() => read.role(name));
  const ifDeployed = createDeployedCheck(deployed, absent);
  const services = trustedPrincipals(trust);
  return {
    subject: `Role ${name}`,
    checks: [
      {
        name: "deployed",
        run: async () => {
          const found = await deployed();
          if (found === undefined) return wrong(absent, "make the role, or name another one in the config");
          return judgeDifferences(
            compareValues("role", found.arn, arn),
            `your own, used by ${use}`,
            "name this role in the config",
          );
        },
      },
      {
        name: "trust",
        run: ifDeployed((found) => {
          const missing = services.filter((service) => !trustedPrincipals(found.trust).includes(service));
          return missing.length === 0
            ? ok(`${use} may use it`)
            : wrong(`${use} may not use it`, `let ${missing.join(", ")} assume ${name}`);
        }),
      },
      {
        name: "permissions",
        run: ifDeployed((found) => simulatePolicy(expected, found, context, fix)),
      },
    ],
  };
}

/** Lists other policies of the role. They count as wrong only for an adopted role with a list of what it keeps. */
async function checkOtherPolicies(expected: RoleSpec, { read, fixes }: CheckContext): Promise<CheckResult> {
  const { name, policyName, onlyPolicyArns } = expected;
  const inline = (await read.inlinePolicyNames(name)).filter((each) => each !== policyName);
  const attached = await read.attachedPolicyArns(name);
  if (onlyPolicyArns !== undefined) {
    const differences = [
      ...attached
        .filter((arn) => !onlyPolicyArns.includes(arn))
        .flatMap((arn) => compareValues(arn, "held", "not held")),
      ...onlyPolicyArns
        .filter((arn) => !attached.includes(arn))
        .flatMap((arn) => compareValues(arn, "not held", "held")),
    ];
    if (differences.length > 0) return wrong("not as in the config", fixes.deploy, differences);
  }
  const others = [...inline, ...attached.filter((arn) => !onlyPolicyArns?.includes(arn))];
  if (others.length > 0) return note(`it also holds ${others.join(", ")}, which this config does not need`);
  return ok(attached.length === 0 ? "none" : `${attached.length} kept, as in the config`);
}

/** Has IAM simulate each call that the config's policy is there to allow. */
async function simulatePolicy(
  expected: RoleSpec,
  found: DeployedRole,
  { read, fixes }: CheckContext,
  lacking = fixes.deploy,
): Promise<CheckResult> {
  const asked = listSimulatedCalls(expected.policy);
  const refusals: Refusal[] = [];
  for (const calls of asked) refusals.push(...(await read.refusals(found.arn, calls)));
  const actions = new Set(asked.flatMap((calls) => calls.actions)).size;
  if (refusals.length === 0)
    return ok(`IAM would allow the ${actions === 1 ? "action" : `${actions} actions`} that it is for`);
  const byBoundary = refusals.some((refusal) => refusal.byBoundary);
  const fix = byBoundary
    ? `let the permissions boundary ${found.boundaryArn ?? ""} allow it`
    : refusals.some((refusal) => refusal.byOrganization)
      ? "ask the owner of the organization's service control policies to allow it"
      : lacking;
  return wrong("IAM would refuse some of what it is for", fix, describeRefusals(refusals));
}

/** Groups refusals by action and by what refuses it. */
function describeRefusals(refusals: readonly Refusal[]): Difference[] {
  const groups = groupBy(refusals, ({ action, byBoundary, byOrganization }) =>
    JSON.stringify([action, byBoundary, byOrganization]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const who = `${first.byBoundary ? " by the permissions boundary" : ""}${first.byOrganization ? " by the organization" : ""}`;
    const more = group.length > 1 ? ` and ${group.length - 1} more` : "";
    return compareValues(first.action, `refused${who} on ${first.resourceArn}${more}`, "allowed");
  });
}

/** Judges by the policy alone where IAM cannot simulate it and no boundary limits it. */
async function describeUnbounded(
  error: unknown,
  { policy }: RoleSpec,
  { boundaryArn }: DeployedRole,
  inlinePolicy: () => Promise<IamPolicy | undefined>,
): Promise<string | undefined> {
  if (!(error instanceof Error) || error.name !== "AwsError" || boundaryArn !== undefined) return undefined;
  const { missingPermission } = error as AwsError;
  const found = await inlinePolicy();
  if (found === undefined || comparePolicies(found, policy).length > 0) return undefined;
  const reason = missingPermission ? `no permission for ${missingPermission}` : "IAM did not simulate it";
  return `not simulated (${reason}); its policy is the config's, and no boundary limits it`;
}

const RESOURCES_PER_CALL = 50;

/**
 * The calls that a policy is there to allow, for IAM to simulate: each action on each resource, under the conditions of
 * the statement. Of several values of a condition, each occurs once.
 */
export function listSimulatedCalls({ Statement }: PolicyDocument): SimulatedCalls[] {
  return Statement.flatMap((statement) => {
    const resources = chunksOf(statement.Resource.map(fillInPattern), RESOURCES_PER_CALL);
    return listContexts(statement).flatMap((context) =>
      resources.map((resourceArns) => ({ actions: statement.Action, resourceArns, context })),
    );
  });
}

/** Replaces a pattern by an ARN that it matches. */
function fillInPattern(resource: string): string {
  return resource
    .replace(/:instance\/\*$/, ":instance/i-00000000000000000")
    .replace(/:(subnet|security-group)\/\*$/, ":$1/any")
    .replace(/:\*\/\*$/, ":network-interface/any")
    .replace(/:\*:/, ":000000000000:")
    .replace(/(:schedule\/.*)\/\*$/, "$1/any")
    .replace(/:\*$/, ":log-stream:any");
}

function listContexts({ Condition = {} }: PolicyStatement): SimulatedContext[][] {
  // Negated conditions hold when their key is absent.
  const wanted = Object.entries(Condition).filter(([operator]) => !/^(?:Arn|String)Not/.test(operator));
  const keys = wanted.flatMap(([operator, values]) =>
    Object.entries(values)
      .filter(([, texts]) => operator !== "Null" || !texts.includes("true"))
      .map(([key, texts]) => ({
        key,
        type: operator === "Bool" ? ("boolean" as const) : ("string" as const),
        values:
          operator === "Null"
            ? ["any"]
            : texts.map(operator === "StringLike" ? fillInText : unescapeVariables),
      })),
  );
  const rounds = Math.max(1, ...keys.map(({ values }) => values.length));
  return Array.from({ length: rounds }, (_, round) =>
    keys.map(({ key, type, values }) => ({ key, type, value: values[round % values.length] ?? "" })),
  );
}

/** Replaces a pattern of texts by one that it matches. */
function fillInText(pattern: string): string {
  return pattern.replace(
    /\$\{([*?$])\}|\*|\?/g,
    (wildcard, literal) => literal ?? (wildcard === "?" ? "x" : ""),
  );
}

/** IAM writes a literal `$` as `${$}`. */
function unescapeVariables(text: string): string {
  return text.replaceAll("${$}", "$");
}
