import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

const SUPPORT = new URL("../__tests__/support/ec2/", import.meta.url);

export const systemClock = {
  now: Date.now,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Starts the in-memory EC2 of the tests, on a free port. */
export async function startSimulator() {
  const { Ec2Simulator } = await importSupport("simulator");
  const ec2 = new Ec2Simulator();
  return { ec2, url: await ec2.listen(), close: () => ec2.close() };
}

/** Compiles and imports a file of the tests' support for EC2, in one piece: the loading of another takes no virtual time. */
export async function importSupport(name) {
  const folder = mkdtempSync(join(tmpdir(), "ec2-support-"));
  try {
    const input = fileURLToPath(new URL(`${name}.ts`, SUPPORT));
    const file = join(folder, `${name}.mjs`);
    await build({ input, platform: "node", output: { file, format: "es", codeSplitting: false } });
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
