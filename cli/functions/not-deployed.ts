import type { Action } from "../../schedule/request";
import { AwsError } from "../aws/aws-error";
import type { Deployment } from "../deployment/deployment";
import type { DeployedFunction, FunctionReader } from "./functions";

/**
 * The function of an action.
 * @throws {AwsError} where it is not deployed
 */
export async function functionFor(
  reader: FunctionReader,
  { names, aws }: Pick<Deployment, "names" | "aws">,
  action: Action,
): Promise<DeployedFunction> {
  const name = names.functions[action];
  const found = await reader.describe(name);
  if (found === undefined) throw notDeployed(name, aws.region);
  return found;
}

/** One line for all commands. */
export function notDeployed(functionName: string, region: string): AwsError {
  return new AwsError(
    `The function ${functionName} is not deployed in ${region}: deploy this config first, or set --profile to the account that has it`,
  );
}
