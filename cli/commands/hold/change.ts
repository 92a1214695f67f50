import type { Hold } from "../../../contract/holds";
import type { InvokedRun } from "../../runs/invoke";
import type { HoldCommand } from "./requests";
import type { Holdable, Selection } from "./select";

/** A hold that was written. */
export interface WrittenHold {
  readonly holdable: Holdable;
  readonly hold: Hold;
  /** Whether it holds now, and not later. */
  readonly held: boolean;
  /** What happens when it ends; absent for one that is released. */
  readonly afterwards?: string;
}

/** The result of a command. */
export interface HoldChange extends Pick<Selection, "left"> {
  readonly command: HoldCommand;
  readonly written: readonly WrittenHold[];
  readonly timezone: string;
  /** Whether the deployment has follow-ups. */
  readonly followUps: boolean;
  /** Whether the config has them, which may not be deployed yet. */
  readonly wantsFollowUps: boolean;
  /** The runs of the functions that the command has asked for. */
  readonly runs: readonly InvokedRun[];
  /** The skipped firing, of `skip`. */
  readonly skips?: { readonly schedule: string; readonly at: Date };
}
