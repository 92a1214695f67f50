import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeFound } from "../../support/describe-found";
import { REGION } from "../../support/moto/aws";
import { PROJECT } from "../../support/moto/paths";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import type { Tools } from "../../support/moto/tools";
import { comparable } from "../../support/terraform/attributes";
import { plannedResources } from "../../support/terraform/planned-resources";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

/** The oldest Terraform that the module names, built or fetched beside the judges: any patch of it. */
const OLDEST = {
  program: join(PROJECT, ".venv/judges/bin/terraform"),
  version: /required_version = ">= (\d+\.\d+)\./.exec(
    readFileSync(join(PROJECT, "module/versions.tf"), "utf8"),
  )?.[1],
};

const EXAMPLES = ["office-hours", "alerts", "config-file", "complete"];

describeFound(
  `the module under Terraform ${OLDEST.version}`,
  { missing: missingProgram(OLDEST.program, `Terraform v${OLDEST.version}.`), installedByCi: false },
  () => itPlansTheSame(OLDEST.program, async () => ({})),
);

describeFound(
  "the module under OpenTofu",
  { missing: missingProgram("tofu", "OpenTofu v"), installedByCi: false },
  () => {
    itPlansTheSame("tofu", providersForTofu);

    describeEndToEnd("without AWS", {}, (tools) => {
      jest.setTimeout(600_000);
      it("passes its own tests", async () => {
        const environment = await providersForTofu(tools);
        const root = await makeTerraformRoot(tools, { at: ".", program: "tofu", environment });
        await root.init();
        const { code, output } = await root.run("test", "-no-color");
        expect(output).toMatch(/Success! \d\d+ passed, 0 failed\./);
        expect(code).toBe(0);
      });
    });
  },
);

describeEndToEnd("the module under Terraform on the PATH", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
  });
  afterAll(() => simulator?.stop());

  it("plans with values that are unknown before apply", async () => {
    const root = await makeTerraformRoot(tools, { at: "unknown", endpoint: simulator.endpoint });
    const stop = { action: "stop", expression: "rate(1 day)", targets: "dev" };
    await expectPlanOfUnknown(root, { ...stop, description: `Stops ${UNKNOWN_TEXT}` });
  });

  it("plans with values that are sensitive", async () => {
    await expectPlanOfSensitive(
      await makeTerraformRoot(tools, { at: "sensitive", endpoint: simulator.endpoint }),
    );
  });
});

const UNKNOWN_TEXT = "${terraform_data.later.output}";

/** Plans a call that gets what a resource of the same apply makes, wherever the README says that it may. */
async function expectPlanOfUnknown(root: TerraformRoot, schedule: object): Promise<void> {
  const call = {
    source: "../",
    targets: {
      dev: {
        instance_ids: [UNKNOWN_TEXT],
        tags: { Team: UNKNOWN_TEXT, Name: { like: `${UNKNOWN_TEXT}-*` } },
        exclude: { Keep: [UNKNOWN_TEXT, "true"] },
        checks: { command: `test -f ${UNKNOWN_TEXT}` },
      },
    },
    schedules: { nightly: schedule },
    functions: {
      vpc: { subnet_ids: [`subnet-${UNKNOWN_TEXT}`], security_group_ids: [`sg-${UNKNOWN_TEXT}`] },
      log_group_kms_key_arn: `arn:${UNKNOWN_TEXT}`,
    },
    alerts: { email: UNKNOWN_TEXT },
    kms_key_arns: [`arn:${UNKNOWN_TEXT}`],
    permissions_boundary_arn: `arn:${UNKNOWN_TEXT}`,
    tags: { Owner: UNKNOWN_TEXT },
  };
  const main = {
    resource: { terraform_data: { later: { input: "later" } } },
    module: { unknown: call },
  };
  await root.write(main);
  await root.init();
  const names = Object.keys(comparable(plannedResources(await root.plan())));
  expect(names.filter((name) => /^aws_(lambda_function|scheduler_schedule) /.test(name)).sort()).toEqual([
    "aws_lambda_function ec2-start-stop-StopEC2Instances",
    "aws_scheduler_schedule nightly ec2-start-stop",
  ]);
  expect(names.filter((name) => name.startsWith("aws_cloudwatch_metric_alarm"))).not.toEqual([]);
}

