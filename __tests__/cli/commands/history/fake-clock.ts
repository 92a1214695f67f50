import type { Clock } from "../../../../cli/context";

/** A clock that moves when somebody sleeps. */
export function fakeClock(start: string): Clock & { readonly slept: readonly number[] } {
  let now = Date.parse(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}
