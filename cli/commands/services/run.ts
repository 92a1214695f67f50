import type { CommandContext } from "../../context";
import { readDeployment } from "../../deployment/deployment";
import { type InvocationJson, invocationJson, printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import { createInvokeDependencies } from "../../runs/invoke";
import { type CheckRun, checkRequest, checkTarget, isWell } from "./check";
import { checkText } from "./text";

/** Runs the checks of a target. */
export async function runCheck(
  target: string,
  options: OperatingOptions,
  context: CommandContext,
): Promise<void> {
  const deployment = await readDeployment(options, context, context.now());
  const request = checkRequest(deployment, target);
  const { aws } = deployment;
  const run = await checkTarget(deployment, target, request, createInvokeDependencies(aws, context));
  if (options.json) printJson(context, checkJson(run));
  else context.out(checkText(run, aws.region, context));
  if (!isWell(run)) context.reportUnhealthy();
}

/** What `check --json` prints: of the report, the `services` of its instances are the results. */
interface CheckJson extends InvocationJson {
  readonly target: string;
  /** What was checked: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
}

function checkJson(run: CheckRun): CheckJson {
  return { target: run.target, checks: run.checks, ...invocationJson(run) };
}
