import type { ConfigAdditions } from "./config-edit";
import { type AdoptionFinding, collectRemovals } from "./finding";
import type { Proposal } from "./proposal";

/** What `adopt --json` prints. */
export interface AdoptJson {
  readonly region: string;
  /** Commands that remove a thing are listed with it, and once more below in their order. */
  readonly findings: readonly Required<AdoptionFinding>[];
  readonly questions: readonly string[];
  /** What is left to do by hand. */
  readonly notes: readonly string[];
  readonly removal: readonly string[];
  readonly config: {
    readonly file: string;
    /** Whether `--write` was given. */
    readonly wrote: boolean;
    readonly additions: ConfigAdditions;
  };
}

export function adoptJson(
  { region, findings, questions, notes, additions }: Proposal,
  file: string,
  wrote: boolean,
): AdoptJson {
  return {
    region,
    findings: findings.map(({ removal = [], ...finding }) => ({ ...finding, removal })),
    questions,
    notes,
    removal: collectRemovals(findings),
    config: { file, wrote, additions },
  };
}
