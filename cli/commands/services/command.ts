import type { Command } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandEnvironment } from "../../context";
import { addOperatingOptions, type OperatingOptions } from "../../options";

/** Adds `check`: looks whether the services of a target run. */
export function addCheckCommand(program: Command, environment: CommandEnvironment): void {
  const command = program
    .command("check")
    .description(
      "Look inside the running instances of a target, whether what its `checks` name runs. Nothing is started.",
    )
    .argument("<target>", "name of the target in the config");
  addOperatingOptions(command, PERMISSIONS.invoke).action(
    async (target: string, options: OperatingOptions) => {
      // It is loaded for this command only.
      const { runCheck } = await import("./run");
      await runCheck(target, options, environment);
    },
  );
}
