import { type InstanceStateJson, instanceStateJson } from "../../instances/describe";
import { type AnswerJson, answerJson } from "../../runs/invoke";
import type { Settled, TestRun } from "./run";

/** What `test --json` prints. */
export interface TestJson extends AnswerJson {
  readonly schedule: string;
  /** false: a dry run, which changes nothing. */
  readonly applied: boolean;
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

export interface SettledInstanceJson extends InstanceStateJson {
  /** Whether it is stopped after a stop, running after a start. */
  readonly asWanted: boolean;
}

export function testJson({ planned, applied, answer, names }: TestRun, settled?: Settled): TestJson {
  return {
    schedule: planned.name,
    applied,
    ...answerJson(answer),
    ...(settled === undefined ? {} : { settled: settledJson(settled, names) }),
  };
}

function settledJson(settled: Settled, names: ReadonlyMap<string, string>): SettledJson {
  if ("unknown" in settled) return { complete: false, error: settled.unknown };
  const { complete, seconds, instances } = settled;
  return {
    complete,
    seconds,
    instances: instances.map((instance) => {
      const name = names.get(instance.instanceId);
      const { asWanted } = instance;
      return { ...instanceStateJson({ ...instance, ...(name === undefined ? {} : { name }) }), asWanted };
    }),
  };
}
