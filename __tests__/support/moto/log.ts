/** Straight to stderr: jest's console would add a stack to every line. */
export function log(line: string): void {
  process.stderr.write(`[e2e] ${line}\n`);
}
