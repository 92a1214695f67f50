import { defined } from "../../../contract/collections";
/**
 * Result of a check. `ok`: as it should be. `wrong`: not as it should be. `unknown`: it could not run. `note`: as it
 * should be as far as AWS shows, and worth knowing. `not-applicable`: the config has nothing of it.
 */
export type Mark = "ok" | "wrong" | "unknown" | "note" | "not-applicable";

export interface CheckResult {
  readonly mark: Mark;
  /** In a few words, without a full stop. */
  readonly text: string;
  /** Where AWS has something else than the config. */
  readonly differences?: readonly Difference[];
  /** The remedy, in one line: a command, a change of the config, or a step in the console. */
  readonly fix?: string;
  /** The missing IAM action that prevented the check. */
  readonly missingPermission?: string;
}

export interface Difference {
  /** Such as `expression`, or `targets[0].instanceIds[2]`. Empty where it is about the whole. */
  readonly name: string;
  readonly got: string;
  readonly expected: string;
}

/** A result with its place in the report. */
export interface CheckReport extends CheckResult {
  /** What it is about, such as `Function dev-StopEC2Instances`. */
  readonly subject: string;
  /** Name of the check, such as `code`. */
  readonly name: string;
}

/** One check. An AWS error while it runs is reported for this check only. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<CheckResult>;
}

/** Checks of one thing. */
export interface CheckGroup {
  readonly subject: string;
  readonly checks: readonly Check[];
}

export function ok(text: string): CheckResult {
  return { mark: "ok", text };
}

export function note(text: string, fix?: string): CheckResult {
  return { mark: "note", text, ...defined({ fix }) };
}

export function none(text: string): CheckResult {
  return { mark: "not-applicable", text };
}

export function wrong(text: string, fix: string, differences: readonly Difference[] = []): CheckResult {
  return { mark: "wrong", text, fix, ...(differences.length > 0 ? { differences } : {}) };
}

export function unknown(text: string, missingPermission?: string): CheckResult {
  return { mark: "unknown", text, ...defined({ missingPermission }) };
}

/** `ok` where there are no differences, else `wrong`. */
export function judgeDifferences(
  differences: readonly Difference[],
  equal: string,
  fix: string,
): CheckResult {
  return differences.length === 0 ? ok(equal) : wrong("not as in the config", fix, differences);
}

/** Makes checks of one thing, which do not apply where it does not exist. */
export function createDeployedCheck<Thing>(read: () => Promise<Thing | undefined>, absent: string) {
  return (run: (found: Thing) => CheckResult | Promise<CheckResult>): Check["run"] =>
    async () => {
      const found = await read();
      return found === undefined ? none(absent) : await run(found);
    };
}
