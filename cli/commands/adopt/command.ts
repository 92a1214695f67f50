import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addExamples, addPermissions, CONFIG_OPTION } from "../../options";
import type { AdoptOptions } from "./run";

/** Adds `adopt`: takes over what was built by hand, with nothing destroyed. */
export function addAdoptCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("adopt")
    .description(
      "Find the functions, roles, rules and schedules of an account that start and stop instances, and add them to a config that takes them over. Read-only, apart from --write.",
    )
    .option(...CONFIG_OPTION)
    .option("--region <code>", "AWS region to search (default: the config's, or $AWS_REGION)")
    .option("--profile <name>", "named profile of the AWS config files (default: $AWS_PROFILE)")
    .option(
      "--timezone <zone>",
      "IANA zone in which new schedules are written (default: a guess from the region)",
    )
    .option("--write", "write the config file; without it, only show what would change")
    .option("--json", "print JSON")
    .option(
      "--module-address <address>",
      "print import blocks for the Terraform module at this address instead",
    );
  addExamples(command, [
    ["adopt", "Show what would be taken over, and how the config would change"],
    ["adopt --write", "Write the config file"],
    ["adopt --module-address module.office_hours", "Print import blocks for the Terraform module"],
  ]);
  addPermissions(command, PERMISSIONS.adopt).action(async (options: AdoptOptions) => {
    // Loaded for this command only.
    const { runAdopt } = await import("./run");
    await runAdopt(options, context);
  });
}
