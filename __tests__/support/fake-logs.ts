import type { LogEvent, LogEventReader } from "../../cli/aws/logs";

/** Log groups that may change while a test runs; undefined: there is none. */
export class FakeLogs implements LogEventReader {
  readonly groups = new Map<string, LogEvent[]>();
  /** From when on each read was. */
  readonly reads: Date[] = [];
  /** Thrown by the next reads, one each. */
  readonly faults: Error[] = [];

  add(functionName: string, ...events: readonly LogEvent[]): void {
    const group = `/aws/lambda/${functionName}`;
    this.groups.set(group, [...(this.groups.get(group) ?? []), ...events]);
  }

  async events(group: string, { from, to }: { readonly from: Date; readonly to?: Date }) {
    this.reads.push(from);
    const fault = this.faults.shift();
    if (fault) throw fault;
    return this.groups
      .get(group)
      ?.filter(({ timestamp }) => timestamp >= +from && (to === undefined || timestamp <= +to));
  }
}
