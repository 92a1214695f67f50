import { readSynthDefaults } from "./cli/commands/synth/command";
import { synth } from "./cli/commands/synth/run";
import { InputError } from "./cli/context";
import { resolveConfigFile } from "./cli/options";
import { toPrintableLines, toPrintableOutput } from "./cli/terminal/text";

// The cdktf app: synthesizes Terraform JSON from a config file, as `ec2-start-stop synth` does. cdktf passes no arguments
// on, only the environment. `npm run synth -- --strict` also refuses warnings.
async function main(options: readonly string[]): Promise<void> {
  const unknown = options.find((option) => option !== "--strict");
  if (unknown !== undefined) {
    throw new InputError(`options: expected --strict, or none, got ${unknown}\nNothing was written.`);
  }
  const { outdir, strict } = readSynthDefaults(process.env);
  const summary = await synth({
    configFile: resolveConfigFile(undefined, process.env),
    outdir,
    strict: strict || options.length > 0,
    now: new Date(),
  });
  process.stdout.write(toPrintableOutput(summary, process.stdout.isTTY));
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${toPrintableLines(error.message)}\n`);
  process.exitCode = 2;
});
