import type { CommandEnvironment } from "../command-environment";
import { readDeployment } from "../deployment/deployment";
import { Ec2Fleet, ec2Clients } from "../fleet/ec2-fleet";
import { LambdaFunctions } from "../functions/lambda-functions";
import type { OperatingOptions } from "../operating-options";
import { openRunReader } from "../runs/log-runs";
import { checkJson } from "./check-json";
import { checkRequest } from "./check-request";
import { checkTarget, isWell } from "./check-run";
import { checkText } from "./check-text";

export async function runCheck(
  target: string,
  options: OperatingOptions,
  environment: CommandEnvironment,
): Promise<void> {
  const { clock, progress, write, terminal } = environment;
  const deployment = await readDeployment(options, environment.variables, clock.now());
  const request = checkRequest(deployment, target);
  const { aws } = deployment;
  const run = await checkTarget(deployment, target, request, {
    functions: new LambdaFunctions(aws, clock),
    runs: openRunReader(aws, clock),
    fleet: new Ec2Fleet(ec2Clients(aws)),
    clock,
    progress,
  });
  write(
    options.json ? `${JSON.stringify(checkJson(run), undefined, 2)}\n` : checkText(run, aws.region, terminal),
  );
  if (!isWell(run)) environment.notAsItShouldBe();
}
