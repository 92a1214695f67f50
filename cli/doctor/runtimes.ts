/**
 * When Lambda ends its support of a Node.js runtime.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const ENDS: Readonly<Record<string, string>> = {
  "nodejs16.x": "2024-06-12",
  "nodejs18.x": "2025-09-01",
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
};

/** Undefined of one that is not known here. */
export function runtimeEnd(runtime: string): Date | undefined {
  const date = Object.hasOwn(ENDS, runtime) ? ENDS[runtime] : undefined;
  return date === undefined ? undefined : new Date(`${date}T00:00:00Z`);
}

/** What to move to: of those that last long enough the oldest, which older versions of the AWS provider know, too. */
export function lastingRuntime(until: Date): string | undefined {
  return Object.keys(ENDS).find((runtime) => (runtimeEnd(runtime) ?? until) > until);
}
