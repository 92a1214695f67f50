/** Something that was asked for cannot be done: the message is for whoever asked. */
export class InputError extends Error {
  override readonly name: string = "InputError";
}

// By name: the classes live in parts that are loaded only when they are needed.
const names: readonly string[] = ["InputError", "ScheduleError", "ConfigError", "InvalidPropsError"];

/** Whether an error is the answer to wrong input, and no fault of the program. */
export function isInputError(error: unknown): error is Error {
  return error instanceof Error && names.includes(error.name);
}
