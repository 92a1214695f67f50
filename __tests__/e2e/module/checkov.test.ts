import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { CHECKOV_MISSING, type Judgement, judge, unaccepted } from "../../support/checkov";
import { describeFound } from "../../support/describe-found";
import { REGION } from "../../support/moto/aws";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import { makeTerraformRoot } from "./terraform-root";

const call = (timezone: string) => ({
  timezone,
  targets: {
    dev: {
      instance_ids: ["i-0123456789abcdef0"],
      tags: { Environment: ["dev"] },
      checks: { systemd: ["nginx"] },
    },
  },
  schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
});

/** The module with each trigger, with alerts and without, its starts followed by checks. */
const CALLS = {
  scheduler: { ...call("Asia/Seoul"), alerts: { email: "on-call@example.com" } },
  rules: { ...call("UTC"), trigger: "event-rule" },
};

// Judged by its plan, which holds the policies as AWS gets them.
describeFound("checkov, judging what the module plans", { missing: CHECKOV_MISSING }, () => {
  describeEndToEnd("with each trigger", {}, (tools) => {
    jest.setTimeout(300_000);
    let simulator: Simulator;
    let judgement: Judgement;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      const root = await makeTerraformRoot(tools, { at: "root", endpoint: simulator.endpoint });
      const calls = Object.entries(CALLS).map(([name, inputs]) => [name, { source: "../", name, ...inputs }]);
      const main = { provider: { aws: { region: REGION } }, module: Object.fromEntries(calls) };
      await root.write(main);
      await root.init();
      const plan = join(root.folder, "plan.json");
      await writeFile(plan, JSON.stringify(await root.plan()));
      judgement = await judge("terraform_plan", ["-f", plan]);
    });
    afterAll(() => simulator?.stop());

    it("finds nothing that is not accepted with a reason", () => {
      expect(unaccepted(judgement)).toEqual([]);
      expect(judgement.passed).toBeGreaterThan(50);
    });
  });
});
