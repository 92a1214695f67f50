import type { ManagedPolicy, RoleDetails } from "./iam";

/** Writes commands of the AWS CLI for one region and profile. */
export class AwsCli {
  readonly #regional: readonly string[];
  readonly #global: readonly string[];

  constructor(region: string, profile?: string) {
    this.#global = profile === undefined ? [] : ["--profile", profile];
    this.#regional = ["--region", region, ...this.#global];
  }

  removePermission(functionName: string, statementId: string): string {
    const names = ["--function-name", functionName, "--statement-id", statementId];
    return this.#command(["lambda", "remove-permission", ...names], this.#regional);
  }

  deleteFunction(name: string): string {
    return this.#command(["lambda", "delete-function", "--function-name", name], this.#regional);
  }

  removeTarget(rule: string, targetId: string): string {
    return this.#command(["events", "remove-targets", "--rule", rule, "--ids", targetId], this.#regional);
  }

  deleteRule(name: string): string {
    return this.#command(["events", "delete-rule", "--name", name], this.#regional);
  }

  deleteSchedule(group: string, name: string): string {
    return this.#command(
      ["scheduler", "delete-schedule", "--group-name", group, "--name", name],
      this.#regional,
    );
  }

  deleteInlinePolicy(role: string, policy: string): string {
    const names = ["--role-name", role, "--policy-name", policy];
    return this.#command(["iam", "delete-role-policy", ...names], this.#global);
  }

  /** A policy goes only after its other versions; IAM refuses while anything holds it. */
  deletePolicy({ arn, otherVersions }: ManagedPolicy): string[] {
    const policy = ["--policy-arn", arn];
    return [
      ...otherVersions.map((version) =>
        this.#command(["iam", "delete-policy-version", ...policy, "--version-id", version], this.#global),
      ),
      this.#command(["iam", "delete-policy", ...policy], this.#global),
    ];
  }

  /** A role goes only after all that it holds. */
  deleteRole({ name, managedPolicies, inlinePolicies }: RoleDetails): string[] {
    const role = ["--role-name", name];
    return [
      ...managedPolicies.map(({ arn }) =>
        this.#command(["iam", "detach-role-policy", ...role, "--policy-arn", arn], this.#global),
      ),
      ...inlinePolicies.map((policy) => this.deleteInlinePolicy(name, policy.name)),
      this.#command(["iam", "delete-role", ...role], this.#global),
    ];
  }

  #command(words: readonly string[], settings: readonly string[]): string {
    return ["aws", ...words, ...settings].map(shellWord).join(" ");
  }
}

/** A word as a POSIX shell reads it back unchanged. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
