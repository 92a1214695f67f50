import { shellWord } from "../../contract/shell";
import type { ManagedPolicy, RoleDetails } from "./iam";

/** Writes commands of the AWS CLI for people to run, for one region and profile. */
export class AwsCli {
  readonly #region: string;
  readonly #profile: readonly string[];

  constructor(region: string, profile?: string) {
    this.#region = region;
    this.#profile = profile === undefined ? [] : ["--profile", profile];
  }

  /** @param region none: the service is not regional */
  command(words: readonly string[], region?: string): string {
    const place = region === undefined ? [] : ["--region", region];
    return ["aws", ...words, ...place, ...this.#profile].map(shellWord).join(" ");
  }

  removePermission(functionName: string, statementId: string): string {
    const names = ["--function-name", functionName, "--statement-id", statementId];
    return this.command(["lambda", "remove-permission", ...names], this.#region);
  }

  deleteFunction(name: string): string {
    return this.command(["lambda", "delete-function", "--function-name", name], this.#region);
  }

  removeTarget(rule: string, targetId: string): string {
    return this.command(["events", "remove-targets", "--rule", rule, "--ids", targetId], this.#region);
  }

  deleteRule(name: string): string {
    return this.command(["events", "delete-rule", "--name", name], this.#region);
  }

  deleteSchedule(group: string, name: string): string {
    return this.command(
      ["scheduler", "delete-schedule", "--group-name", group, "--name", name],
      this.#region,
    );
  }

  deleteInlinePolicy(role: string, policy: string): string {
    const names = ["--role-name", role, "--policy-name", policy];
    return this.command(["iam", "delete-role-policy", ...names]);
  }

  /** A policy goes only after its other versions; IAM refuses while anything holds it. */
  deletePolicy({ arn, otherVersions }: ManagedPolicy): string[] {
    const policy = ["--policy-arn", arn];
    return [
      ...otherVersions.map((version) =>
        this.command(["iam", "delete-policy-version", ...policy, "--version-id", version]),
      ),
      this.command(["iam", "delete-policy", ...policy]),
    ];
  }

  /** A role goes only after all that it holds. */
  deleteRole({ name, managedPolicies, inlinePolicies }: RoleDetails): string[] {
    const role = ["--role-name", name];
    return [
      ...managedPolicies.map(({ arn }) =>
        this.command(["iam", "detach-role-policy", ...role, "--policy-arn", arn]),
      ),
      ...inlinePolicies.map((policy) => this.deleteInlinePolicy(name, policy.name)),
      this.command(["iam", "delete-role", ...role]),
    ];
  }
}
