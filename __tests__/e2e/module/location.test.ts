import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { OTHER_REGION, REGION } from "../../support/moto/aws";
import { unexpectedChanges } from "../../support/moto/plan-changes";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

describeEndToEnd("a module call that depends on something else", {}, (tools) => {
  jest.setTimeout(300_000);

  describe.each(["event-rule", "scheduler"])("with trigger %s", (trigger) => {
    let simulator: Simulator;
    let root: TerraformRoot;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      root = await makeTerraformRoot(tools, { at: "root", endpoint: simulator.endpoint });
      await writeRoot(1);
      await root.init();
      await root.apply();
    });
    afterAll(() => simulator?.stop());

    const writeRoot = (dependency: number, region = REGION) =>
      root.write({
        provider: { aws: { region } },
        resource: { terraform_data: { dependency: { input: dependency } } },
        module: { office_hours: { ...callWith(trigger), depends_on: ["terraform_data.dependency"] } },
      });

    it("replaces and updates nothing when that changes", async () => {
      await writeRoot(2);
      const changes = unexpectedChanges(await root.plan());
      expect(changes.filter((each) => each.startsWith("module."))).toEqual([]);
      expect(changes.filter((each) => each.startsWith("terraform_data.dependency."))).not.toEqual([]);
    });

    it("refuses another region, in which the old deployment would be forgotten", async () => {
      await writeRoot(1, OTHER_REGION);
      const { code, output } = await root.run("plan", "-input=false", "-no-color");
      expect(code).toBe(1);
      expect(output.replace(/\s*\n?│?\s+/g, " ")).toContain(
        "provider: expected the account and region that this module was applied in",
      );
    });
  });
});

const callWith = (trigger: string) => ({
  source: "../",
  name: "dev",
  trigger,
  follow_ups: true,
  alerts: { email: "on-call@example.com" },
  targets: { dev: { instance_ids: ["i-0123456789abcdef0"] } },
  schedules: Object.fromEntries(
    (["stop", "start"] as const).map((action) => [
      action,
      { action, expression: "rate(1 day)", targets: "dev" },
    ]),
  ),
});
