import { describe, it } from "@jest/globals";
import { sharedSearch } from "./search";
import type { Tools } from "./tools";

export interface SuiteNeeds {
  /** @default false */
  readonly archiveProvider?: boolean;
}

/**
 * `describe` for tests that need Terraform, an AWS provider and the simulator. Where they are missing the tests are
 * skipped, or fail with REQUIRE_E2E=1; the provider hashicorp/archive may always be missing.
 */
export function describeEndToEnd(name: string, needs: SuiteNeeds, body: (tools: Tools) => void): void {
  const { tools, missing } = sharedSearch();
  if (tools !== undefined && (tools.archiveProvider || !needs.archiveProvider)) {
    describe(name, () => body(tools));
  } else if (tools === undefined && process.env["REQUIRE_E2E"] === "1") {
    describe(name, () => {
      it("finds what it needs", () => {
        throw new Error(`REQUIRE_E2E=1, but not found here: ${missing.join("; ")}`);
      });
    });
  } else {
    const reason = tools === undefined ? missing.join("; ") : "the Terraform provider hashicorp/archive";
    describe(name, () => {
      it.skip(`not run here: not found: ${reason}`, () => undefined);
    });
  }
}
