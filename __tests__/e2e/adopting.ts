import { join } from "node:path";
import type { Aws } from "../support/moto/aws";
import { type CommandResult, tryCommand } from "../support/moto/command";
import { type Fleet, makeFleet } from "../support/moto/fleet";
import { PROJECT } from "../support/moto/paths";
import type { Stack } from "../support/moto/stack";
import { type HandMade, makeFunctions } from "./hand-made";

/** One resource of a plan, as `terraform show -json` gives it. */
export interface Change {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly importing?: { readonly id: string };
  };
}

/** An account with the hand-made pieces, and a folder for what takes them over. */
export interface Account {
  readonly aws: Aws;
  readonly fleet: Fleet;
  readonly handMade: HandMade;
  readonly stack: Stack;
  /** Runs the command as it is shipped. */
  run(...args: readonly string[]): Promise<CommandResult>;
  /** The same for `adopt` with the stack's config. */
  adopt(...args: readonly string[]): Promise<CommandResult>;
}

/** An account with a fleet and the hand-made pieces. */
export async function openAccount(
  stack: Stack,
  aws: Aws,
  makeTriggers: (aws: Aws, handMade: HandMade) => Promise<void>,
): Promise<Account> {
  const fleet = await makeFleet(aws);
  const handMade = await makeFunctions(aws, fleet.byId);
  await makeTriggers(aws, handMade);
  const run = (...args: readonly string[]) =>
    tryCommand(process.execPath, [join(PROJECT, "dist/cli.js"), ...args], {
      cwd: stack.folder,
      env: stack.environment,
    });
  const adopt = (...args: readonly string[]) => run("adopt", "--config", stack.configFile, ...args);
  return { aws, fleet, handMade, stack, run, adopt };
}
