import { isoText, localTime } from "../instant";
import { localMinute } from "../time-text";

const DAY_MS = 86_400_000;

/** A local time as short as it stays clear beside now: `20:00` today, `Fri 20:00` within six days, else `2026-11-02`. */
export function momentText(at: Date, now: Date, timezone: string): string {
  const [local, today] = [localTime(at, timezone), localTime(now, timezone)];
  const days = Math.abs(Math.floor(local / DAY_MS) - Math.floor(today / DAY_MS));
  const iso = isoText(new Date(local));
  const minute = iso.slice(11, 16);
  if (days === 0) return minute;
  return days < 7 ? `${localMinute(iso.slice(0, 16)).slice(0, 3)} ${minute}` : iso.slice(0, 10);
}
