import { AwsCli, shellWord } from "../../aws/cli-commands";
import type { Deployment } from "../../deployment/deployment";
import { configFile } from "../../options";
import type { BuiltCode } from "./code";
import type { AccountPlace, Expected } from "./expectation";
import type { AwsReading } from "./reading";

/**
 * What came of a check. `ok`: as it should be. `wrong`: not as it should be. `unknown`: nobody could look. `note`: as
 * it should be as far as can be told, and worth knowing. `none`: there is nothing to look at.
 */
export type Mark = "ok" | "wrong" | "unknown" | "note" | "none";

/** What came of looking at one thing. */
export interface Finding {
  readonly mark: Mark;
  /** In a few words, without a full stop. */
  readonly text: string;
  /** Where AWS has something else than the config. */
  readonly differences?: readonly Difference[];
  /** What to do about it: a command, what to change in the config, or what to click. One line. */
  readonly fix?: string;
  /** The IAM action for want of which nobody could look. */
  readonly missingPermission?: string;
}

export interface Difference {
  /** Such as `expression`, or `targets[0].instanceIds[2]`. Empty where it is about the whole. */
  readonly what: string;
  readonly got: string;
  readonly expected: string;
}

/** A finding with its place. */
export interface Check extends Finding {
  /** What it is about, such as `Function dev-StopEC2Instances`. */
  readonly subject: string;
  /** What was looked at, such as `code`. */
  readonly name: string;
}

/** One thing to look at. Whatever goes wrong with asking AWS is told of this one alone. */
export interface Look {
  readonly name: string;
  readonly look: () => Promise<Finding>;
}

/** Things to look at that are about the same. */
export interface Examination {
  readonly subject: string;
  readonly looks: readonly Look[];
}

export function ok(text: string): Finding {
  return { mark: "ok", text };
}

export function note(text: string, fix?: string): Finding {
  return { mark: "note", text, ...(fix === undefined ? {} : { fix }) };
}

export function none(text: string): Finding {
  return { mark: "none", text };
}

export function wrong(text: string, fix: string, differences: readonly Difference[] = []): Finding {
  return { mark: "wrong", text, fix, ...(differences.length > 0 ? { differences } : {}) };
}

export function unknown(text: string, missingPermission?: string): Finding {
  return { mark: "unknown", text, ...(missingPermission === undefined ? {} : { missingPermission }) };
}

/** All as in the config, or what is not. */
export function compared(differences: readonly Difference[], equal: string, fix: string): Finding {
  return differences.length === 0 ? ok(equal) : wrong("not as in the config", fix, differences);
}

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

/** What every check may need. */
export interface Around {
  readonly deployment: Deployment;
  readonly expected: Expected;
  readonly account: AccountPlace;
  readonly read: AwsReading;
  readonly fixes: Fixes;
  /** None where this package was not built. */
  readonly builtCode: BuiltCode | undefined;
  readonly now: Date;
}

/** Reads once, however many checks need it, and only when the first does. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
