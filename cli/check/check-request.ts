import { requestTargets } from "../../constructs/request-targets";
import type { ServiceChecks, StartStopRequest } from "../../schedule/request";
import { checkTargetName, type Deployment } from "../deployment/deployment";
import { InputError } from "../input-error";

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
