import type { AccountPlace } from "../../../model/arns";
import type { Blueprint } from "../../../model/blueprint";
import { AwsCli, shellWord } from "../../aws/cli-commands";
import type { AwsReader } from "../../aws/reader";
import type { Deployment } from "../../deployment/deployment";
import { configFile } from "../../options";
import type { BuiltCode } from "./code";

/**
 * Result of a check. `ok`: as it should be. `wrong`: not as it should be. `unknown`: it could not run. `note`: as it
 * should be as far as AWS shows, and worth knowing. `none`: it does not apply.
 */
export type Mark = "ok" | "wrong" | "unknown" | "note" | "none";

export interface CheckResult {
  readonly mark: Mark;
  /** In a few words, without a full stop. */
  readonly text: string;
  /** Where AWS has something else than the config. */
  readonly differences?: readonly Difference[];
  /** What to do about it: a command, what to change in the config, or what to click. One line. */
  readonly fix?: string;
  /** The missing IAM action that prevented the check. */
  readonly missingPermission?: string;
}

export interface Difference {
  /** Such as `expression`, or `targets[0].instanceIds[2]`. Empty where it is about the whole. */
  readonly what: string;
  readonly got: string;
  readonly expected: string;
}

/** A result with its place in the report. */
export interface CheckReport extends CheckResult {
  /** What it is about, such as `Function dev-StopEC2Instances`. */
  readonly subject: string;
  /** Name of the check, such as `code`. */
  readonly name: string;
}

/** One check. An AWS error while it runs is reported for this check only. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<CheckResult>;
}

/** Checks of one thing. */
export interface CheckGroup {
  readonly subject: string;
  readonly checks: readonly Check[];
}

export function ok(text: string): CheckResult {
  return { mark: "ok", text };
}

export function note(text: string, fix?: string): CheckResult {
  return { mark: "note", text, ...(fix === undefined ? {} : { fix }) };
}

export function none(text: string): CheckResult {
  return { mark: "none", text };
}

export function wrong(text: string, fix: string, differences: readonly Difference[] = []): CheckResult {
  return { mark: "wrong", text, fix, ...(differences.length > 0 ? { differences } : {}) };
}

export function unknown(text: string, missingPermission?: string): CheckResult {
  return { mark: "unknown", text, ...(missingPermission === undefined ? {} : { missingPermission }) };
}

/** `ok` where there are no differences, else `wrong`. */
export function compared(differences: readonly Difference[], equal: string, fix: string): CheckResult {
  return differences.length === 0 ? ok(equal) : wrong("not as in the config", fix, differences);
}

/** Writes remedies as commands for the deployment's own config, region and profile. */
export class Fixes {
  /** The command that makes AWS what the config says. */
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
export interface CheckContext {
  readonly deployment: Deployment;
  /** What the config becomes in this account. */
  readonly expected: Blueprint;
  readonly account: AccountPlace;
  readonly read: AwsReader;
  readonly fixes: Fixes;
  /** Undefined where this package was not built. */
  readonly builtCode: BuiltCode | undefined;
  readonly now: Date;
}

/** Reads when the first check needs it, and once for all of them. */
export function memoizeAsync<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
