import type { ConfigAdditions } from "./config-edit";
import { type AdoptionFinding, collectRemovals } from "./finding";
import type { Proposal } from "./proposal";

/** What `adopt --json` prints. */
export interface AdoptJson {
  readonly region: string;
  /** Commands that remove a thing are listed with it, and once more below in their order. */
  readonly findings: readonly FindingJson[];
  readonly questions: readonly string[];
  /** The steps left to do by hand. */
  readonly notes: readonly string[];
  readonly removal: readonly string[];
  readonly config: {
    readonly file: string;
    /** Whether `--write` was given. */
    readonly written: boolean;
    readonly additions: ConfigAdditions;
  };
}

interface FindingJson extends Pick<AdoptionFinding, "kind" | "name" | "fate"> {
  /** The key of the config that it becomes, or why it cannot be adopted. */
  readonly reason: string;
  readonly removal: readonly string[];
}

export function adoptJson(
  { region, findings, questions, notes, additions }: Proposal,
  file: string,
  written: boolean,
): AdoptJson {
  return {
    region,
    findings: findings.map(findingJson),
    questions,
    notes,
    removal: collectRemovals(findings),
    config: { file, written, additions },
  };
}

function findingJson({ kind, name, fate, why, removal = [] }: AdoptionFinding): FindingJson {
  return { kind, name, fate, reason: why, removal };
}
