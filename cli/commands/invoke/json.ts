import { type InstanceJson, type InvocationJson, instanceJson, invocationJson } from "../../json";
import type { FinalStates, InvokeRun } from "./text";

/** What `invoke --json` prints. */
export interface InvokeJson extends InvocationJson {
  readonly schedule: string;
  /** false: a dry run, which changes nothing. */
  readonly applied: boolean;
  /** With --apply and without --no-wait, where instances were to be changed. */
  readonly finalStates: FinalStatesJson | null;
}

/** The states of the instances after the run. */
interface FinalStatesJson {
  /** Whether none is in a transitional state any more; false, too, where the states could not be read. */
  readonly complete: boolean;
  readonly durationSeconds: number | null;
  readonly instances: readonly FinalInstanceJson[];
  /** Why the states could not be read. */
  readonly error: string | null;
}

interface FinalInstanceJson extends InstanceJson {
  /** Whether it is stopped after a stop, running after a start. */
  readonly asExpected: boolean;
}

export function invokeJson(run: InvokeRun, states?: FinalStates): InvokeJson {
  return {
    schedule: run.planned.name,
    applied: run.applied,
    ...invocationJson(run),
    finalStates: states === undefined ? null : finalStatesJson(states, run.names),
  };
}

function finalStatesJson(states: FinalStates, names: ReadonlyMap<string, string>): FinalStatesJson {
  if ("unknown" in states) {
    return { complete: false, durationSeconds: null, instances: [], error: states.unknown };
  }
  return {
    complete: states.complete,
    durationSeconds: states.seconds,
    instances: states.instances.map((instance) => ({
      ...instanceJson({ ...instance, name: names.get(instance.instanceId) }),
      asExpected: instance.asExpected,
    })),
    error: null,
  };
}
