import type { RunReport } from "../../schedule/report";
import { isoText } from "../instant";
import type { SettledInstance } from "./settle";
import type { Settled, TestRun } from "./test-run";

/** What `test --json` prints. */
export interface TestJson {
  readonly schedule: string;
  /** Name of the function that ran. */
  readonly function: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** false: a dry run, which changes nothing. */
  readonly applied: boolean;
  /** What the function reports; null where it came to no report. */
  readonly report: RunReport | null;
  /** Why there is no report. */
  readonly error?: string;
  /** With --apply and without --no-wait, where instances were to be changed. */
  readonly settled?: SettledJson;
}

/** What the instances came to after the run. */
export interface SettledJson {
  /** Whether none is on its way any more; false, too, where the states could not be read. */
  readonly complete: boolean;
  readonly seconds?: number;
  readonly instances?: readonly SettledInstanceJson[];
  readonly error?: string;
}

export interface SettledInstanceJson {
  readonly instanceId: string;
  readonly region: string;
  /** Its tag `Name`. */
  readonly name?: string;
  readonly state: string;
  /** Whether it is stopped after a stop, running after a start. */
  readonly asWanted: boolean;
  /** ISO 8601, in UTC. */
  readonly since?: string;
  readonly stateReason?: { readonly code: string; readonly message: string };
}

export function testJson({ planned, applied, answer, names }: TestRun, settled?: Settled): TestJson {
  return {
    schedule: planned.name,
    function: answer.function.name,
    requestId: answer.requestId,
    applied,
    report: answer.report ?? null,
    ...(answer.failure === undefined ? {} : { error: answer.failure }),
    ...(settled === undefined ? {} : { settled: settledJson(settled, names) }),
  };
}

function settledJson(settled: Settled, names: ReadonlyMap<string, string>): SettledJson {
  if ("unknown" in settled) return { complete: false, error: settled.unknown };
  const { complete, seconds, instances } = settled;
  return { complete, seconds, instances: instances.map((each) => instanceJson(each, names)) };
}

function instanceJson(
  { instanceId, region, state, asWanted, since, stateReason }: SettledInstance,
  names: ReadonlyMap<string, string>,
): SettledInstanceJson {
  const name = names.get(instanceId);
  return {
    instanceId,
    region,
    ...(name === undefined ? {} : { name }),
    state,
    asWanted,
    ...(since === undefined ? {} : { since: isoText(since) }),
    ...(stateReason?.message ? { stateReason } : {}),
  };
}
