import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it, jest } from "@jest/globals";
import { describeEndToEnd } from "../../support/moto/suite";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

const ID = "i-0123456789abcdef0";
const soundBut = (wrong: object) => ({
  action: "stop",
  schedule_expression: "rate(1 day)",
  instance_ids: [ID],
  ...wrong,
});

describeEndToEnd("what the module says of wrong arguments", {}, (tools) => {
  jest.setTimeout(60_000);
  let root: TerraformRoot;
  beforeAll(async () => {
    root = await makeTerraformRoot(tools, { at: "variables" });
    await copyFile(join(root.module, "variables.tf"), join(root.folder, "variables.tf"));
  });

  it("names each wrong schedule, what was expected and what was got, all in one run", async () => {
    const schedules = {
      "two words": soundBut({}),
      action: soundBut({ action: "terminate" }),
      "checks-command": soundBut({ action: "start", checks: { command: " \n" } }),
      "checks-many": soundBut({
        action: "start",
        checks: { tcp: Array.from({ length: 21 }, (_, port) => port + 1) },
      }),
      "checks-none": soundBut({ action: "start", checks: {} }),
      "checks-port": soundBut({ action: "start", checks: { tcp: [22, 65536] } }),
      "checks-stop": soundBut({ checks: { tcp: [22] } }),
      "checks-twice": soundBut({ action: "start", checks: { tcp: [22, 22] } }),
      "checks-unit": soundBut({ action: "start", checks: { systemd: ["nginx", "--now"] } }),
      dates: soundBut({ holidays: ["2027-01-01", "2027-02-30"] }),
      ids: soundBut({ instance_ids: [ID, "i-0123"] }),
      late: soundBut({ latest_minutes: 1441 }),
      nothing: soundBut({ instance_ids: [] }),
      places: soundBut({ instance_ids: [], tags: { a: ["b"] }, regions: ["Seoul"] }),
      spread: soundBut({ regions: ["us-east-1", "us-west-2"] }),
      tags: soundBut({ tags: { "": ["x"], Env: ["dev", "dev"], env: ["개발"] } }),
      text: soundBut({ description: "x".repeat(513) }),
      twice: soundBut({ instance_ids: [ID, ID] }),
      "warn-expression": soundBut({ warn_expression: "rate(1 day)" }),
      "warn-minutes": soundBut({ warn_minutes: 1441 }),
      "warn-start": soundBut({ action: "start", warn_minutes: 30 }),
      zone: soundBut({ timezone: "KST" }),
    };
    expect(await refusals(root, { schedules })).toEqual(
      [
        'schedules["two words"]: expected a name of 1 to 64 letters, digits, ., - and _, got 9 characters.',
        'schedules["action"].action: expected stop or start, got "terminate".',
        'schedules["checks-command"].checks.command: expected a shell command of at most 1,024 characters, none of them control characters, got " \\n" of 2.',
        'schedules["checks-many"].checks: expected 1 to 20 units, ports and commands, got 21.',
        'schedules["checks-none"].checks: expected 1 to 20 units, ports and commands, got 0.',
        'schedules["checks-port"].checks.tcp[1]: expected a TCP port from 1 to 65535, got 65536.',
        'schedules["checks-stop"].checks: expected none with action stop, since it is a start that they follow, got {"command":null,"systemd":[],"tcp":[22]}.',
        'schedules["checks-twice"].checks: expected each unit and port once, got 22, 22.',
        'schedules["checks-unit"].checks.systemd[1]: expected the name of a systemd unit, such as nginx, got "--now".',
        'schedules["dates"].holidays[1]: expected a date that exists, as yyyy-mm-dd, got "2027-02-30".',
        'schedules["ids"].instance_ids[1]: expected an instance id (`i-` and 17 or 8 hexadecimal digits), got "i-0123".',
        'schedules["late"].latest_minutes: expected a whole number of minutes from 2 to 1440, got 1441.',
        'schedules["nothing"]: expected instance_ids, tags or both, got neither.',
        'schedules["places"].regions[0]: expected an AWS region code such as ap-northeast-2, got "Seoul".',
        'schedules["spread"].regions: expected each region once, and only one with instance_ids (an id lives in one region), got us-east-1, us-west-2.',
        'schedules["tags"].tags: expected tag keys of 1 to 128 characters, without control characters and $ before {, got "".',
        'schedules["tags"].tags: expected keys that differ by more than upper and lower case, got , Env, env.',
        'schedules["tags"].tags: expected one or more different values of at most 256 characters for each key, got ["dev","dev"].',
        'schedules["tags"].tags: expected characters up to U+00FF, since IAM policies take no others (use another tag, or instance_ids), got env = ["개발"].',
        'schedules["text"].description: expected at most 512 characters, got 513.',
        `schedules["twice"].instance_ids: expected each instance id once, got ["${ID}","${ID}"].`,
        'schedules["warn-expression"].warn_expression: expected none without warn_minutes, which the message names, got "rate(1 day)".',
        'schedules["warn-minutes"].warn_minutes: expected a whole number of minutes from 1 to 1440, got 1441.',
        'schedules["warn-start"].warn_minutes: expected none with action start, since only stops are warned of, got 30.',
        'schedules["zone"].timezone: expected UTC or an IANA zone (Area/City), such as Asia/Seoul, got "KST".',
      ].sort(),
    );
  });

  it("names each thing that cannot be adopted", async () => {
    const twice = { rule_name: "Nightly", target_id: "Id1" };
    const adopt = {
      role: { name: "arn:aws:iam::123456789012:role/r", path: "service-role", keep_policy_arns: ["Logs"] },
      rules: { off: twice, on: twice, wrong: { rule_name: "Nightly Stop", target_id: "Id2" } },
      schedules: {
        off: { schedule_name: "Nightly" },
        on: { group_name: "default", schedule_name: "Nightly" },
        wrong: { group_name: "a/b", schedule_name: "c" },
      },
      log_group_kms_key_arns: { stop: "alias/logs" },
    };
    expect(await refusals(root, { schedules: { dev: soundBut({}) }, adopt })).toEqual(
      [
        'adopt.role.name: expected the name of an IAM role, without its path, got "arn:aws:iam::123456789012:role/r".',
        'adopt.role.path: expected a path such as `/service-role/`, got "service-role".',
        'adopt.role.keep_policy_arns: expected ARNs of IAM policies, got ["Logs"].',
        'adopt.rules["wrong"].rule_name: expected 1 to 64 letters, digits, ., - and _, got "Nightly Stop".',
        "adopt.rules: expected each rule once, got Nightly, Nightly, Nightly Stop.",
        'adopt.schedules["wrong"].group_name: expected 1 to 64 letters, digits, ., - and _, got "a/b".',
        "adopt.schedules: expected each schedule once, got default/Nightly, default/Nightly, a/b/c.",
        'adopt.log_group_kms_key_arns: expected ARNs of KMS keys, by stop or start, got {"stop":"alias/logs"}.',
      ].sort(),
    );
  });

  it("says the same of every other argument", async () => {
    const values = {
      name: "has space",
      schedules: {},
      trigger: "cron",
      stop_function_name: "stop it",
      start_function_name: "start it",
      timeout_seconds: 901,
      memory_mb: 64,
      log_retention_days: 31,
      runtime: "python3.9",
      architecture: "arm",
      max_instances: 0,
      hold_tag: `aws:${"x".repeat(128)}`,
      kms_key_arns: ["arn:aws:kms:us-east-1:123456789012:alias/volumes"],
      permissions_boundary: "boundary",
      role_arn: "functions",
      scheduler_role_arn: "scheduler",
      alerts: { sns_topic_arn: "alarms", email: "ops" },
      tags: { "aws:stack": "x" },
    };
    const messages = await refusals(root, values);
    expect(messages).toContain("schedules: expected at least one schedule, got none.");
    expect(messages).toContainEqual(
      expect.stringMatching(/^hold_tag: expected a tag key of 1 to 128 characters/),
    );
    expect(messages).toContainEqual(
      expect.stringMatching(/^hold_tag: .* not begin with `aws:`, which AWS reserves/),
    );
    for (const message of messages) expect(message).toMatch(/^[a-z_.]+: expected .+, got [\s\S]+\.$/);
    const named = messages.map((message) => message.replace(/[.:].*/s, ""));
    expect([...new Set(named)].sort()).toEqual(Object.keys(values).sort());
  });
});

/** The messages of a plan that must fail, sorted, each schedule's on its own. */
async function refusals(root: TerraformRoot, values: object): Promise<string[]> {
  await writeFile(join(root.folder, "terraform.tfvars.json"), JSON.stringify(values));
  const { code, stdout } = await root.run("plan", "-input=false", "-json");
  expect(code).toBe(1);
  const details = stdout
    .split("\n")
    .filter((line) => line.includes('"@level":"error"'))
    .map((line) => JSON.parse(line).diagnostic.detail as string);
  const messages = details.map((detail) => detail.replace(/\n\nThis was checked by [\s\S]*$/, ""));
  return messages.flatMap((message) => message.split("\n")).sort();
}
