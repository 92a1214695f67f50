import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import swc from "@rollup/plugin-swc";
import { rollup } from "rollup";

const SOURCE = fileURLToPath(new URL("../__tests__/support/ec2/simulator.ts", import.meta.url));

/** The EC2 in memory that the tests use, compiled for this run and listening on a free port. */
export async function startSimulator() {
  const folder = mkdtempSync(join(tmpdir(), "ec2-simulator-"));
  try {
    const bundle = await rollup({
      input: SOURCE,
      external: (id) => id.startsWith("node:"),
      plugins: [
        nodeResolve({ extensions: [".ts"] }),
        swc({ swc: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } } }),
      ],
    });
    const file = join(folder, "simulator.mjs");
    await bundle.write({ file, format: "es" });
    const { Ec2Simulator } = await import(pathToFileURL(file).href);
    const ec2 = new Ec2Simulator();
    return { ec2, url: await ec2.listen(), close: () => ec2.close() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
