import { hasFailed, type InstanceReport, type RunReport } from "../../../contract/report";
import type { ServiceChecks, StartStopRequest } from "../../../contract/request";
import { requestTargets } from "../../../model/requests";
import { type CommandContext, InputError } from "../../context";
import { checkTargetName, type Deployment, readDeployment } from "../../deployment/deployment";
import type { OperatingOptions } from "../../options";
import { type AskTools, askFunction, type NamedAnswer, openTools } from "../../runs/invoke";
import { checkJson, checkText } from "./text";

export async function runCheck(
  target: string,
  options: OperatingOptions,
  context: CommandContext,
): Promise<void> {
  const { out, now } = context;
  const deployment = await readDeployment(options, context, now());
  const request = checkRequest(deployment, target);
  const { aws } = deployment;
  const run = await checkTarget(deployment, target, request, openTools(aws, context));
  out(
    options.json ? `${JSON.stringify(checkJson(run), undefined, 2)}\n` : checkText(run, aws.region, context),
  );
  if (!isWell(run)) context.reportUnhealthy();
}

/** One look inside the instances of a target. */
export interface CheckRun extends NamedAnswer {
  readonly target: string;
  /** What was looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
}

export async function checkTarget(
  deployment: Deployment,
  target: string,
  { request, checks }: CheckRequest,
  tools: AskTools,
): Promise<CheckRun> {
  return { target, checks, ...(await askFunction(deployment, request, [target], tools)) };
}

/** What became of the look inside one instance; the last two were not looked at, for a good reason. */
export type CheckVerdict = "passed" | "failed" | "unchecked" | "not running" | "skipped";

export function checkVerdict({ outcome, services, stateAfter }: InstanceReport): CheckVerdict {
  if (hasFailed(outcome)) return "failed";
  // A look by hand is the last one, so nothing is pending; a function that says so could not tell.
  if (services !== undefined) return services.status === "pending" ? "unchecked" : services.status;
  if (outcome !== "skipped") return "unchecked";
  return stateAfter === "running" ? "skipped" : "not running";
}

/** Whether something was looked at, and all of it runs. */
export function isWell({ answer: { report } }: CheckRun): boolean {
  return report?.status === "ok" && report.errors.length === 0 && allPass(report);
}

function allPass({ instances }: RunReport): boolean {
  const verdicts = instances.map(checkVerdict);
  return verdicts.includes("passed") && !verdicts.some((each) => each === "failed" || each === "unchecked");
}

/** A request to look inside the instances of a target, and to start nothing. */
export interface CheckRequest {
  readonly request: StartStopRequest;
  /** What is looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
}

/**
 * What the start function is to be asked for: its role alone may look inside instances, and only inside those that it
 * starts.
 * @throws {InputError} for a target that the config does not have, that has no checks, or that nothing starts
 */
export function checkRequest(deployment: Deployment, target: string): CheckRequest {
  checkTargetName(deployment, target);
  const { config, file, plan } = deployment;
  const checks = config.targets[target]?.checks;
  if (checks === undefined) {
    throw new InputError(
      `Expected \`targets.${target}\` of ${file} to have checks, got none: say what must run there, such as \`checks: { systemd: [nginx], tcp: [5432] }\`, and deploy it`,
    );
  }
  const isStarted = plan.some(
    ({ action, targetNames }) => action === "start" && targetNames.includes(target),
  );
  if (!isStarted) {
    throw new InputError(
      `Expected a schedule of ${file} that starts ${target}, got none: only the function that starts instances may look inside them`,
    );
  }
  return {
    request: {
      schedule: `check ${target}`,
      action: "start",
      checkOnly: true,
      targets: requestTargets(config, [target], "start"),
    },
    checks: checkNames(checks),
  };
}

/** As the function's report calls them. */
function checkNames({ systemd = [], tcp = [], command }: ServiceChecks): string[] {
  return [
    ...systemd.map((unit) => `systemd ${unit}`),
    ...tcp.map((port) => `tcp ${port}`),
    ...(command === undefined ? [] : ["command"]),
  ];
}
