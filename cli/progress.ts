/** Where progress is told: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What is under way, such as `CloudTrail, page 3`; it may change while the work goes on. */
export type Tell = (doing: string) => void;

/** Does work that may take long; nothing is told where it does not. */
export type Progress = <T>(doing: string, work: (tell: Tell) => Promise<T>) => Promise<T>;

/** From then on somebody who waits wants to know what for. */
const PATIENCE_MS = 2_000;
const CLEAR_LINE = "\r\u001b[2K";

/**
 * One line that says what is waited for, from two seconds on: redrawn in place and gone at the end on a terminal,
 * written once elsewhere.
 */
export function progressOn(stream: ProgressStream): Progress {
  return async (doing, work) => {
    let current = doing;
    let shown = false;
    const show = () => {
      if (stream.isTTY) stream.write(`${CLEAR_LINE}${current} ...`);
      else if (!shown) stream.write(`${current} ...\n`);
      shown = true;
    };
    const timer = setTimeout(show, PATIENCE_MS);
    try {
      return await work((next) => {
        current = next;
        if (shown) show();
      });
    } finally {
      clearTimeout(timer);
      if (shown && stream.isTTY) stream.write(CLEAR_LINE);
    }
  };
}
