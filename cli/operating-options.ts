import type { Command } from "commander";

/** Options of every command that looks at what is deployed. */
export interface OperatingOptions {
  readonly config?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/**
 * Adds those options, and the line that says which permissions the command needs.
 * @param permissions IAM actions, such as `ec2:DescribeInstances`
 */
export function addOperatingOptions(command: Command, permissions: readonly string[]): Command {
  return command
    .option("--config <file>", "config file (default: $EC2_START_STOP_CONFIG, or ec2-start-stop.yaml)")
    .option("--region <code>", "AWS region of the functions (default: the config's, which it must equal)")
    .option("--profile <name>", "named profile of the AWS config files (default: $AWS_PROFILE)")
    .option("--json", "print JSON")
    .addHelpText("after", `\nNeeds in IAM: ${permissions.join(", ")}`);
}
