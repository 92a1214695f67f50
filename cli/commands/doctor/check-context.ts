import { shellWord } from "../../../contract/shell";
import type { AwsAccount } from "../../../model/arns";
import type { Blueprint } from "../../../model/blueprint";
import { AwsCli } from "../../aws/cli-commands";
import type { AwsReader } from "../../aws/reader";
import type { Deployment } from "../../deployment/deployment";
import { DEFAULT_OUTDIR, resolveConfigFile } from "../../options";

/** The context that every check receives. */
export interface CheckContext {
  readonly deployment: Deployment;
  /** The resources that the config becomes in this account. */
  readonly expected: Blueprint;
  readonly account: AwsAccount;
  readonly read: AwsReader;
  readonly fixes: Fixes;
  /** Undefined in a source tree without a build. */
  readonly builtCode: BuiltCode | undefined;
  readonly now: Date;
}

/** The code of the functions in this version. */
export interface BuiltCode {
  /** Base64 of the SHA-256 of the zip, as Lambda's CodeSha256. */
  readonly zipSha256: string;
  /** By their names in the zip. */
  readonly files: () => Readonly<Record<string, Uint8Array>>;
}

/** Writes remedies as commands for the deployment's own config, region and profile. */
export class Fixes {
  /** The commands that deploy the config. */
  readonly deploy: string;
  readonly #file: string;
  readonly #cli: AwsCli;

  constructor({ file, names, aws: awsCommand }: Pick<Deployment, "file" | "names" | "aws">) {
    this.#file = file;
    const config = file === resolveConfigFile(undefined, {}) ? [] : ["--config", file];
    const folder = shellWord(`${DEFAULT_OUTDIR}/stacks/${names.prefix}`);
    // Not `cdktf deploy`: that takes cdktf-cli and a cdktf.json, which an installed package does not bring.
    this.deploy = `${this.ownCommand(["synth", ...config])} && terraform -chdir=${folder} apply`;
    this.#cli = new AwsCli(awsCommand.region, awsCommand.profile);
  }

  /** @param change what to change in the config, such as `take i-1 out of targets.dev` */
  changeConfig(change: string): string {
    return `in ${this.#file} ${change}, then ${this.deploy}`;
  }

  /** @param region none: the service is not regional */
  aws(words: readonly string[], region?: string): string {
    return this.#cli.command(words, region);
  }

  ownCommand(words: readonly string[]): string {
    return ["ec2-start-stop", ...words].map(shellWord).join(" ");
  }

  removeRule(rule: string, targetIds: readonly string[]): string {
    return [...targetIds.map((id) => this.#cli.removeTarget(rule, id)), this.#cli.deleteRule(rule)].join(
      " && ",
    );
  }

  removeSchedule(group: string, name: string): string {
    return this.#cli.deleteSchedule(group, name);
  }
}

/** Reads at the first call, and once for all callers. */
export function memoizeAsync<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
