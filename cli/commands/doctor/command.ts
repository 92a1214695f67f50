import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions } from "../../options";
import type { DoctorOptions } from "./run";

/** Adds `doctor`: is what is deployed what the config says, and would it work? */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("doctor")
    .description(
      "Compare the deployment with the config and verify that it can work: functions, role, rules or schedules, targets, keys, alerts. Read-only.",
    )
    .option(
      "--send-test-alert",
      "instead, send a test over the alarm on dead letters, and say who should receive it",
    )
    .addHelpText(
      "after",
      `
Exit code 0: nothing is wrong. 1: something is wrong or unknown. A missing
permission makes only the checks that need it unknown. Alarms count by their
state: the alarm on missed firings of a new rate(...) is in ALARM until its
first firing.

It compares with a config file, so it cannot check what the Terraform module or
a stack of your own deployed.`,
    );
  addOperatingOptions(command, PERMISSIONS.doctor, [
    ["doctor", "Is everything deployed as the config says?"],
    ["doctor --json", "The same as JSON, for a program"],
    ["doctor --send-test-alert", "Does an alert arrive?"],
  ]).action(async (options: DoctorOptions) => {
    // Loaded for this command only.
    const { runDoctor } = await import("./run");
    await runDoctor(options, context);
  });
}
