import { type Around, once } from "./around";
import { compared, type Examination, type Finding, note, wrong } from "./check";
import { differenceOf, jsonDifferences, textDifferences } from "./difference";
import type { ExpectedRule } from "./expected";
import { type LeftOver, leftOverFinding } from "./left-over";
import type { DeployedRule, RuleTarget } from "./reading/reading";
import { retryDifferences, stateText } from "./trigger-differences";

/** The rules of the config, each with its target, and those that are left from an earlier one. */
export function examineRules(around: Around): Examination {
  const { expected, deployment, read } = around;
  const prefix = `${deployment.names.prefix}-`;
  const listed = once(() => read.rules(prefix));
  const ruleNamed = async (name: string) => {
    // An adopted rule keeps its name, whatever that begins with.
    const rules = name.startsWith(prefix) ? await listed() : await read.rules(name);
    return rules.find((rule) => rule.name === name);
  };
  return {
    subject: "Rules",
    looks: [
      ...expected.rules.map((rule) => ({
        name: rule.name,
        look: () => ruleFinding(rule, ruleNamed, around),
      })),
      { name: "left over", look: async () => await leftOver(await listed(), around) },
    ],
  };
}

async function ruleFinding(
  expected: ExpectedRule,
  ruleNamed: (name: string) => Promise<DeployedRule | undefined>,
  { read, fixes, deployment }: Around,
): Promise<Finding> {
  const found = await ruleNamed(expected.name);
  if (found === undefined) return wrong("there is no such rule", fixes.deploy);
  const state = differenceOf("state", stateText(found.enabled), stateText(expected.enabled));
  const targets = await read.ruleTargets(expected.name);
  const target = targets.find(({ id }) => id === expected.targetId);
  const differences = [
    ...differenceOf("expression", found.expression, expected.expression),
    ...(target === undefined
      ? differenceOf("target", undefined, expected.functionName)
      : targetDifferences(target, expected)),
  ];
  const others = targets.filter((each) => each !== target);
  if (state.length + differences.length === 0 && others.length > 0) {
    return note(`as in the config, and it also fires ${others.map(({ arn }) => arn).join(", ")}`);
  }
  const verb = expected.enabled ? "enable-rule" : "disable-rule";
  const fix =
    differences.length === 0
      ? fixes.aws(["events", verb, "--name", expected.name], deployment.config.region)
      : fixes.deploy;
  return compared(
    [...state, ...differences],
    `${expected.expression} UTC${expected.enabled ? "" : ", disabled"}`,
    fix,
  );
}

function targetDifferences(target: RuleTarget, expected: ExpectedRule) {
  return [
    ...differenceOf("target", target.arn, expected.functionArn),
    ...jsonDifferences(target.inputPaths, expected.inputPaths, "input paths"),
    ...textDifferences("input", target.inputTemplate ?? target.input, expected.input),
    ...retryDifferences(target, expected),
  ];
}

/** Rules that begin as ours do, fire one of our functions, and are not in the config. */
async function leftOver(rules: readonly DeployedRule[], { expected, read, fixes }: Around): Promise<Finding> {
  const known = new Set(expected.rules.map(({ name }) => name));
  const functionArns = new Map(expected.functions.map(({ arn, name }) => [arn, name]));
  const found: LeftOver[] = [];
  for (const { name, enabled, expression = "by events" } of rules.filter((rule) => !known.has(rule.name))) {
    const own = (await read.ruleTargets(name)).filter(({ arn }) => functionArns.has(arn));
    const [first] = own;
    if (first === undefined) continue;
    found.push({
      name,
      enabled,
      fires: functionArns.get(first.arn) ?? first.arn,
      when: expression,
      removal: fixes.removeRule(
        name,
        own.map(({ id }) => id),
      ),
    });
  }
  return leftOverFinding(found);
}
