import { expect } from "@jest/globals";
import type { DoctorJson } from "../../../../cli/commands/doctor/json";
import type { Aws } from "../../../support/moto/aws";
import type { Fleet } from "../../../support/moto/fleet";

/** Something that is not as deployed. */
export interface Fault {
  readonly what: string;
  /** @returns what undoes it; undefined where that cannot be undone */
  readonly breakIt: (deployed: Breakable) => Promise<(() => Promise<unknown>) | undefined>;
  /** What must be told, by subject and check; no other may change. */
  readonly told: Readonly<Record<string, Told>>;
}

export interface Breakable {
  readonly aws: Aws;
  readonly fleet: Fleet;
  /** Whether addresses have confirmed that they want alerts. */
  readonly confirm: (confirmed: boolean) => void;
  /** The IAM action that is refused from now on, or none. */
  readonly refuse: (action: string | undefined) => void;
}

/** A check as JSON has it, or matchers of its parts. */
export interface Told {
  readonly result: DoctorJson["checks"][number]["result"];
  readonly text?: unknown;
  readonly differences?: unknown;
  readonly fix: unknown;
}

export const ACCOUNT = "123456789012";
export const STOP = "e2e-StopEC2Instances";

/** The fix of whatever Terraform puts right. */
export const deploys: unknown = expect.stringMatching(
  /^ec2-start-stop synth --config \S+ && terraform -chdir=cdktf\.out\/stacks\/e2e apply$/,
);
