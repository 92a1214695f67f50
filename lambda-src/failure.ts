import type { InstanceReport } from "../schedule/report";
import { isBad, type Report } from "./report";

/** Failures named in the message; the report has them all. */
const NAMED = 5;
const MOST_REASON = 250;

/**
 * A run with failed or unconfirmed instances, or whose services failed or are pending, told so that it fits a
 * notification. Where they are only pending, it is thrown so that Lambda's retry looks again.
 */
export class StartStopError extends Error {
  override readonly name = "StartStopError";

  constructor(report: Report) {
    super(message(report));
    // The report says what went wrong; a trace would only show where the function ends. Lambda wants some stack.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function message({ schedule, action, counts, services, errors, instances }: Report): string {
  const bad = [
    ...errors.map(({ region, reason }) => `${region}: ${reason}`),
    ...instances.filter(isBad).map(describeInstance),
  ];
  const named = bad
    .slice(0, NAMED)
    .map((text) => (text.length > MOST_REASON ? `${text.slice(0, MOST_REASON)}...` : text));
  const ofServices = services
    ? `; services: ${services.failed} failed, ${services.unchecked} unchecked, ${services.pending} pending, ${services.passed} passed`
    : "";
  const more =
    counts.failed + counts.unconfirmed + (services?.failed ?? 0) + (services?.pending ?? 0) - named.length;
  return (
    `Schedule ${schedule}, ${action}: ${counts.failed} failed, ${counts.unconfirmed} unconfirmed, ${counts.done} done, ` +
    `${counts.already} already, ${counts.skipped} skipped${ofServices}. ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`
  );
}

function describeInstance({ instanceId, region, outcome, reason, services }: InstanceReport): string {
  const name = `${instanceId} (${region})`;
  if (outcome === "failed" || outcome === "unconfirmed" || !services) return `${name} ${outcome}: ${reason}`;
  const checks = (services.failing ?? []).map(({ check, found }) => `${check} ${found}`);
  const found = [...(services.reason ? [services.reason] : []), ...checks].join(", ");
  return `${name}${services.status === "pending" ? " pending" : ""}: ${found}`;
}
