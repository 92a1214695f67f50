import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions } from "../../options";
import type { InvokeOptions } from "./run";

/** Adds `invoke`: runs a schedule's function now. */
export function addInvokeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("invoke")
    .description(
      "Run the deployed function now, with a schedule's own request: as a dry run, which changes nothing, unless --apply is given.",
    )
    .argument("<schedule>", "name of the schedule in the config; of windows, such as office-hours-start")
    .option("--apply", "stop or start the instances, and wait until they are")
    .option("--no-wait", "with --apply: do not wait for the instances");
  addOperatingOptions(command, PERMISSIONS.invoke, [
    ["invoke office-hours-stop", "What would the next stop do?"],
    ["invoke office-hours-start --apply", "Start the instances now"],
  ]).action(async (schedule: string, options: InvokeOptions) => {
    // Loaded for this command only.
    const { runInvoke } = await import("./run");
    await runInvoke(schedule, options, context);
  });
}
