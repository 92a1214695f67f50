import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, type OperatingOptions } from "../../options";

/** Adds `services`: runs a target's service checks. */
export function addServicesCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("services")
    .description("Run a target's service checks on its running instances. Read-only.")
    .argument("<target>", "name of the target in the config");
  addOperatingOptions(command, PERMISSIONS.invoke, [
    ["services web", "Do the services of the target web run?"],
  ]).action(async (target: string, options: OperatingOptions) => {
    // Loaded for this command only.
    const { runServices } = await import("./run");
    await runServices(target, options, context);
  });
}
