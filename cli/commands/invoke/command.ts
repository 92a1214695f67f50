import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions } from "../../options";
import type { TestOptions } from "./run";

/** Adds `test`: runs a schedule's function now. */
export function addTestCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("test")
    .description(
      "Run the deployed function now, with a schedule's own request: as a dry run, which changes nothing, unless --apply is given.",
    )
    .argument("<schedule>", "name of the schedule in the config; of windows, such as office-hours-start")
    .option("--apply", "really stop or start the instances, and wait until they are")
    .option("--no-wait", "with --apply: do not wait for the instances");
  addOperatingOptions(command, PERMISSIONS.invoke, [
    ["test office-hours-stop", "What would the next stop do?"],
    ["test office-hours-start --apply", "Start the instances now"],
  ]).action(async (schedule: string, options: TestOptions) => {
    // Loaded for this command only.
    const { runTest } = await import("./run");
    await runTest(schedule, options, context);
  });
}
