/**
 * The seed of a property test's random cases: printed, and settable to repeat a run
 * (`PROPERTY_SEED=5 npm run test:unit`).
 */
export function printedSeed(of: string): number {
  const seed = Number(process.env["PROPERTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`seed of ${of}: ${seed}\n`);
  return seed;
}
