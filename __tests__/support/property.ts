/**
 * The seed of a property test's random cases: printed, and settable to repeat a run
 * (`PROPERTY_SEED=5 npm run test:unit`).
 */
export function printedSeed(of: string): number {
  const seed = Number(process.env["PROPERTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`seed of ${of}: ${seed}\n`);
  return seed;
}

/**
 * How many random cases a property test tries: all of them in CI, a tenth elsewhere, since each run draws others; or as
 * many as `PROPERTY_RUNS` says.
 * @param fewer what to try elsewhere, where a tenth would say too little
 */
export function propertyRuns(all: number, fewer = Math.ceil(all / 10)): number {
  const wanted = process.env["PROPERTY_RUNS"];
  if (wanted !== undefined) return Number(wanted);
  return process.env["CI"] ? all : fewer;
}
