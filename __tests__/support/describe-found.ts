import { describe, it } from "@jest/globals";

export interface Finding {
  /** What is not here and how to get it; undefined where all is. */
  readonly missing: string | undefined;
  /**
   * Whether `.ci/run` installs it, so that REQUIRE_E2E=1 makes its absence a failure.
   * @default true
   */
  readonly installedByCi?: boolean;
}

/** `describe` for tests that need more than `npm ci` installs: skipped where it is missing, with the reason. */
export function describeFound(name: string, finding: Finding, body: () => void): void {
  const { missing, installedByCi = true } = finding;
  if (missing === undefined) {
    describe(name, body);
  } else if (installedByCi && process.env["REQUIRE_E2E"] === "1") {
    describe(name, () => {
      it("finds what it needs", () => {
        throw new Error(`REQUIRE_E2E=1, but not found here: ${missing}`);
      });
    });
  } else {
    describe(name, () => {
      it.skip(`not run here: not found: ${missing}`, () => undefined);
    });
  }
}
