import type { RunReport } from "../../schedule/report";
import type { LogEvent } from "./log-event";
import type { RunEnd } from "./log-line";

/** What the lines of one attempt say. */
export interface Attempt {
  readonly requestId: string;
  readonly events: LogEvent[];
  /** When Lambda started it; unknown where that line is older than what was read. */
  started?: number;
  end?: RunEnd & { readonly at: number };
  report?: { readonly report: RunReport; readonly at: number };
  error?: { readonly text: string; readonly fatal: boolean };
}
