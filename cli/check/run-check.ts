import type { CommandEnvironment } from "../command-environment";
import { readDeployment } from "../deployment/deployment";
import { openTools } from "../functions/open-tools";
import type { OperatingOptions } from "../operating-options";
import { checkJson } from "./check-json";
import { checkRequest } from "./check-request";
import { checkTarget, isWell } from "./check-run";
import { checkText } from "./check-text";

export async function runCheck(
  target: string,
  options: OperatingOptions,
  environment: CommandEnvironment,
): Promise<void> {
  const { clock, write, terminal } = environment;
  const deployment = await readDeployment(options, environment.variables, clock.now());
  const request = checkRequest(deployment, target);
  const { aws } = deployment;
  const run = await checkTarget(deployment, target, request, openTools(aws, environment));
  write(
    options.json ? `${JSON.stringify(checkJson(run), undefined, 2)}\n` : checkText(run, aws.region, terminal),
  );
  if (!isWell(run)) environment.notAsItShouldBe();
}
