import type { InstanceReport } from "../../../contract/report";
import type { FunctionBench, Run } from "./run-function";

/** Returns every difference between a run's report and the simulator, in words. */
export function discrepancies(
  bench: FunctionBench,
  run: Run,
  wanted: readonly string[],
  remainingMs: number,
): string[] {
  const { report, error, lines, milliseconds } = run;
  const found: string[] = [];
  const reports = lines.filter((line) => "counts" in JSON.parse(line));
  if (reports.length !== 1) found.push(`${reports.length} reports were written`);
  if (milliseconds > remainingMs) found.push(`it took ${milliseconds} ms of ${remainingMs} ms`);
  const { failed = 0, unchecked = 0, pending = 0 } = report.services ?? {};
  const bad = report.counts.failed + report.counts.unconfirmed + failed + unchecked + pending;
  if (bad > 0 !== (error !== undefined))
    found.push(`${bad} failed, unconfirmed, unchecked or pending, and it threw ${error}`);
  if (report.ServicesPending === 1 && bad > pending)
    found.push("it counts as pending only, though something failed");
  const reported = report.instances.map(({ instanceId }) => instanceId);
  if (new Set(reported).size !== reported.length) found.push("an instance is reported twice");
  const unwanted = reported.filter((id) => !wanted.includes(id));
  if (unwanted.length > 0) found.push(`${unwanted} reported though not wanted`);
  if (report.errors.length === 0) {
    const silent = wanted.filter((id) => !reported.includes(id));
    if (silent.length > 0) found.push(`nothing is reported of ${silent}`);
  }
  for (const { spec, changes } of bench.ec2.instances) {
    if (!wanted.includes(spec.id) && changes > 0) found.push(`${spec.id} was changed though not wanted`);
  }
  for (const entry of report.instances) {
    const difference = differenceOf(bench, entry, report.action);
    if (difference)
      found.push(`${entry.instanceId} is reported as ${JSON.stringify(entry)}, but ${difference}`);
  }
  return found;
}

function differenceOf(bench: FunctionBench, entry: InstanceReport, action: string): string | undefined {
  const { outcome, instanceId } = entry;
  const instance = bench.ec2.instances.find(({ spec }) => spec.id === instanceId);
  if (!instance) return outcome === "failed" ? undefined : "it does not exist";
  const now = instance.at(bench.clock.now()).state;
  const reached = action === "start" ? now === "running" : now === "stopping" || now === "stopped";
  if ((outcome === "done" || outcome === "already") && !reached) return `it is ${now}`;
  if (outcome === "done" && instance.changes === 0) return "nothing changed it";
  if ((outcome === "already" || outcome === "skipped") && instance.changes > 0) return "it was changed";
  if (outcome === "failed" && reached) return `it is ${now}`;
  if (outcome !== "done" && outcome !== "already" && !entry.reason) return "no reason is given";
  return undefined;
}
