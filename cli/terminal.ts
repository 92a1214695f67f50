import pico from "picocolors";

/** Where text goes: how wide, and in which colours. */
export interface Terminal {
  readonly columns: number;
  readonly colors: ReturnType<typeof pico.createColors>;
}

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;

/** Colours only where somebody looks, and has not set NO_COLOR. */
export function terminalOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Terminal {
  const { NO_COLOR, TERM, COLUMNS } = environment;
  const colored = stream.isTTY === true && !NO_COLOR && TERM !== "dumb";
  const columns = stream.isTTY ? stream.columns : Number(COLUMNS ?? DEFAULT_COLUMNS);
  return {
    columns: Number.isInteger(columns) && columns > 0 ? Math.max(columns, MIN_COLUMNS) : DEFAULT_COLUMNS,
    colors: pico.createColors(colored),
  };
}
