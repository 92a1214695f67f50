import type { CommandEnvironment } from "../command-environment";
import { paragraph } from "../wrap";
import { changeLines } from "./changes";
import type { Status } from "./status";
import { statusText } from "./status-text";
import type { WatchScreen } from "./watch";

/** Clears what is seen and what one could scroll back to, so that only the last look is there. */
const CLEAR = "\u001b[H\u001b[2J\u001b[3J";

export interface WatchScreenOptions {
  readonly all: boolean;
  readonly intervalSeconds: number;
}

/** Where somebody looks, each look is drawn over the one before; elsewhere only what changes is added. */
export function watchScreen(
  { terminal, write }: Pick<CommandEnvironment, "terminal" | "write">,
  { all, intervalSeconds }: WatchScreenOptions,
): WatchScreen {
  const { columns, colors } = terminal;
  const failure = (message: string) =>
    paragraph(`No answer, trying again: ${message}`, columns, { paint: colors.red })
      .map((line) => `${line}\n`)
      .join("");
  if (!terminal.interactive) {
    return {
      show: (status, before) =>
        write(
          before === undefined
            ? statusText(status, { terminal, all })
            : changeLines(before, status)
                .map((line) => `${line}\n`)
                .join(""),
        ),
      showFailure: (message) => write(failure(message)),
    };
  }
  const hint = colors.dim(`Looks every ${intervalSeconds} s, until Ctrl-C.`);
  let shown: Status | undefined;
  const draw = (below: string) => {
    if (shown) write(`${CLEAR}${statusText(shown, { terminal, all })}${below}${hint}\n`);
  };
  return {
    show: (status) => {
      shown = status;
      draw("");
    },
    showFailure: (message) => draw(failure(message)),
  };
}
