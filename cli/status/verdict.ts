import type { ServiceReport } from "../../schedule/report";
import type { Obstacle } from "../fleet/obstacle";
import type { ShouldBe } from "./should-be";

/**
 * `ok`: as it should be, or nothing says how it should be. `changing`: on its way, or the function has only just been
 * asked. `off`: not as it should be. `left-alone`: the schedules pass it by, for a good reason.
 */
export type Verdict = "ok" | "changing" | "off" | "left-alone";

export const VERDICTS: readonly Verdict[] = ["off", "changing", "left-alone", "ok"];

/** @param state as EC2 names it, or `missing` */
export function verdictOf(
  state: string,
  shouldBe: ShouldBe,
  obstacle: Obstacle | undefined,
  services: ServiceReport | undefined,
): Verdict {
  // Every run fails on these: somebody has to take them out of the config.
  if (state === "missing" || obstacle?.kind === "terminated") return "off";
  if (obstacle !== undefined) return "left-alone";
  const byState = verdictOnState(state, shouldBe);
  if (byState !== "ok") return byState;
  if (services?.status === "failed") return "off";
  return services?.status === "pending" ? "changing" : "ok";
}

function verdictOnState(state: string, shouldBe: ShouldBe): Verdict {
  const isChanging = state === "pending" || state === "stopping";
  if (shouldBe.state === "any") return isChanging ? "changing" : "ok";
  if (state === shouldBe.state) return "ok";
  if (shouldBe.fresh) return "changing";
  const onItsWay = shouldBe.state === "running" ? "pending" : "stopping";
  return state === onItsWay ? "changing" : "off";
}
