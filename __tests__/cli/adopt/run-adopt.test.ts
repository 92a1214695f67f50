import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { runAdopt } from "../../../cli/adopt/run-adopt";
import type { AdoptOptions } from "../../../cli/adopt-options";
import { AwsError } from "../../../cli/aws/aws-error";
import { InputError } from "../../../cli/input-error";
import { ConfigError, readConfig } from "../../../config";
import {
  type FakeAccount,
  fakeAccount,
  functionNamed,
  NOW,
  python,
  REGION,
  roleNamed,
  ruleFor,
} from "./fake-account";

const ID = "i-0123456789abcdef0";
const STOPPER: FakeAccount = {
  roles: [roleNamed("Role")],
  functions: [functionNamed("StopEC2Instances")],
  code: { StopEC2Instances: python("stop", [ID]) },
  permissions: { StopEC2Instances: [{ statementId: "by-hand", principal: "events.amazonaws.com" }] },
  rules: [ruleFor("StopEC2Instances")],
};

let folder: string;
let config: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "adopt-"));
  config = join(folder, "ec2-start-stop.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const adopt = (options: AdoptOptions = {}, has: FakeAccount = STOPPER) =>
  runAdopt({
    options: { ...(options.moduleAddress === undefined ? { config } : {}), ...options },
    environment: { AWS_REGION: REGION },
    now: NOW,
    open: async () => fakeAccount(has),
  });

describe("adopt", () => {
  it("writes a config that holds, and has nothing to add to it the next time", async () => {
    const text = await adopt({ write: true });
    expect(text).toContain(`Wrote ${config}.`);
    expect((await readConfig(config)).adopt?.schedules).toEqual({
      "StopEC2Instances-rule": { rule: "StopEC2Instances-rule", targetId: "Id1" },
    });
    expect(await adopt({ write: true })).toContain("says all this already");
  });

  it("writes a config that lacks only what it says is to be filled in", async () => {
    const text = await adopt({ write: true }, { ...STOPPER, code: {} });
    expect(text).toContain("targets.instances.instanceIds: fill in the instance ids");
    const written = readFileSync(config, "utf8");
    expect(written).toContain("    instanceIds: [] # fill in: [i-0123456789abcdef0, ...]\n");
    await expect(readConfig(config)).rejects.toThrow(ConfigError);
    writeFileSync(config, written.replace("instanceIds: []", `instanceIds: [${ID}]`));
    expect((await readConfig(config)).targets).toEqual({ instances: { instanceIds: [ID] } });
  });

  it("writes nothing unless asked to", async () => {
    expect(await adopt()).toContain("+ adopt:");
    expect(() => readFileSync(config)).toThrow("ENOENT");
  });

  it("leaves a config as it is but for what it adds, comments too", async () => {
    const before = `# mine\nregion: ${REGION}    # Seoul\ntimezone: Asia/Seoul\ntargets: { dev: { instanceIds: [${ID}] } }\nschedules:\n  night: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" } # late`;
    writeFileSync(config, before);
    await adopt({ write: true });
    const after = readFileSync(config, "utf8");
    expect(after.startsWith(`${before}\n\nfunctions:\n`)).toBe(true);
    expect((await readConfig(config)).adopt?.schedules).toEqual({
      night: { rule: "StopEC2Instances-rule", targetId: "Id1" },
    });
  });

  it("adds to a block that is there without changing what it says", async () => {
    const schedule = `schedules: { night: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" } }`;
    writeFileSync(
      config,
      `region: ${REGION}\ntimezone: Asia/Seoul\nfunctions:\n  memoryMb: 512 # much\ntargets: { dev: { instanceIds: [${ID}] } }\n${schedule}\n`,
    );
    await adopt({ write: true });
    expect(readFileSync(config, "utf8")).toContain("  memoryMb: 512 # much\n  architecture: x86_64\n");
  });

  it("tells what to remove once the new works, each command with the region", async () => {
    expect(await adopt()).toContain(
      "aws lambda remove-permission --function-name StopEC2Instances --statement-id by-hand --region ap-northeast-2",
    );
  });

  it("gives the same as JSON", async () => {
    const answer = JSON.parse(await adopt({ json: true }));
    expect(answer).toMatchObject({
      region: REGION,
      config: { file: config, wrote: false, additions: { adopt: { role: { name: "Role" } } } },
    });
    expect(answer.removal).toHaveLength(2);
  });

  it("prints the module's call and import blocks", async () => {
    const text = await adopt(
      { moduleAddress: "module.office_hours" },
      { ...STOPPER, logGroups: [{ name: "/aws/lambda/StopEC2Instances", retentionDays: 14 }] },
    );
    expect(text.slice(0, text.indexOf('module "'))).toMatch(/^(?:#.*\n)+\n$/);
    expect(text.slice(text.indexOf('module "'))).toBe(`module "office_hours" {
  # source = ...
  stop_function_name = "StopEC2Instances"
  architecture       = "x86_64"

  schedules = {
    "StopEC2Instances-rule" = {
      action              = "stop"
      schedule_expression = "cron(0 20 ? * MON-FRI *)"
      timezone            = "Asia/Seoul"
      instance_ids        = ["${ID}"]
    }
  }
}

import {
  to = module.office_hours.aws_lambda_function.this["stop"]
  id = "StopEC2Instances"
}

import {
  to = module.office_hours.aws_cloudwatch_log_group.this["stop"]
  id = "/aws/lambda/StopEC2Instances"
}
`);
  });
});

describe("adopt refuses", () => {
  it.each([
    ["a region that is none", { region: "Seoul" }, "--region: expected an AWS region code"],
    ["a zone that is none", { timezone: "KST" }, "--timezone: "],
    ["an address that is none", { moduleAddress: "office_hours" }, "--module-address: expected an address"],
    ["to write for the module", { moduleAddress: "module.a", write: true }, "--write: only without"],
  ] as const)("%s", async (_, options, message) => {
    await expect(adopt(options)).rejects.toThrow(InputError);
    await expect(adopt(options)).rejects.toThrow(message);
  });

  it("another region than the config's", async () => {
    writeFileSync(config, "region: us-east-1\n");
    await expect(adopt({ region: REGION })).rejects.toThrow(`expected the region of ${config}, us-east-1`);
  });

  it("a config with mistakes of its own, and leaves it as it is", async () => {
    writeFileSync(config, "region: ap-northeast-2\ntimezon: Asia/Seoul\n");
    await expect(adopt({ write: true })).rejects.toThrow(ConfigError);
    expect(readFileSync(config, "utf8")).toBe("region: ap-northeast-2\ntimezon: Asia/Seoul\n");
  });

  it("an account that has nothing of the kind, in one line", async () => {
    const nothing = adopt({}, { functions: [functionNamed("Report")], roles: [] });
    await expect(nothing).rejects.toThrow(AwsError);
    await expect(nothing).rejects.toThrow(
      /^Nothing to adopt in ap-northeast-2: no Lambda function that may start or stop instances, and no schedule that does$/,
    );
  });
});
