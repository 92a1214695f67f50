import type { Command } from "commander";
import { type CommandContext, InputError } from "../../context";
import { addExamples, CONFIG_OPTION, DEFAULT_OUTDIR, resolveConfigFile } from "../../options";

/** Peer dependencies, which only this command needs. */
const PEERS = ["cdktf", "constructs", "@cdktf/provider-aws", "@cdktf/provider-archive"];

/** The options of `synth`, as commander reads them. */
interface SynthCommandOptions {
  readonly config?: string;
  readonly strict?: boolean;
  readonly out?: string;
}

/** Adds `synth`: Terraform JSON of a config file. */
export function addSynthCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("synth")
    .description(
      `Write Terraform JSON for a config file, and print what it creates and when it fires. Needs the packages ${PEERS.join(", ")}.`,
    )
    .option(...CONFIG_OPTION)
    .option("--out <folder>", `folder to write to (default: $CDKTF_OUTDIR, or ${DEFAULT_OUTDIR})`)
    .option("--strict", "refuse a config that has warnings, as $EC2_START_STOP_STRICT=1 does");
  addExamples(command, [
    ["synth", "Write cdktf.out/stacks/<name>/cdk.tf.json from ec2-start-stop.yaml"],
    ["synth --strict --out build", "Refuse warnings, and write somewhere else"],
  ]).action(async ({ config, strict, out }: SynthCommandOptions) => {
    const { synth } = await import("./run").catch(explainMissingPeer);
    const defaults = readSynthDefaults(context.env);
    context.out(
      await synth({
        configFile: resolveConfigFile(config, context.env),
        outdir: out ?? defaults.outdir,
        strict: strict ?? defaults.strict,
        now: context.now(),
      }),
    );
  });
}

/** Reads the defaults from the environment, which is all that cdktf passes to an app. */
export function readSynthDefaults(env: NodeJS.ProcessEnv): { outdir: string; strict: boolean } {
  return {
    outdir: env["CDKTF_OUTDIR"] || DEFAULT_OUTDIR,
    strict: !["", "0"].includes(env["EC2_START_STOP_STRICT"] ?? ""),
  };
}

function explainMissingPeer(error: unknown): never {
  const [, name] = /Cannot find (?:module|package) '((?:@[^/']+\/)?[^/']+)/.exec(String(error)) ?? [];
  if (name === undefined || !PEERS.includes(name)) throw error;
  throw new InputError(
    `synth: expected the packages ${PEERS.join(", ")}, got no ${name}: install them with \`npm install ${PEERS.join(" ")}\``,
  );
}
