import type { Action } from "./request";

/** Stop first: the order of everything that is made, or told, once an action. */
export const ACTIONS = ["stop", "start"] as const satisfies readonly Action[];

/** EC2's name of the state that an action aims at. */
export const STATE_AFTER = { stop: "stopped", start: "running" } as const satisfies Record<Action, string>;
