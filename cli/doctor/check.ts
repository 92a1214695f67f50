/**
 * What came of a check. `ok`: as it should be. `wrong`: not as it should be. `unknown`: nobody could look. `note`: as
 * it should be as far as can be told, and worth knowing. `none`: there is nothing to look at.
 */
export type Mark = "ok" | "wrong" | "unknown" | "note" | "none";

/** What came of looking at one thing. */
export interface Finding {
  readonly mark: Mark;
  /** In a few words, without a full stop. */
  readonly text: string;
  /** Where AWS has something else than the config. */
  readonly differences?: readonly Difference[];
  /** What to do about it: a command, what to change in the config, or what to click. One line. */
  readonly fix?: string;
  /** The IAM action for want of which nobody could look. */
  readonly missingPermission?: string;
}

export interface Difference {
  /** Such as `expression`, or `targets[0].instanceIds[2]`. Empty where it is about the whole. */
  readonly what: string;
  readonly got: string;
  readonly expected: string;
}

/** A finding with its place. */
export interface Check extends Finding {
  /** What it is about, such as `Function dev-StopEC2Instances`. */
  readonly subject: string;
  /** What was looked at, such as `code`. */
  readonly name: string;
}

/** One thing to look at. Whatever goes wrong with asking AWS is told of this one alone. */
export interface Look {
  readonly name: string;
  readonly look: () => Promise<Finding>;
}

/** Things to look at that are about the same. */
export interface Examination {
  readonly subject: string;
  readonly looks: readonly Look[];
}

export function ok(text: string): Finding {
  return { mark: "ok", text };
}

export function note(text: string, fix?: string): Finding {
  return { mark: "note", text, ...(fix === undefined ? {} : { fix }) };
}

export function none(text: string): Finding {
  return { mark: "none", text };
}

export function wrong(text: string, fix: string, differences: readonly Difference[] = []): Finding {
  return { mark: "wrong", text, fix, ...(differences.length > 0 ? { differences } : {}) };
}

export function unknown(text: string, missingPermission?: string): Finding {
  return { mark: "unknown", text, ...(missingPermission === undefined ? {} : { missingPermission }) };
}

/** All as in the config, or what is not. */
export function compared(differences: readonly Difference[], equal: string, fix: string): Finding {
  return differences.length === 0 ? ok(equal) : wrong("not as in the config", fix, differences);
}
