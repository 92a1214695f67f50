import type { Deployment } from "../deployment/deployment";
import type { BuiltCode } from "./built-code";
import type { AccountPlace, Expected } from "./expected";
import type { Fixes } from "./fixes";
import type { AwsReading } from "./reading/reading";

/** What every check may need. */
export interface Around {
  readonly deployment: Deployment;
  readonly expected: Expected;
  readonly account: AccountPlace;
  readonly read: AwsReading;
  readonly fixes: Fixes;
  /** None where this package was not built. */
  readonly builtCode: BuiltCode | undefined;
  readonly now: Date;
}

/** Reads once, however many checks need it, and only when the first does. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
