import type { CommandContext } from "../../context";
import { readDeployment } from "../../deployment/deployment";
import { type InvocationJson, invocationJson, printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import { createInvokeDependencies } from "../../runs/invoke";
import { createServicesRequest, isSuccessful, runServiceChecks, type ServicesRun } from "./check";
import { renderServices } from "./text";

/** Runs the checks of a target. */
export async function runServices(
  target: string,
  options: OperatingOptions,
  context: CommandContext,
): Promise<void> {
  const deployment = await readDeployment(options, context, context.now());
  const request = createServicesRequest(deployment, target);
  const { aws } = deployment;
  const run = await runServiceChecks(deployment, target, request, createInvokeDependencies(aws, context));
  if (options.json) printJson(context, servicesJson(run));
  else context.out(renderServices(run, aws.region, context));
  if (!isSuccessful(run)) context.reportUnhealthy();
}

/** What `services --json` prints. The results are in `services` of the report's instances. */
interface ServicesJson extends InvocationJson {
  readonly target: string;
  /** What was checked, as deployed: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
  /** The checks of the config; null unless the deployed ones differ, in a command's text too. */
  readonly configChecks: readonly string[] | null;
}

function servicesJson(run: ServicesRun): ServicesJson {
  const { target, checks, configChecks = null } = run;
  return { target, checks, configChecks, ...invocationJson(run) };
}
