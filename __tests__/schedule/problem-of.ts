import { ScheduleError } from "../../schedule";

/** The message with which `action` refuses its input; anything but a ScheduleError fails the test. */
export function problemOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
  throw new Error("expected a ScheduleError, got a value");
}
