import type { Hold } from "../../../contract/holds";
import type { Deployment } from "../../deployment/deployment";
import { formatInstant, formatInstantOrNull, type InvocationJson, invocationJson } from "../../json";
import type { HoldChange } from "./change";
import { type Holdable, holdTagOf } from "./select";

/** A hold of an instance. */
interface HoldJson {
  readonly instanceId: string;
  readonly region: string;
  /** Its tag `Name`. */
  readonly name: string | null;
  readonly state: string;
  /** Whether it holds now, and not later. */
  readonly held: boolean;
  readonly from: string | null;
  /** Null if it holds for ever. */
  readonly until: string | null;
  readonly by: string | null;
  /** The tag's value, if it is of no known form. */
  readonly unreadable: string | null;
  /** What happens to the instance when the hold ends. */
  readonly afterwards: string | null;
}

/** What `holds --json` prints. */
export interface HoldsJson {
  readonly tag: string;
  /** Whether the deployment has follow-ups, without which nothing acts when a hold ends. */
  readonly followUps: boolean;
  readonly holds: readonly HoldJson[];
}

/** A hold that was written, with the one that it replaced. */
interface WrittenHoldJson extends HoldJson {
  /** Null if there was none, or one that had ended. */
  readonly replaced: Pick<HoldJson, "held" | "from" | "until" | "by" | "unreadable"> | null;
}

/** What the commands that change holds print with `--json`. */
export interface HoldChangeJson {
  readonly command: HoldChange["command"];
  readonly followUps: boolean;
  readonly skips: { readonly schedule: string; readonly at: string } | null;
  readonly holds: readonly WrittenHoldJson[];
  /** Instances of the targets on which no schedule acts. */
  readonly left: readonly { readonly instanceId: string; readonly reason: string }[];
  readonly runs: readonly InvocationJson[];
}

export interface ListedHold {
  readonly holdable: Holdable;
  readonly hold: Hold;
  readonly afterwards: string;
  readonly timezone: string;
}

export function holdsJson(
  deployment: Pick<Deployment, "config">,
  listed: readonly ListedHold[],
  followUps: boolean,
): HoldsJson {
  const tag = holdTagOf(deployment);
  return {
    tag,
    followUps,
    holds: listed.map(({ holdable, hold, afterwards }) => ({
      ...holdJson(holdable, hold, holdable.held, afterwards),
      unreadable: unreadableValue(holdable, hold, tag),
    })),
  };
}

export function changeJson(
  deployment: Pick<Deployment, "config">,
  { command, followUps, skips, written, left, runs }: HoldChange,
): HoldChangeJson {
  const tag = holdTagOf(deployment);
  return {
    command,
    followUps,
    skips: skips === undefined ? null : { schedule: skips.schedule, at: formatInstant(skips.at) },
    holds: written.map(({ holdable, hold, held, afterwards }) => ({
      ...holdJson(holdable, hold, held, afterwards),
      replaced: replacedJson(holdable, tag),
    })),
    left,
    runs: runs.map(invocationJson),
  };
}

function replacedJson(holdable: Holdable, tag: string): WrittenHoldJson["replaced"] {
  const { hold, held } = holdable;
  if (hold === undefined) return null;
  return {
    held,
    from: formatInstantOrNull(hold.from),
    until: formatInstantOrNull(hold.until),
    by: hold.by ?? null,
    unreadable: unreadableValue(holdable, hold, tag),
  };
}

function unreadableValue({ instance }: Holdable, hold: Hold, tag: string): string | null {
  return hold.unreadable ? (instance.tags[tag] ?? "") : null;
}

function holdJson({ instance }: Holdable, hold: Hold, held: boolean, afterwards?: string): HoldJson {
  const { instanceId, region, name, state } = instance;
  return {
    ...{ instanceId, region, name: name ?? null, state, held },
    from: formatInstantOrNull(hold.from),
    until: formatInstantOrNull(hold.until),
    by: hold.by ?? null,
    unreadable: null,
    afterwards: afterwards ?? null,
  };
}
