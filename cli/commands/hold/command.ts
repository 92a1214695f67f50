import { type Command, Option } from "commander";
import { PERMISSIONS } from "../../aws/permissions";
import type { CommandContext } from "../../context";
import { addOperatingOptions, type Example } from "../../options";
import type { HoldOptions } from "./run";

const INSTANCES = "targets of the config, or ids of their instances";
const FOR = ["--for <duration>", "how long, such as 90m, 2h, 1h30m or 2d"] as const;
const UNTIL = [
  "--until <when>",
  "until a time such as 22:00, or an ISO 8601 date or date-time, in the schedules' zone",
] as const;
const NEXT_START = ["--until-next-start", "until a schedule starts the instances next"] as const;

/** Loaded for a command of this folder only. */
const load = () => import("./run");

/** Adds the commands for a temporary change: `hold`, `extend`, `release`, `skip`, `holds` and `start`. */
export function addHoldCommands(program: Command, context: CommandContext): void {
  const add = (
    usage: string,
    description: string,
    permissions: readonly string[],
    examples: readonly Example[],
  ): Command => addOperatingOptions(program.command(usage).description(description), permissions, examples);

  add("hold", "Keep the schedules from instances until an end, by a tag.", PERMISSIONS.hold, [
    ["hold dev --until 22:00", "Leave these on until ten tonight"],
    ["hold i-0123456789abcdef0 --until-next-start --off", "Stop one now, and leave it off overnight"],
    ["hold --permissions", "The IAM policy for those who use these commands"],
  ])
    .argument("[instances...]", INSTANCES)
    .option(...UNTIL)
    .option(...FOR)
    .option(...NEXT_START)
    .option("--off", "stop the instances now, and hold them so")
    .addOption(new Option("--permissions", "print the IAM policy JSON for developers, and change nothing"))
    .action(async (names: string[], options: HoldOptions) => (await load()).runHold(names, options, context));

  add("extend", "Move the end of holds.", PERMISSIONS.hold, [
    ["extend i-0123456789abcdef0 --for 1h", "An hour more"],
  ])
    .argument("<instances...>", INSTANCES)
    .option(...FOR)
    .action(async (names: string[], options: HoldOptions) =>
      (await load()).runExtend(names, options, context),
    );

  add("release", "End holds now: what the schedules say holds again.", PERMISSIONS.hold, [
    ["release dev", "Back to the schedules"],
  ])
    .argument("<instances...>", INSTANCES)
    .action(async (names: string[], options: HoldOptions) =>
      (await load()).runRelease(names, options, context),
    );

  add("skip", "Skip the next firing of a schedule, by a hold until the opposite one.", PERMISSIONS.skip, [
    ["skip office-hours-stop --next", "Tonight they stay on"],
  ])
    .argument("<schedule>", "name of the schedule in the config")
    .option("--next", "its next firing that is no holiday")
    .action(async (name: string, options: HoldOptions & { readonly next?: boolean }) =>
      (await load()).runSkip(name, options, context),
    );

  add("holds", "List the holds: who, until when, and what happens then.", PERMISSIONS.holds, [
    ["holds", "What is held?"],
  ]).action(async (options: HoldOptions) => (await load()).runHolds(options, context));

  add("start", "Start instances now for a time, and have them stopped after it.", PERMISSIONS.hold, [
    ["start dev --for 3h", "On for three hours"],
  ])
    .argument("<instances...>", INSTANCES)
    .option(...FOR)
    .option(...UNTIL)
    .action(async (names: string[], options: HoldOptions) =>
      (await load()).runStart(names, options, context),
    );
}
