/** A time expression, zone, window or calendar that is not valid: the message says what was expected and what was got. */
export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
}
