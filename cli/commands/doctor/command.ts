import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, type OperatingOptions } from "../../options";

/** Adds `doctor`: is what is deployed what the config says, and would it work? */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("doctor")
    .description(
      "Compare all that is deployed with the config, and look whether it would work: functions, role, rules or schedules, targets, keys, alerts. AWS is only read.",
    )
    .addHelpText(
      "after",
      `
Exit code 0: nothing is wrong. 1: something is wrong or unknown. A permission
that is missing fails only the checks that need it. Alarms count as they are: a
new schedule's alarm on missed firings goes off until its first firing.

It compares with a config file, so it knows nothing of what the Terraform module
or a stack of your own deployed.`,
    );
  addOperatingOptions(command, PERMISSIONS.doctor, [
    ["doctor", "Is everything deployed as the config says?"],
    ["doctor --json", "The same, to be read by a program"],
  ]).action(async (options: OperatingOptions) => {
    // Loaded for this command only.
    const { runDoctor } = await import("./run");
    await runDoctor(options, context);
  });
}
