import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../support/moto/paths";
import { MOTO } from "../../support/moto/tools";
import { findPython, pythonsOf } from "../../support/python";
import { documentedDeployment } from "./documented-deployment";

// `npm run moto`: a simulated AWS with the deployment of docs/operating.md, until Ctrl-C.

/** Where debuggers read the environment, since the port changes with each start. */
const ENVIRONMENT_FILE = join(PROJECT, ".moto.env");

async function main(): Promise<void> {
  process.stdout.write("Starting moto ...\n");
  const found = findPython(MOTO, pythonsOf(MOTO, "MOTO_PYTHON"));
  if ("missing" in found) throw new Error(`not found: ${found.missing}`);
  const { environment, close } = await documentedDeployment(found);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  writeFileSync(ENVIRONMENT_FILE, `${variables.join("\n")}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      rmSync(ENVIRONMENT_FILE, { force: true });
      void close();
    });
  }
  const exports = variables.map((variable) => `export ${variable}\n`).join("");
  process.stdout.write(`In another shell:\n\n${exports}\nReady: npm run dev -- status. Ctrl-C ends it.\n`);
}

void main().catch((error: unknown) => {
  process.stderr.write(`moto: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
