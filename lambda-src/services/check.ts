import type { ServiceChecks } from "../../schedule/request";

/** One thing to look at inside an instance. */
export interface Check {
  readonly kind: keyof ServiceChecks;
  /** The unit, the port in decimal digits, or the command. */
  readonly value: string;
}

/** All that any of the sets asks for, each once, in their order. */
export function listChecks(sets: readonly ServiceChecks[]): readonly Check[] {
  const all = sets.flatMap(({ systemd = [], tcp = [], command }): Check[] => [
    ...systemd.map((value) => ({ kind: "systemd" as const, value })),
    ...tcp.map((port) => ({ kind: "tcp" as const, value: String(port) })),
    ...(command === undefined ? [] : [{ kind: "command" as const, value: command }]),
  ]);
  return [...new Map(all.map((check) => [`${check.kind} ${check.value}`, check])).values()];
}

/** Its name in the report. A command may be long, and hold what is better not repeated. */
export function nameOf({ kind, value }: Check): string {
  return kind === "command" ? kind : `${kind} ${value}`;
}
