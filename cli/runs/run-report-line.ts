import type { Outcome, RunReport } from "../../schedule/report";

const OUTCOMES: readonly Outcome[] = ["done", "already", "skipped", "failed", "unconfirmed"];
const STATUSES: readonly unknown[] = ["ok", "skipped", "refused", "failed"] satisfies RunReport["status"][];

/** All that a report has, which is what is kept of its line: that has the metrics, too. */
const KEYS: Readonly<Record<keyof RunReport, true>> = {
  schedule: true,
  action: true,
  scheduledTime: true,
  requestId: true,
  dryRun: true,
  status: true,
  reason: true,
  counts: true,
  errors: true,
  warnings: true,
  instances: true,
  instancesOmitted: true,
  services: true,
  durationSeconds: true,
};

/** The report, if that is what a line is: the lines of other people's functions are objects, too. */
export function readRunReport(line: Readonly<Record<string, unknown>>): RunReport | undefined {
  return isReport(line)
    ? (Object.fromEntries(
        Object.entries(line).filter(([key]) => Object.hasOwn(KEYS, key)),
      ) as unknown as RunReport)
    : undefined;
}

/** What is read without looking again, such as lists that are gone through. */
function isReport(line: Readonly<Record<string, unknown>>): boolean {
  const { schedule, action, requestId, status, counts, errors, warnings, instances, durationSeconds } = line;
  return (
    typeof schedule === "string" &&
    (action === "start" || action === "stop") &&
    typeof requestId === "string" &&
    STATUSES.includes(status) &&
    isCounts(counts) &&
    [errors, warnings, instances].every(Array.isArray) &&
    typeof durationSeconds === "number"
  );
}

function isCounts(counts: unknown): boolean {
  if (typeof counts !== "object" || counts === null) return false;
  const numbers = new Map<string, unknown>(Object.entries(counts));
  return OUTCOMES.every((outcome) => typeof numbers.get(outcome) === "number");
}
