import { AwsError, mapConcurrently } from "../../aws/call";
import type { Tell } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import { examineAlerts } from "./alerts";
import {
  type Around,
  type Check,
  type Examination,
  type Finding,
  Fixes,
  type Look,
  none,
  note,
  ok,
  once,
  unknown,
  wrong,
} from "./check";
import { type AccountPlace, expectedOf } from "./expectation";
import { examineFunction } from "./functions";
import { examineKeys } from "./keys";
import { examineRole } from "./roles";
import { examineTarget } from "./targets";
import { examineRules, examineSchedules } from "./triggers";

/** Everything that was looked at, in the order in which it is told. */
export interface Diagnosis {
  readonly account: AccountPlace;
  readonly checks: readonly Check[];
}

/** What is looked at, and with what it is compared. */
export type Patient = Pick<Around, "deployment" | "read" | "builtCode" | "now">;

/**
 * Looks at everything that a config makes. Changes nothing.
 * @throws {AwsError} where AWS cannot be asked at all, or nothing of the config is deployed there
 */
export async function diagnose(
  { deployment, read, builtCode, now }: Patient,
  tell: Tell = () => undefined,
): Promise<Diagnosis> {
  // Needs no permission: what goes wrong here goes wrong with everything.
  const { accountId, arn } = await read.identity();
  const account = { id: accountId, partition: arn.split(":")[1] ?? "aws" };
  const expected = expectedOf(deployment, account, now);
  const around = { deployment, expected, account, read, fixes: new Fixes(deployment), builtCode, now };
  const all = examinations(arn, around).flatMap(({ subject, looks }) =>
    looks.map((look) => ({ subject, look })),
  );
  let done = 0;
  const checks = await mapConcurrently(all, async ({ subject, look }) => {
    const finding = await lookAt(look);
    tell(`Looked at ${++done} of ${all.length}: ${subject}`);
    return { subject, name: look.name, ...finding };
  });
  if (isNotDeployed(checks)) throw nothingDeployed(deployment, account);
  return { account, checks };
}

function examinations(arn: string, around: Around): Examination[] {
  const { expected, deployment, read } = around;
  const targets = once(() => read.targets(deployment.config));
  const { scheduler } = expected;
  return [
    examineConfig(around),
    examineAccount(arn, around),
    ...expected.functions.map((each) => examineFunction(each, around)),
    examineRole(expected.functionRole, "Lambda", around),
    ...(scheduler
      ? [examineRole(scheduler.role, "EventBridge Scheduler", around), examineSchedules(scheduler, around)]
      : [examineRules(around)]),
    ...Object.keys(deployment.config.targets).map((name) => examineTarget(name, targets, around)),
    examineKeys(around),
    examineAlerts(around),
  ];
}

async function lookAt({ look }: Look): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { missingPermission } = error;
    return missingPermission === undefined
      ? unknown(error.message)
      : unknown(`these credentials need ${missingPermission}`, missingPermission);
  }
}

/** Then every other line would say the same. */
function isNotDeployed(checks: readonly Check[]): boolean {
  const deployed = checks.filter(
    ({ subject, name }) => name === "deployed" && /^(Function|Role) /.test(subject),
  );
  return deployed.every(({ mark }) => mark === "wrong");
}

function nothingDeployed({ file, names, actions, config }: Deployment, { id }: AccountPlace): AwsError {
  const functions = actions.map((action) => names.functions[action]).join(" nor ");
  const isMeant = config.allowedAccountIds?.includes(id) ?? true;
  const account = `account ${id}${isMeant ? "" : " (which allowedAccountIds does not name)"}`;
  return new AwsError(
    `Nothing of ${file} is deployed in ${account}, ${config.region}: it has neither ${functions}, nor their role. Deploy it with npx cdktf deploy, or set --profile to the account that has it`,
  );
}

/** Whether this is the account that is meant. */
export function examineAccount(arn: string, { deployment, account }: Around): Examination {
  const { allowedAccountIds } = deployment.config;
  return {
    subject: "Account",
    looks: [
      { name: "credentials", look: async () => ok(arn) },
      {
        name: "allowed",
        look: async () => {
          if (allowedAccountIds === undefined) return none("the config allows any account");
          if (allowedAccountIds.includes(account.id)) return ok(`${account.id}, as allowedAccountIds says`);
          const expected = allowedAccountIds.join(", ");
          return wrong(`the config is not for ${account.id}`, "set --profile to the account that is meant", [
            { what: "account", got: account.id, expected },
          ]);
        },
      },
    ],
  };
}

/** What `npm run synth` warns of. */
export function examineConfig({ expected }: Around): Examination {
  const warnings = expected.warnings.map(({ path, message }) => ({
    name: path || "schedules",
    look: async () => note(message),
  }));
  const nothing = { name: "warnings", look: async () => ok("none") };
  return { subject: "Config", looks: warnings.length > 0 ? warnings : [nothing] };
}
