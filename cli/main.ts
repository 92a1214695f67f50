#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { addAdoptCommand } from "./commands/adopt/command";
import { addDoctorCommand } from "./commands/doctor/command";
import { addHistoryCommand } from "./commands/history/command";
import { addHoldCommands } from "./commands/hold/command";
import { addInvokeCommand } from "./commands/invoke/command";
import { addLogsCommand } from "./commands/logs/command";
import { addPreviewCommand } from "./commands/preview/command";
import { addServicesCommand } from "./commands/services/command";
import { addStatusCommand } from "./commands/status/command";
import { addSynthCommand } from "./commands/synth/command";
import {
  type CommandContext,
  createProgress,
  Interruption,
  isAwsError,
  isInputError,
  systemClock,
  terminalOf,
} from "./context";
import { toPrintable, toPrintableLines, toPrintableOutput } from "./terminal/text";

const DONE = 0;
/** Something failed or is not as it should be, or a call to AWS failed. */
const FAILED = 1;
const WRONG_USE = 2;
/** As shells have it for what Ctrl-C ends. */
const INTERRUPTED = 130;

async function run(argv: readonly string[], interruption: AbortController): Promise<number> {
  const program = new Command("ec2-start-stop")
    .description("Start and stop EC2 instances on a schedule")
    .version(version)
    .option("--debug", "trace each AWS call on standard error")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(toPrintableLines(text)) })
    .exitOverride();
  // The SDK's warning about coming versions of Node.js is for its developers; setting this variable brings it back.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  let code = DONE;
  const context = createContext({
    interruption,
    isDebugging: () => program.opts<{ debug?: true }>().debug === true,
    reportUnhealthy: () => {
      code = FAILED;
    },
  });
  addSynthCommand(program, context);
  addInvokeCommand(program, context);
  addServicesCommand(program, context);
  addStatusCommand(program, context);
  addHoldCommands(program, context);
  addHistoryCommand(program, context);
  addLogsCommand(program, context);
  addDoctorCommand(program, context);
  addPreviewCommand(program, context);
  addAdoptCommand(program, context);
  for (const [was, is] of RENAMED_COMMANDS) addRenamedCommand(program, was, is);
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    // Commander has printed it already; --help is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USE;
    const isInterrupted = error instanceof Interruption;
    if (!isInterrupted && !isInputError(error) && !isAwsError(error)) throw error;
    process.stderr.write(`${toPrintableLines(error.message)}\n`);
    if (isInterrupted) return INTERRUPTED;
    return isInputError(error) ? WRONG_USE : FAILED;
  }
}

/** Commands by the names that they had before the first release. */
const RENAMED_COMMANDS = [
  ["test", "invoke"],
  ["check", "services"],
] as const;

/** Adds a command that only names its successor: it runs nothing, since its options may mean something else there. */
function addRenamedCommand(program: Command, was: string, is: string): void {
  const command = program
    .command(was, { hidden: true })
    .description(`Is now \`${is}\`.`)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments();
  command.action(() => command.error(`error: \`${was}\` is now \`${is}\`: ec2-start-stop ${is} ...`));
}

interface ContextOptions {
  readonly interruption: AbortController;
  /** Asked when a command runs, which is after its options are read. */
  readonly isDebugging: () => boolean;
  readonly reportUnhealthy: () => void;
}

function createContext({ interruption, isDebugging, reportUnhealthy }: ContextOptions): CommandContext {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The reader of `logs --follow | head` is gone: stop as with Ctrl-C.
    if (error.code === "EPIPE") return interruption.abort();
    // Such as a file on a full disk: what follows would be lost as well.
    process.stderr.write(`Standard output takes no more: ${toPrintable(error.message)}\n`);
    process.exit(FAILED);
  });
  const progress = createProgress({
    // Between the lines of the trace, progress is a line too.
    get isTTY() {
      return process.stderr.isTTY && !isDebugging();
    },
    write: (text) => process.stderr.write(text),
  });
  return {
    ...systemClock,
    ...terminalOf(process.stdout, process.env),
    env: process.env,
    interactive: process.stdout.isTTY === true,
    out: (text) => process.stdout.write(toPrintableOutput(text, process.stdout.isTTY)),
    get trace() {
      return isDebugging() ? (line: string) => process.stderr.write(`${toPrintable(line)}\n`) : undefined;
    },
    progress,
    reportUnhealthy,
    onInterrupt() {
      if (process.listenerCount("SIGINT") === 0) process.once("SIGINT", () => interruption.abort());
      return interruption.signal;
    },
  };
}

const interruption = new AbortController();
void run(process.argv, interruption).then((code) => {
  process.exitCode = code;
  // A call that was interrupted would keep the process until AWS answers.
  if (interruption.signal.aborted) process.exit();
});
