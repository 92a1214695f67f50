import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Testing } from "cdktf";
import type { Config } from "../../config";
import { ConfigStack } from "../../config/stack";

/** Something of every resource that a config can make, under both triggers. */
const EVERYTHING: Config = {
  name: "dev",
  region: "ap-northeast-2",
  timezone: "Asia/Seoul",
  targets: {
    dev: { instanceIds: ["i-0123456789abcdef0"], checks: { systemd: ["nginx"] } },
    idle: { tags: { Use: "once" } },
  },
  schedules: {
    night: { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
    // Two rules in UTC.
    often: { action: "stop", targets: "idle", expression: "cron(0/30 8-18 ? * MON-FRI *)" },
    hours: { running: "MON-FRI 08:00-20:00", targets: "dev" },
  },
  alerts: { email: "on-call@example.com" },
  followUps: true,
};

const COMMITTED = join(__dirname, "addresses.json");

function addressesOf(config: Config): string[] {
  const { resource } = JSON.parse(Testing.synth(new ConfigStack(Testing.app(), config)));
  return Object.entries(resource as Record<string, object>)
    .flatMap(([type, made]) => Object.keys(made).map((id) => `${type}.${id}`))
    .sort();
}

describe("the addresses of a config's resources", () => {
  // Terraform destroys what is no longer at its address. A changed line here needs a `moved` block: CONTRIBUTING.md.
  const committed = JSON.parse(readFileSync(COMMITTED, "utf8"));

  it("are those committed, with rules", () => {
    const adopt: Config["adopt"] = {
      role: { name: "Role" },
      functions: { stop: { name: "Stop", logGroup: true } },
      schedules: { night: { rule: "Night", targetId: "Id1" } },
    };
    expect(addressesOf({ ...EVERYTHING, adopt })).toEqual(committed["event-rule"]);
  });

  it("are those committed, with EventBridge Scheduler", () => {
    expect(addressesOf({ ...EVERYTHING, trigger: "scheduler" })).toEqual(committed.scheduler);
  });

  it("stay when code is packaged otherwise", () => {
    expect(addressesOf({ ...EVERYTHING, trigger: "scheduler", code: "zip" })).toEqual(committed.scheduler);
  });
});
