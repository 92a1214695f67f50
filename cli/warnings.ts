import { InputError } from "./input-error";
import type { Preview } from "./preview-model";

/** Something about a valid config that its owner should know. */
export interface Warning {
  readonly message: string;
}

/** What is odd about the schedules, though they are valid. */
export function findWarnings(_preview: Preview): Warning[] {
  return [];
}

/** @throws InputError with every warning, if there is one */
export function refuseWarnings(warnings: readonly Warning[]): void {
  if (warnings.length === 0) return;
  throw new InputError(warnings.map(({ message }) => message).join("\n"));
}