/** Plans calls that get what is sensitive, as each value of an SSM parameter is, beside arguments and within a file. */
async function expectPlanOfSensitive(root: TerraformRoot): Promise<void> {
  const secret = (text: string) => `\${sensitive("${text}")}`;
  const targets = { dev: { instance_ids: ["i-0123456789abcdef0"] } };
  const schedules = { office: { running: "MON-FRI 08:00-20:00", targets: "dev" } };
  const key = secret("arn:aws:kms:ap-northeast-2:123456789012:key/0a1b");
  const called = {
    email: {
      targets,
      schedules,
      alerts: { email: secret("ops@example.com") },
      functions: {
        vpc: {
          subnet_ids: [secret("subnet-0123456789abcdef0")],
          security_group_ids: [secret("sg-0123456789abcdef0")],
        },
        log_group_kms_key_arn: key,
      },
      kms_key_arns: [key],
    },
    topic: {
      targets,
      schedules,
      alerts: { sns_topic_arn: secret("arn:aws:sns:ap-northeast-2:123456789012:ops") },
      role_arn: secret("arn:aws:iam::123456789012:role/ops"),
    },
    file: {
      config: {
        trigger: "scheduler",
        targets: { dev: { instanceIds: ["i-0123456789abcdef0"] } },
        schedules,
        alerts: { email: secret("ops@example.com") },
      },
    },
  };
  const module = Object.fromEntries(
    Object.entries(called).map(([name, call]) => [name, { source: "../", ...call }]),
  );
  const main = { provider: { aws: { region: REGION } }, module };
  await root.write(main);
  await root.init();
  const { resource_changes } = (await root.plan()) as { resource_changes: readonly { address: string }[] };
  const addresses = resource_changes.map(({ address }) => address);
  for (const name of Object.keys(called)) {
    expect(addresses).toContain(`module.${name}.aws_scheduler_schedule.this["office-stop"]`);
    expect(addresses).toContain(`module.${name}.aws_cloudwatch_metric_alarm.this["missed-office-stop"]`);
  }
}

/** What is not here, if its first line of `version` does not begin so. */
function missingProgram(program: string, begin: string): string | undefined {
  const { stdout } = spawnSync(program, ["version"], { encoding: "utf8" });
  const found = stdout?.split("\n")[0] ?? "";
  return found.startsWith(begin) ? undefined : `${begin}* as ${program} (found ${found || "none"})`;
}

function itPlansTheSame(program: string, environmentOf: (tools: Tools) => Promise<NodeJS.ProcessEnv>): void {
  describeEndToEnd("with the provider that Terraform got", {}, (tools) => {
    jest.setTimeout(300_000);
    let simulator: Simulator;
    let environment: NodeJS.ProcessEnv;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      environment = await environmentOf(tools);
    });
    afterAll(() => simulator?.stop());

    const planned = async (root: TerraformRoot) => {
      await root.init();
      return comparable(plannedResources(await root.plan()));
    };

    it.each(EXAMPLES)("plans of the example %s what Terraform on the PATH plans", async (example) => {
      const options = { at: `examples/${example}`, endpoint: simulator.endpoint };
      const first = await planned(await makeTerraformRoot(tools, options));
      const second = await planned(await makeTerraformRoot(tools, { ...options, program, environment }));
      expect(second).toEqual(first);
    });

    it("plans with values that are unknown before apply", async () => {
      const options = { at: "unknown", endpoint: simulator.endpoint, program, environment };
      const stop = { action: "stop", expression: "rate(1 day)", targets: "dev" };
      await expectPlanOfUnknown(await makeTerraformRoot(tools, options), stop);
    });

    it("plans with values that are sensitive", async () => {
      const options = { at: "sensitive", endpoint: simulator.endpoint, program, environment };
      await expectPlanOfSensitive(await makeTerraformRoot(tools, options));
    });

    it("refuses what is wrong in the same words", async () => {
      const refused = async (root: TerraformRoot) => {
        const main = { module: { refused: { source: "../", targets: { dev: { tag: {} } }, schedules: {} } } };
        await root.write(main);
        await root.init();
        const { code, output } = await root.run("plan", "-input=false", "-no-color");
        expect(code).toBe(1);
        return output.match(/[\w.]+: expected[^.]+\./g)?.sort();
      };
      const options = { at: "refused", endpoint: simulator.endpoint };
      const first = await refused(await makeTerraformRoot(tools, options));
      expect(first?.length).toBeGreaterThan(2);
      expect(await refused(await makeTerraformRoot(tools, { ...options, program, environment }))).toEqual(
        first,
      );
    });
  });
}

/** The same provider, by the name of OpenTofu's registry, so that nothing is downloaded twice. */
async function providersForTofu({ folder, pluginCache }: Tools): Promise<NodeJS.ProcessEnv> {
  const mirror = await mkdtemp(join(folder, "tofu-mirror-"));
  const aws = join("hashicorp", "aws");
  await mkdir(join(mirror, "registry.opentofu.org", "hashicorp"), { recursive: true });
  await cp(join(pluginCache, "registry.terraform.io", aws), join(mirror, "registry.opentofu.org", aws), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const file = `${mirror}.tofurc`;
  const path = JSON.stringify(mirror);
  await writeFile(file, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
  return { TF_CLI_CONFIG_FILE: file, TF_PLUGIN_CACHE_DIR: "" };
}
