import type { Clock, CommandEnvironment } from "../../../../cli/context";
import type { LogEvent, LogEventReader } from "../../../../cli/runs/parse";
import { createColors } from "../../../../cli/terminal/tone";

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

/** Time passes only where somebody sleeps. */
export class FakeClock implements Clock {
  /** Seconds of each sleep. */
  readonly sleeps: number[] = [];
  readonly #whileAsleep: (sleeps: number) => void;
  #now: number;

  /** @param whileAsleep what happens during each sleep, of which it is told the number */
  constructor(now: Date, whileAsleep: (sleeps: number) => void = () => undefined) {
    this.#now = +now;
    this.#whileAsleep = whileAsleep;
  }

  now(): Date {
    return new Date(this.#now);
  }

  async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds / 1000);
    this.#now += milliseconds;
    this.#whileAsleep(this.sleeps.length);
  }
}

export interface FakeTerminal extends CommandEnvironment {
  readonly written: string[];
  /** Whether something was said not to be as it should be. */
  readonly bad: () => boolean;
}

export function fakeTerminal(clock: Clock, columns = 80, interrupted?: AbortSignal): FakeTerminal {
  const written: string[] = [];
  let bad = false;
  return {
    clock,
    variables: {},
    terminal: { columns, colors: createColors(false), interactive: false },
    write: (text) => written.push(text),
    progress: (_, work) => work(() => undefined),
    notAsItShouldBe: () => {
      bad = true;
    },
    interrupted: interrupted ?? new AbortController().signal,
    written,
    bad: () => bad,
  };
}
