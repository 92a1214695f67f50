import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, type OperatingOptions } from "../../options";

/** Adds `check`: runs a target's service checks. */
export function addCheckCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("check")
    .description("Run a target's service checks on its running instances. Read-only.")
    .argument("<target>", "name of the target in the config");
  addOperatingOptions(command, PERMISSIONS.invoke, [
    ["check web", "Do the services of the target web run?"],
  ]).action(async (target: string, options: OperatingOptions) => {
    // Loaded for this command only.
    const { runCheck } = await import("./run");
    await runCheck(target, options, context);
  });
}
