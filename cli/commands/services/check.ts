import { hasFailed, type InstanceReport, type RunReport } from "../../../contract/report";
import type { ServiceChecks, StartStopRequest } from "../../../contract/request";
import { planOf } from "../../../model/plan";
import { requestTargets } from "../../../model/requests";
import { InputError } from "../../context";
import { checkTargetName, type Deployment } from "../../deployment/deployment";
import { type InvocationResult, type InvokeDependencies, invokeFunction } from "../../runs/invoke";
import { findChecks, hasSameChecks, listCheckNames, parseDeployedTargets } from "./deployed-checks";

/** One run of the checks of a target. */
export interface ServicesRun extends InvocationResult {
  readonly target: string;
  /** The checks of the deployed function: `systemd nginx`, `tcp 5432`, `command`; of the config where they are unknown. */
  readonly checks: readonly string[];
  /** Set where the config has other checks than the deployed function. */
  readonly configChecks?: readonly string[];
}

export async function runServiceChecks(
  deployment: Deployment,
  target: string,
  { request, checks }: ServicesRequest,
  dependencies: InvokeDependencies,
): Promise<ServicesRun> {
  const invocation = await invokeFunction(deployment, request, [target], dependencies);
  return { target, ...compareChecks(deployment, request, checks, invocation), ...invocation };
}

/** Compares the deployed checks of the request's instances with those of the config. */
function compareChecks(
  { config, plan }: Deployment,
  { targets }: StartStopRequest,
  ofTarget: ServiceChecks,
  { function: { variables } }: InvocationResult,
): Pick<ServicesRun, "checks" | "configChecks"> {
  const deployed = parseDeployedTargets(variables["TARGETS"]);
  const known = deployed && findChecks(deployed, targets);
  if (known === undefined || known.length === 0) return { checks: listCheckNames([ofTarget]) };
  const planned = findChecks(planOf(config, plan).targets.start ?? [], targets);
  const checks = listCheckNames(known);
  return hasSameChecks(known, planned) ? { checks } : { checks, configChecks: listCheckNames(planned) };
}

/** Result of checking one instance; the last two were skipped on purpose. */
export type ServicesVerdict = "passed" | "failed" | "unchecked" | "not running" | "skipped";

export function judgeServices({ outcome, services, stateAfter }: InstanceReport): ServicesVerdict {
  if (hasFailed(outcome)) return "failed";
  // A run by hand is not repeated, so nothing is pending: it could not be checked.
  if (services !== undefined) return services.status === "pending" ? "unchecked" : services.status;
  if (outcome !== "skipped") return "unchecked";
  return stateAfter === "running" ? "skipped" : "not running";
}

/** Whether something was checked, and all of it runs. */
export function isSuccessful({ report }: ServicesRun): boolean {
  return report?.status === "ok" && report.errors.length === 0 && allPass(report);
}

function allPass({ instances }: RunReport): boolean {
  const verdicts = instances.map(judgeServices);
  return verdicts.includes("passed") && !verdicts.some((each) => each === "failed" || each === "unchecked");
}

/** A request to run the checks of a target, and to start nothing. */
export interface ServicesRequest {
  readonly request: StartStopRequest;
  /** The checks of the target in the config. */
  readonly checks: ServiceChecks;
}

/**
 * The request for the start function: only its role may run commands inside instances, and only inside those that it
 * starts.
 * @throws {InputError} for a target that the config does not have, that has no checks, or that nothing starts
 */
export function createServicesRequest(deployment: Deployment, target: string): ServicesRequest {
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
      `Expected a schedule of ${file} that starts ${target}, got none: only the start function may run commands inside them`,
    );
  }
  return {
    request: {
      schedule: `services ${target}`,
      action: "start",
      checkOnly: true,
      targets: requestTargets(config, [target], "start"),
    },
    checks,
  };
}
