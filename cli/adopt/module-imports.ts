import type { Config } from "../../config";
import { planSchedules } from "../../constructs/plan";
import { removals } from "./adopt-text";
import type { ExistingConfig } from "./existing-config";
import type { Finding } from "./finding";
import type { Proposal } from "./proposal";

/** Resources of the module by what they are, as module/*.tf names them. A test holds these to it. */
export const MODULE_ADDRESSES = {
  function: (action: string) => `aws_lambda_function.this[${quoted(action)}]`,
  logGroup: (action: string) => `aws_cloudwatch_log_group.this[${quoted(action)}]`,
} as const;

/** Import blocks for the plain Terraform module, what its call has to say for them, and what is made beside. */
export function moduleText(proposal: Proposal, _existing: ExistingConfig, moduleAddress: string): string {
  const adopt = proposal.additions.adopt ?? {};
  const blocks: string[] = [];
  const args: string[] = [];
  for (const action of ["stop", "start"] as const) {
    const adopted = adopt.functions?.[action];
    if (adopted === undefined) continue;
    args.push(`${action}_function_name = ${quoted(adopted.name)}`);
    blocks.push(block(`${moduleAddress}.${MODULE_ADDRESSES.function(action)}`, adopted.name));
    if (adopted.logGroup) {
      blocks.push(
        block(`${moduleAddress}.${MODULE_ADDRESSES.logGroup(action)}`, `/aws/lambda/${adopted.name}`),
      );
    }
  }
  return [...args, ...blocks].join("\n");
}

function block(to: string, id: string): string {
  return `import {\n  to = ${to}\n  id = ${quoted(id)}\n}\n`;
}

/** A string as HCL reads it back. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");
}
