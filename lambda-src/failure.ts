import type { Report } from "./report";

/** Failures named in the message; the report has them all. */
const NAMED = 5;
const MOST_REASON = 250;

/** A run with failed or unconfirmed instances, told so that it fits a notification. */
export class StartStopError extends Error {
  override readonly name = "StartStopError";

  constructor(report: Report) {
    super(message(report));
    // The report says what went wrong; a trace would only show where the function ends. Lambda wants some stack.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function message({ schedule, action, counts, errors, instances }: Report): string {
  const bad = [
    ...errors.map(({ region, reason }) => `${region}: ${reason}`),
    ...instances
      .filter(({ outcome }) => outcome === "failed" || outcome === "unconfirmed")
      .map(({ instanceId, region, outcome, reason }) => `${instanceId} (${region}) ${outcome}: ${reason}`),
  ];
  const named = bad
    .slice(0, NAMED)
    .map((text) => (text.length > MOST_REASON ? `${text.slice(0, MOST_REASON)}...` : text));
  const more = counts.failed + counts.unconfirmed - named.length;
  return (
    `Schedule ${schedule}, ${action}: ${counts.failed} failed, ${counts.unconfirmed} unconfirmed, ${counts.done} done, ` +
    `${counts.already} already, ${counts.skipped} skipped. ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`
  );
}
