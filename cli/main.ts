#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addAdoptCommand } from "./commands/adopt/command";
import { addDoctorCommand } from "./commands/doctor/command";
import { addHistoryCommand } from "./commands/history/command";
import { addTestCommand } from "./commands/invoke/command";
import { addLogsCommand } from "./commands/logs/command";
import { addPreviewCommand } from "./commands/preview/command";
import { addCheckCommand } from "./commands/services/command";
import { addStatusCommand } from "./commands/status/command";
import { type CommandEnvironment, isInputError, progressOn, systemClock, terminalOf } from "./context";

const DONE = 0;
/** Something failed, is not as it should be, or could not be asked of AWS. */
const FAILED = 1;
const WRONG_USE = 2;

async function run(argv: readonly string[]): Promise<number> {
  const program = new Command("ec2-start-stop")
    .description("Start and stop EC2 instances on a schedule")
    .exitOverride();
  // What the SDK says about coming versions of Node.js is for its developers; whoever sets this still sees it.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  let code = DONE;
  const environment = environmentOf(() => {
    code = FAILED;
  });
  addTestCommand(program, environment);
  addCheckCommand(program, environment);
  addStatusCommand(program, environment);
  addHistoryCommand(program, environment);
  addLogsCommand(program, environment);
  addDoctorCommand(program, environment);
  addPreviewCommand(program, environment);
  addAdoptCommand(program, environment);
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    // Commander has already said it; asking for help is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USE;
    const known = isInputError(error) || (error instanceof Error && error.name === "AwsError");
    if (!known) throw error;
    process.stderr.write(`${error.message}\n`);
    return isInputError(error) ? WRONG_USE : FAILED;
  }
}

function environmentOf(notAsItShouldBe: () => void): CommandEnvironment {
  const interruption = new AbortController();
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `logs --follow | head` reads no further: nobody waits for more.
    if (error.code !== "EPIPE") throw error;
    interruption.abort();
  });
  return {
    clock: systemClock,
    variables: process.env,
    terminal: {
      ...terminalOf(process.stdout, process.env),
      interactive: process.stdout.isTTY === true,
    },
    write: (text) => process.stdout.write(text),
    progress: progressOn(process.stderr),
    notAsItShouldBe,
    get interrupted() {
      // Only who asks for it ends by himself: for everything else Ctrl-C stays what it is.
      if (process.listenerCount("SIGINT") === 0) process.once("SIGINT", () => interruption.abort());
      return interruption.signal;
    },
  };
}

void run(process.argv).then((code) => {
  process.exitCode = code;
});
