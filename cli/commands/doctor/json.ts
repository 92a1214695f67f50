import type { Deployment } from "../../deployment/deployment";
import type { CheckReport, Difference, Mark } from "./check";
import type { Diagnosis } from "./diagnose";

/** What `doctor --json` prints. */
export interface DoctorJson {
  /** The config file. */
  readonly config: string;
  readonly accountId: string;
  readonly region: string;
  /** Number of checks by result. */
  readonly summary: Readonly<Record<Mark, number>>;
  readonly checks: readonly {
    readonly subject: string;
    readonly check: string;
    readonly result: Mark;
    readonly text: string;
    /** Empty where it is not about values. */
    readonly differences: readonly Difference[];
    readonly fix: string | null;
    /** The missing IAM action that prevented the check. */
    readonly missingPermission: string | null;
  }[];
}

export function doctorJson({ file, config }: Deployment, { account, checks }: Diagnosis): DoctorJson {
  return {
    config: file,
    accountId: account.id,
    region: config.region,
    summary: {
      ok: countByMark(checks, "ok"),
      wrong: countByMark(checks, "wrong"),
      unknown: countByMark(checks, "unknown"),
      note: countByMark(checks, "note"),
      "not-applicable": countByMark(checks, "not-applicable"),
    },
    checks: checks.map(({ subject, name, mark, text, differences = [], fix, missingPermission }) => ({
      subject,
      check: name,
      result: mark,
      text,
      differences,
      fix: fix ?? null,
      missingPermission: missingPermission ?? null,
    })),
  };
}

export function countByMark(checks: readonly CheckReport[], mark: Mark): number {
  return checks.filter((check) => check.mark === mark).length;
}
