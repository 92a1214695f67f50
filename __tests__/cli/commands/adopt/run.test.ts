import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../cli/aws/call";
import { editConfig } from "../../../../cli/commands/adopt/config-edit";
import type { AdoptOptions } from "../../../../cli/commands/adopt/run";
import { runAdopt } from "../../../../cli/commands/adopt/run";
import { InputError } from "../../../../cli/context";
import { ConfigError, readConfig } from "../../../../config";
import {
  type FakeAccount,
  fakeAws,
  functionNamed,
  NOW,
  python,
  REGION,
  roleNamed,
  ruleFor,
  scheduleFor,
} from "../../../support/fake-aws";
import { FakeClock, fakeContext } from "../../../support/fake-context";

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

/** What `adopt` prints. */
async function adopt(options: AdoptOptions = {}, has: FakeAccount = STOPPER): Promise<string> {
  const context = fakeContext(new FakeClock(NOW), { env: { AWS_REGION: REGION } });
  const given = { ...(options.moduleAddress === undefined ? { config } : {}), ...options };
  await runAdopt(given, context, () => fakeAws(has));
  return context.written.join("");
}

describe("adopt", () => {
  it("writes a config that holds, and has nothing to add to it the next time", async () => {
    const text = await adopt({ write: true });
    expect(text).toContain(`Wrote ${config}. Next: ec2-start-stop synth,`);
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

  it("writes through a link, keeps the mode of the file, and leaves no other file", async () => {
    const target = join(folder, "shared.yaml");
    writeFileSync(target, `region: ${REGION}\n`);
    chmodSync(target, 0o600);
    symlinkSync(target, config);
    await adopt({ write: true });
    expect(lstatSync(config).isSymbolicLink()).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect((await readConfig(target)).adopt).toBeDefined();
    expect(readdirSync(folder).sort()).toEqual(["ec2-start-stop.yaml", "shared.yaml"]);
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

  it("inserts below what is there, and keeps the layout of every other line", async () => {
    const before = [
      "name: mine          # prefix",
      "adopt:",
      "    functions:",
      "        stop:",
      "            name: stopper   # old",
      "targets:",
      "  dev: { instanceIds: [i-00000001], regions: [us-east-1] }",
      "  # more: {}",
      "",
      "# backend: {}",
    ];
    const target = { instanceIds: ["i-00000002"] };
    const text = editConfig(before.join("\n"), {
      targets: { one: target, two: target },
      adopt: { functions: { stop: { name: "new", logGroup: true }, start: { name: "starter" } } },
    });
    expect(text.split("\n")).toEqual([
      ...before.slice(0, 5),
      "            logGroup: true",
      "        start: { name: starter }",
      ...before.slice(5, 7),
      "  one:",
      "    instanceIds: [ i-00000002 ]",
      "  two:",
      "    instanceIds: [ i-00000002 ]",
      ...before.slice(7),
    ]);
  });

  it.each([
    ["nothing in braces", "# mine\n{} # yet\n"],
    ["an empty value", "~ # mine\n"],
    ["keys in braces", `{ name: mine, region: ${REGION} } # mine\n`],
    ["indented keys", `  name: mine\n  region: ${REGION} # mine\n`],
    ["a mark of its end", `name: mine # mine\nregion: ${REGION}\n...\n`],
  ])("adds to a config of %s, and keeps its comments", async (_, before) => {
    writeFileSync(config, before);
    await adopt({ write: true });
    expect(readFileSync(config, "utf8")).toContain("# mine\n");
    const { name, adopt: adopted } = await readConfig(config);
    expect(name).toBe(before.includes("name") ? "mine" : undefined);
    expect(adopted?.schedules).toEqual({
      "StopEC2Instances-rule": { rule: "StopEC2Instances-rule", targetId: "Id1" },
    });
  });

  it.each([
    ["of a block that is there", "functions:\r\n  memoryMb: 512 # much\r\n"],
    ["of new blocks only", ""],
  ])("writes the line ends that the config has, and shows none as a change: %s", async (_, block) => {
    const before = `name: mine\r\n${block}region: ${REGION}\r\n`;
    writeFileSync(config, before);
    const lines = (await adopt()).split("\n");
    expect(lines).toContain("+ adopt:");
    expect(lines.filter((line) => /\r|\\u000d|^- (?:name|region)/.test(line))).toEqual([]);
    await adopt({ write: true });
    const after = readFileSync(config, "utf8");
    expect(after).toContain("\r\nadopt:\r\n");
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
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
      config: { file: config, written: false, additions: { adopt: { role: { name: "Role" } } } },
    });
    expect(answer.removal).toHaveLength(2);
  });

  it("writes what the config may not say, with the way out, rather than nothing", async () => {
    const found: FakeAccount = {
      ...STOPPER,
      functions: [functionNamed("StopEC2Instances"), functionNamed("StartEC2Instances")],
      code: { StopEC2Instances: python("stop", [ID]), StartEC2Instances: python("start", [ID]) },
      rules: [ruleFor("StopEC2Instances", { name: "off" }), ruleFor("StartEC2Instances", { name: "on" })],
    };
    const text = await adopt({ write: true }, found);
    expect(text).toContain("in the same minute");
    expect(text).toContain("write another time for one of them");
    await expect(readConfig(config)).rejects.toThrow("in the same minute");
    const written = readFileSync(config, "utf8");
    writeFileSync(config, written.replace("cron(0 20", "cron(30 20"));
    expect((await readConfig(config)).adopt?.schedules).toHaveProperty("off");
  });
});

describe("adopt for the module", () => {
  const module = (has: FakeAccount) => adopt({ moduleAddress: "module.office_hours" }, has);
  const terraform = (text: string) => text.slice(text.indexOf('module "'));

  it("prints its call and import blocks below what was found", async () => {
    const key = "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c";
    const logGroups = [
      { name: "/aws/lambda/StopEC2Instances", retentionDays: 14, kmsKeyArn: key, tagKeys: [] },
    ];
    const text = await module({ ...STOPPER, logGroups });
    expect(text.slice(0, text.indexOf('module "'))).toMatch(/^(?:#.*\n)+\n$/);
    expect(text).toContain("#   aws lambda remove-permission --function-name StopEC2Instances");
    expect(terraform(text)).toBe(`module "office_hours" {
  # source = ...
  trigger  = "event-rule"
  timezone = "Asia/Seoul"
  functions = {
    architecture = "x86_64"
  }

  targets = {
    instances = {
      instance_ids = ["${ID}"]
    }
  }

  schedules = {
    StopEC2Instances-rule = {
      action     = "stop"
      expression = "cron(0 11 ? * MON-FRI *)"
      targets    = "instances"
      timezone   = "UTC"
    }
  }

  adopt = {
    role = {
      name        = "Role"
      description = "Made by hand"
    }
    functions = {
      stop = {
        name                  = "StopEC2Instances"
        log_group_kms_key_arn = "${key}"
      }
    }
    schedules = {
      StopEC2Instances-rule = {
        rule      = "StopEC2Instances-rule"
        target_id = "Id1"
      }
    }
  }
}

import {
  to = module.office_hours.aws_iam_role.functions[0]
  id = "Role"
}

import {
  to = module.office_hours.aws_lambda_function.this["stop"]
  id = "StopEC2Instances"
}

import {
  to = module.office_hours.aws_cloudwatch_log_group.this["stop"]
  id = "/aws/lambda/StopEC2Instances"
}

import {
  to = module.office_hours.aws_cloudwatch_event_rule.this["StopEC2Instances-rule"]
  id = "StopEC2Instances-rule"
}

import {
  to = module.office_hours.aws_cloudwatch_event_target.this["StopEC2Instances-rule"]
  id = "StopEC2Instances-rule/Id1"
}
`);
  });

  it("names schedules by their group, and how late a stop may still come before the start that follows", async () => {
    const text = await module({
      ...STOPPER,
      functions: [functionNamed("StopEC2Instances"), functionNamed("StartEC2Instances")],
      code: { StopEC2Instances: python("stop", [ID]), StartEC2Instances: { unreadable: "gone" } },
      rules: [],
      schedules: [
        scheduleFor("StopEC2Instances", { name: "a.stop", enabled: false }),
        scheduleFor("StopEC2Instances", { name: "stop", input: ID }),
        scheduleFor("StartEC2Instances", {
          name: "start",
          expression: "cron(20 20 ? * MON-FRI *)",
          input: ID,
        }),
      ],
    });
    expect(terraform(text)).toContain(`    "a.stop" = {
      action         = "stop"
      expression     = "cron(0 20 ? * MON-FRI *)"
      targets        = "instances"
      enabled        = false
`);
    expect(terraform(text)).toMatch(/ {4}stop = \{\n(?: {6}.*\n)* {6}latest_minutes = 19\n/);
    expect(terraform(text)).toContain(`      "a.stop" = {
        group = "default"
        name  = "a.stop"
      }
`);
    expect(terraform(text)).toContain(`  to = module.office_hours.aws_scheduler_schedule.this["a.stop"]
  id = "default/a.stop"
`);
  });
});

describe("adopt refuses", () => {
  it.each([
    ["a region that is none", { region: "Seoul" }, "--region: expected an AWS region code"],
    ["a zone that is none", { timezone: "KST" }, "--timezone: expected UTC or an IANA zone"],
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

  it("a list in place of a config, and leaves it as it is", async () => {
    writeFileSync(config, "[]\n");
    await expect(adopt({ write: true })).rejects.toThrow("expected a config");
    expect(readFileSync(config, "utf8")).toBe("[]\n");
  });

  it("an account that has nothing of the kind, in one line", async () => {
    const nothing = adopt({}, { functions: [functionNamed("Report")], roles: [] });
    await expect(nothing).rejects.toThrow(AwsError);
    await expect(nothing).rejects.toThrow(
      /^Nothing to adopt in ap-northeast-2: no Lambda function that may start or stop instances, and no schedule that does$/,
    );
  });
});
