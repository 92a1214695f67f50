import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { ConfigError, refuseWarnings } from "./config/error";
import { readConfig } from "./config/read";
import { ConfigStack } from "./config/stack";
import { renderSummary } from "./config/summary";
import { validPlan } from "./model/validate";

// Terraform JSON from a config file. cdktf hands on no arguments, but its environment.
const configFile = process.env["EC2_START_STOP_CONFIG"] || "ec2-start-stop.yaml";
const outdir = process.env["CDKTF_OUTDIR"] || "cdktf.out";
// Warnings are refused, too: npm run synth -- --strict, or the environment under cdktf.
const [, , ...options] = process.argv;
const strict = options.length > 0 || !["", "0"].includes(process.env["EC2_START_STOP_STRICT"] ?? "");

async function synth(): Promise<void> {
  const unknown = options.find((option) => option !== "--strict");
  if (unknown !== undefined) {
    throw new ConfigError("options", [{ path: "", expected: "--strict, or none", got: unknown }]);
  }
  // Before the app, which makes its folder at once: a config that does not hold leaves everything as it was.
  const now = new Date();
  const config = await readConfig(configFile, { now });
  const { plan, warnings } = validPlan(config);
  refuseWarnings(configFile, warnings, strict);

  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  const stack = new ConfigStack(app, config);
  app.synth();
  const file = join(outdir, app.manifest.forStack(stack).synthesizedStackPath);
  const made = JSON.parse(readFileSync(file, "utf8"));
  process.stdout.write(renderSummary({ plan, warnings, file, stack: made, now }));
}

void synth().catch((error: unknown) => {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\nNothing was written.\n`);
  process.exitCode = 2;
});
