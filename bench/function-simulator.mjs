import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

const SOURCE = fileURLToPath(new URL("../__tests__/support/ec2/simulator.ts", import.meta.url));

export const systemClock = {
  now: Date.now,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Compiles and starts the in-memory EC2 of the tests, on a free port. */
export async function startSimulator() {
  const folder = mkdtempSync(join(tmpdir(), "ec2-simulator-"));
  try {
    const file = join(folder, "simulator.mjs");
    await build({ input: SOURCE, platform: "node", output: { file, format: "es" } });
    const { Ec2Simulator } = await import(pathToFileURL(file).href);
    const ec2 = new Ec2Simulator();
    return { ec2, url: await ec2.listen(), close: () => ec2.close() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
