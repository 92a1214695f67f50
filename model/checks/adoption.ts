import { ACTIONS, type Action } from "../../contract/actions";
import { MAX_NAME_LENGTH, TRIGGER } from "../../contract/limits";
import { KMS_KEY_ARN, NAME_PREFIX, POLICY_ARN, ROLE_PATH } from "../../contract/patterns";
import type { ParsedSchedule } from "../parsed-schedule";
import { pathTo, show } from "../problem";
import type { PartialProps } from "../schema";
import { isUnresolved } from "../terraform-text";
import {
  entriesOf,
  mustBeInPartition,
  mustBeInRegion,
  mustExist,
  mustMatch,
  type ReportProblem,
  textsOf,
} from "./field";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, RoleName */
const ROLE_NAME = new RegExp(`^[\\w+=,.@-]{1,${MAX_NAME_LENGTH}}$`);
/** Names of rules, target ids, schedules and schedule groups. */
const TRIGGER_NAME = new RegExp(`^[A-Za-z0-9._-]{1,${MAX_NAME_LENGTH}}$`);

type PartialAdoption = NonNullable<PartialProps["adopt"]>;
type PartialFunction = NonNullable<PartialAdoption["functions"]>["stop"];

/** Checks `adopt`: valid names, no resource twice, and each belongs to a function or schedule of this config. */
export function checkAdoption(
  report: ReportProblem,
  props: PartialProps,
  schedules: readonly ParsedSchedule[],
): void {
  const { adopt } = props;
  if (adopt === undefined) return;
  checkRole(report, adopt.role, props.region);
  for (const action of ACTIONS) checkFunction(report, action, adopt.functions?.[action], props, schedules);
  checkTriggers(report, adopt.schedules, props, schedules);
}

function checkRole(
  report: ReportProblem,
  role: PartialAdoption["role"] = {},
  region: PartialProps["region"],
): void {
  mustMatch(report, "adopt.role.name", role.name, ROLE_NAME, "the name of an IAM role, without its path");
  mustMatch(report, "adopt.role.path", role.path, ROLE_PATH, "a path such as `/service-role/`");
  for (const [arn, index] of textsOf(role.keepPolicyArns)) {
    mustMatch(report, `adopt.role.keepPolicyArns[${index}]`, arn, POLICY_ARN, "the ARN of an IAM policy");
    mustBeInPartition(report, `adopt.role.keepPolicyArns[${index}]`, arn, region);
  }
}

function checkFunction(
  report: ReportProblem,
  action: Action,
  adopted: PartialFunction,
  { functions, region }: PartialProps,
  schedules: readonly ParsedSchedule[],
): void {
  if (adopted === undefined) return;
  const path = `adopt.functions.${action}`;
  const { name, logGroupKmsKeyArn: key } = adopted;
  mustMatch(report, `${path}.name`, name, NAME_PREFIX, "the name of a function, not its ARN");
  mustMatch(report, `${path}.logGroupKmsKeyArn`, key, KMS_KEY_ARN, "the ARN of a KMS key");
  if (key !== undefined && KMS_KEY_ARN.test(key)) {
    mustBeInRegion(report, `${path}.logGroupKmsKeyArn`, key, region, "a key");
  }
  const set = functions?.[`${action}Name`];
  if (set !== undefined && set !== name) {
    const got = isUnresolved(set) ? "a Terraform token" : show(set);
    report(`functions.${action}Name`, `the name in \`${path}.name\`, or nothing`, got);
  }
  if (!schedules.some((parsed) => parsed.action === action)) {
    report(path, `a schedule that has the action ${action}`, "none, so that function is not made");
  }
}

function checkTriggers(
  report: ReportProblem,
  adopted: PartialAdoption["schedules"],
  { trigger }: PartialProps,
  schedules: readonly ParsedSchedule[],
): void {
  const planned = Object.fromEntries(schedules.map(({ name }) => [name, true]));
  const taken = new Map<string, string>();
  for (const [name, each] of entriesOf(adopted)) {
    const path = pathTo("adopt.schedules", name);
    mustExist(report, path, name, planned, "a schedule");
    if (each === undefined) continue;
    const kind = "rule" in each ? "event-rule" : "scheduler";
    if (kind !== (trigger ?? TRIGGER.default)) {
      const expected = kind === "scheduler" ? "`rule` and `targetId`" : "`group` and `name`";
      report(path, `${expected}, as trigger \`${trigger ?? TRIGGER.default}\` needs`, `one for ${kind}`);
    }
    for (const [key, value] of Object.entries(each)) {
      mustMatch(report, pathTo(path, key), value, TRIGGER_NAME, "1 to 64 letters, digits, `.`, `-` and `_`");
    }
    const id = show("rule" in each ? each.rule : Object.values(each));
    const other = taken.get(id);
    if (other !== undefined) report(path, `another ${NOUN[kind]} than \`${other}\` has`, id);
    taken.set(id, path);
  }
}

const NOUN = { "event-rule": "rule", scheduler: "schedule" } as const;
