import { describe, expect, it } from "@jest/globals";
import { OFFICE, PAIR } from "../support/props";
import { forReview, ofType, synthesize } from "../support/terraform/synthesize";

const STAGING = { ...OFFICE.targets.staging, checks: { command: "systemctl is-system-running" } };
const DEV = { ...PAIR.targets.dev, checks: { systemd: ["nginx"], tcp: [5432] } };

describe("the synthesized stack", () => {
  it("is as reviewed of a minimal config", () => {
    const schedules = { "dev-stop": PAIR.schedules["dev-stop"] };
    expect(forReview(synthesize({ ...PAIR, schedules }))).toMatchSnapshot();
  });

  it("is as reviewed with something of everything", () => {
    const { "dev-start": start, "staging-hours": hours } = OFFICE.schedules;
    const stack = synthesize({
      ...OFFICE,
      code: "archive",
      trigger: "scheduler",
      targets: { dev: DEV, staging: STAGING },
      schedules: { "dev-start": start, "staging-hours": hours },
      alerts: { email: "ops@example.com" },
    });
    expect(forReview(stack)).toMatchSnapshot();
  });
});

describe("the code of the functions", () => {
  it("is all that differs between packagings", () => {
    const [archive, zip] = (["archive", "zip"] as const).map((code) => {
      const stack = synthesize({ ...OFFICE, code });
      const functions = ofType(stack, "aws_lambda_function").map(
        ({ filename: _file, source_code_hash: _hash, ...rest }) => rest,
      );
      return { ...stack.resource, aws_lambda_function: functions };
    });
    expect(archive).toEqual(zip);
  });
});
