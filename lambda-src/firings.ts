import type { Action } from "../contract/actions";
import { isRecord } from "../contract/collections";
import { readInstant } from "../contract/date-time";
import { FIRING_STATES, type FiringValues } from "../contract/metrics";
import { embedFiring } from "./metrics";
import { atLeast } from "./report";
import type { Runtime } from "./runtime";
import type { Settings } from "./settings";

/** A firing of a schedule, as its metrics name it. */
export interface LoggedFiring {
  readonly schedule: string;
  readonly action: Action;
  /** The function that runs it. */
  readonly functionName: string;
  /** When it is due, in milliseconds since 1970. */
  readonly at: number;
}

/** Writes log lines with the metrics of firings. */
export class FiringLog {
  readonly #settings: Pick<Settings, "logLevel">;
  readonly #requestId: string;
  readonly #runtime: Pick<Runtime, "clock" | "writeLine">;

  constructor(
    settings: Pick<Settings, "logLevel">,
    requestId: string,
    runtime: Pick<Runtime, "clock" | "writeLine">,
  ) {
    this.#settings = settings;
    this.#requestId = requestId;
    this.#runtime = runtime;
  }

  write({ schedule, action, functionName, at }: LoggedFiring, values: FiringValues): void {
    const { clock, writeLine } = this.#runtime;
    const line = {
      level: atLeast(this.#settings.logLevel, "INFO"),
      timestamp: new Date(clock.now()).toISOString(),
      ...embedFiring({ FunctionName: functionName, Action: action, Schedule: schedule }, values, at),
      requestId: this.#requestId,
      firing: new Date(at).toISOString(),
    };
    writeLine(JSON.stringify(line));
  }
}

/**
 * Logs that the run of a firing has begun, before anything can fail: a run that crashes, or is refused, is no missed firing.
 * A request by hand, a warning or a follow-up is no firing of its schedule.
 */
export function logBegun(event: unknown, { action, functionName }: Settings, log: FiringLog): void {
  if (!isRecord(event)) return;
  const { schedule, scheduledTime, followUp, warnMinutes } = event;
  if (typeof schedule !== "string" || typeof scheduledTime !== "string") return;
  const at = readInstant(scheduledTime);
  if (at === undefined || followUp !== undefined || warnMinutes !== undefined) return;
  log.write({ schedule, action, functionName, at }, { FiringState: FIRING_STATES.begun });
}
