import { AwsCli, shellWord } from "../adopt/removal";
import { configFile } from "../config-file";
import type { Deployment } from "../deployment/deployment";

/** What to do about what is wrong, as commands for the deployment's own config, region and profile. */
export class Fixes {
  /** Makes AWS what the config says. */
  readonly deploy: string;
  readonly #file: string;
  readonly #cli: AwsCli;
  readonly #settings: readonly string[];

  constructor({ file, aws }: Pick<Deployment, "file" | "aws">) {
    this.#file = file;
    this.deploy = `${file === configFile(undefined, {}) ? "" : `EC2_START_STOP_CONFIG=${shellWord(file)} `}npx cdktf deploy`;
    this.#cli = new AwsCli(aws.region, aws.profile);
    this.#settings = aws.profile === undefined ? [] : ["--profile", aws.profile];
  }

  /** @param change what to change in the config, such as `take i-1 out of targets.dev` */
  config(change: string): string {
    return `in ${this.#file} ${change}, then ${this.deploy}`;
  }

  /** @param region none: the service is not regional */
  aws(words: readonly string[], region?: string): string {
    const place = region === undefined ? [] : ["--region", region];
    return ["aws", ...words, ...place, ...this.#settings].map(shellWord).join(" ");
  }

  own(words: readonly string[]): string {
    return ["npm", "run", "cli", "--", ...words].map(shellWord).join(" ");
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
