#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addAdoptCommand } from "./adopt-command";
import { isInputError } from "./input-error";
import { addPreviewCommand } from "./preview-command";

const INVALID = 2;
/** AWS could not be read, or has nothing of what was looked for. */
const UNREADABLE_ACCOUNT = 1;

async function run(argv: readonly string[]): Promise<number> {
  const program = new Command("ec2-start-stop")
    .description("Start and stop EC2 instances on a schedule")
    .exitOverride();
  const environment = { now: new Date(), write: (text: string) => process.stdout.write(text) };
  addPreviewCommand(program, environment);
  addAdoptCommand(program, environment);
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    // Commander has already said it; asking for help is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INVALID;
    if (error instanceof Error && error.name === "AccountError") {
      process.stderr.write(`${error.message}\n`);
      return UNREADABLE_ACCOUNT;
    }
    if (!isInputError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return INVALID;
  }
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `preview | head` reads no further.
  if (error.code !== "EPIPE") throw error;
});

void run(process.argv).then((code) => {
  process.exitCode = code;
});
