import { tryCommand } from "./moto/command";
import { findPython } from "./python";

const CHECKOV = findPython({
  name: "checkov",
  requirements: "__tests__/judges/requirements.txt",
  venv: ".venv/judges",
});

export const CHECKOV_MISSING = "missing" in CHECKOV ? CHECKOV.missing : undefined;

/** What checkov found not as it wants it, each with why it stays so. A check that no longer fails must go from here. */
export const ACCEPTED: Readonly<Record<string, string>> = {
  CKV_AWS_50:
    "X-Ray would need more permissions; a run is one function, and its log line says how long what took",
  CKV_AWS_115:
    "Reserved concurrency is taken from all of the account's functions; runs are few, and safe side by side",
  CKV_AWS_116:
    "With alerts, an alarm counts the events that Lambda drops after its retries, and the report of each run is in the log",
  CKV_AWS_117: "The function calls AWS's own API and nothing else; in a VPC that would need a way out of it",
  CKV_AWS_158: "The logs hold instance ids, states and outcomes, no secrets; CloudWatch encrypts them anyway",
  CKV_AWS_173: "The environment holds names and ids, no secrets; Lambda encrypts it anyway",
  CKV_AWS_272:
    "A signing profile is the account's own; the zip's hash is in every plan, and its build is attested",
  CKV_AWS_297: "A schedule's input holds ids and tags, no secrets; Scheduler encrypts it anyway",
  CKV_AWS_338: "What was started and stopped is of use for weeks; logRetentionDays keeps it longer",
};

export interface Judgement {
  /** Ids of the checks that failed. */
  readonly failed: readonly string[];
  /** The same, with what they are about, to be printed on failure. */
  readonly findings: readonly string[];
  readonly passed: number;
  /** Ids of the checks that a comment in the judged files excepts, where they would have failed. */
  readonly excepted: readonly string[];
}

interface Report {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly resource: string;
      readonly file_path: string;
    }[];
    readonly skipped_checks: readonly { readonly check_id: string }[];
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

/** Lets checkov judge a folder or a file, without a word to its platform. */
export async function judge(
  framework: "terraform" | "terraform_json" | "terraform_plan",
  subject: readonly ["-d" | "-f", string],
): Promise<Judgement> {
  if ("missing" in CHECKOV) throw new Error(`Not found: ${CHECKOV.missing}`);
  const main = ["-m", "checkov.main", ...subject, "--framework", framework];
  const { stdout, output } = await tryCommand(
    CHECKOV.python,
    [...main, "--skip-download", "--compact", "-o", "json"],
    { env: { ...process.env, CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" }, timeoutSeconds: 120 },
  );
  if (!stdout.includes('"summary"')) throw new Error(`checkov gave no report:\n${output}`);
  const { results, summary }: Report = JSON.parse(stdout);
  if (summary.parsing_errors > 0) throw new Error(`checkov could not read ${subject[1]}`);
  const { failed_checks: failed } = results;
  return {
    failed: [...new Set(failed.map(({ check_id }) => check_id))].sort(byNumber),
    findings: failed.map((it) => `${it.check_id} ${it.file_path} ${it.resource}: ${it.check_name}`),
    passed: summary.passed,
    excepted: [...new Set(results.skipped_checks.map(({ check_id }) => check_id))].sort(byNumber),
  };
}

/** Findings that are not accepted. */
export function unaccepted({ findings }: Judgement): readonly string[] {
  return findings.filter((finding) => !Object.hasOwn(ACCEPTED, finding.split(" ")[0] ?? ""));
}

/** Accepted checks that did not fail: their reason is to be removed. */
export function superfluous({ failed }: Judgement): readonly string[] {
  return Object.keys(ACCEPTED).filter((id) => !failed.includes(id));
}

function byNumber(first: string, second: string): number {
  return first.localeCompare(second, "en", { numeric: true });
}
