import { type Finding, note, ok, wrong } from "./check";

/** A rule or schedule of an earlier config. */
export interface LeftOver {
  readonly name: string;
  readonly enabled: boolean;
  readonly when: string;
  /** The function. */
  readonly fires: string;
  /** The command that removes it. */
  readonly removal: string;
}

/** What still fires without the config knowing is wrong; what is switched off is only in the way. */
export function leftOverFinding(found: readonly LeftOver[]): Finding {
  if (found.length === 0) return ok("none");
  const firing = found.filter(({ enabled }) => enabled);
  const concerned = firing.length > 0 ? firing : found;
  const names = concerned.map(({ name }) => name).join(", ");
  const fix = concerned.map(({ removal }) => removal).join(" && ");
  if (firing.length === 0) return note(`${names}: disabled, and not in the config`, fix);
  const differences = firing.map(({ name, fires, when }) => ({
    what: name,
    got: `fires ${fires}, ${when}`,
    expected: "no such thing",
  }));
  return wrong(`${names}: not in the config`, fix, differences);
}
