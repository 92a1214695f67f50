import { describe, expect, it } from "@jest/globals";
import { OFFICE, PAIR } from "./props";
import { forReview, ofType, synthesize } from "./synthesize";

describe("the synthesized stack", () => {
  it.each([
    ["event-rule", "archive", OFFICE],
    ["event-rule", "zip", PAIR],
    ["scheduler", "archive", PAIR],
    ["scheduler", "zip", OFFICE],
  ] as const)("is as reviewed: trigger %s, code %s", (trigger, code, props) => {
    expect(forReview(synthesize({ ...props, trigger, code }))).toMatchSnapshot();
  });

  it("is as reviewed with checks of what runs after a start", () => {
    const staging = { ...OFFICE.targets.staging, checks: { command: "systemctl is-system-running" } };
    const dev = { ...PAIR.targets.dev, checks: { systemd: ["nginx"], tcp: [5432] } };
    const schedules = { start: { ...PAIR.schedules["dev-start"], targets: ["dev", "staging"] } };
    const alerts = { email: "ops@example.com", missedFirings: false };
    const { resource } = synthesize({ ...PAIR, schedules, targets: { dev, staging }, alerts });
    const changed = /alarm|sns|sqs|kms|role_policy|lambda_function/;
    const shown = Object.entries(resource).filter(([type]) => changed.test(type));
    expect(forReview({ resource: Object.fromEntries(shown) })).toMatchSnapshot();
  });

  it.each(["event-rule", "scheduler"] as const)("is as reviewed with alerts: trigger %s", (trigger) => {
    const { resource } = synthesize({ ...PAIR, trigger, alerts: { email: "ops@example.com" } });
    expect(forReview({ resource: onlyAlerts(resource) })).toMatchSnapshot();
  });
});

/** The rest is in the snapshots without alerts. */
function onlyAlerts(resource: ReturnType<typeof synthesize>["resource"]) {
  return Object.fromEntries(Object.entries(resource).filter(([type]) => /alarm|sns|sqs|kms/.test(type)));
}

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
