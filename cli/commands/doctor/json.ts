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
  readonly summary: Readonly<Record<JsonMark, number>>;
  readonly checks: readonly {
    readonly subject: string;
    readonly check: string;
    readonly result: JsonMark;
    readonly text: string;
    /** Empty where it is not about values. */
    readonly differences: readonly Difference[];
    readonly fix: string | null;
    /** The missing IAM action that prevented the check. */
    readonly missingPermission: string | null;
  }[];
}

type JsonMark = "ok" | "wrong" | "could-not-look" | "note" | "does-not-apply";

const MARKS: Readonly<Record<Mark, JsonMark>> = {
  ok: "ok",
  wrong: "wrong",
  unknown: "could-not-look",
  note: "note",
  none: "does-not-apply",
};

export function doctorJson({ file, config }: Deployment, { account, checks }: Diagnosis): DoctorJson {
  return {
    config: file,
    accountId: account.id,
    region: config.region,
    summary: {
      ok: countByMark(checks, "ok"),
      wrong: countByMark(checks, "wrong"),
      "could-not-look": countByMark(checks, "unknown"),
      note: countByMark(checks, "note"),
      "does-not-apply": countByMark(checks, "none"),
    },
    checks: checks.map(({ subject, name, mark, text, differences = [], fix, missingPermission }) => ({
      subject,
      check: name,
      result: MARKS[mark],
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
