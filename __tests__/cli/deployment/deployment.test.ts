import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { checkTargetName, findSchedules, readDeployment } from "../../../cli/deployment/deployment";

const NOW = new Date("2026-11-23T00:00:00Z");
let folder: string;
let config: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deployment-"));
  config = join(folder, "c.yaml");
  writeFileSync(
    config,
    `name: dev
region: ap-northeast-2
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 11 ? * MON-FRI *)" }
  office: { running: "SUN 08:00-20:00", targets: dev }
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (options = {}) => readDeployment({ config, ...options }, { env: {} }, NOW);

describe("what a config says is deployed", () => {
  it("has its functions, its schedules as deployed, and where to ask", async () => {
    const { names, plan, actions, aws } = await read({ profile: "work" });
    expect(names.functions).toEqual({ stop: "dev-StopEC2Instances", start: "dev-StartEC2Instances" });
    expect(plan.map(({ name }) => name)).toEqual(["dev-stop", "office-start", "office-stop"]);
    expect(actions).toEqual(["stop", "start"]);
    expect(aws).toEqual({ region: "ap-northeast-2", profile: "work" });
  });

  it("is asked with the profile of Terraform's provider, unless another is named", async () => {
    const own = join(folder, "profile.yaml");
    writeFileSync(own, `${readFileSync(config, "utf8")}provider: { profile: ops }\n`);
    expect((await read({ config: own })).aws.profile).toBe("ops");
    expect((await read({ config: own, profile: "work" })).aws.profile).toBe("work");
    expect((await read()).aws.profile).toBeUndefined();
  });

  it("comes from the environment's config file where none is named", async () => {
    const { file } = await readDeployment({}, { env: { EC2_START_STOP_CONFIG: config } }, NOW);
    expect(file).toBe(config);
  });

  it("gives both schedules of a window by its key, and one by its own name", async () => {
    const deployment = await read();
    const named = (name: string) => findSchedules(deployment, name).map((planned) => planned.name);
    expect(named("office")).toEqual(["office-start", "office-stop"]);
    expect(named("office-stop")).toEqual(["office-stop"]);
  });

  it("refuses what it does not have, with what was probably meant", async () => {
    const deployment = await read();
    expect(() => findSchedules(deployment, "dev-stpo")).toThrow(
      `Expected a schedule of ${config}, got "dev-stpo" (did you mean dev-stop?)`,
    );
    expect(() => findSchedules(deployment, "production")).toThrow(
      "(it has dev-stop, office-start, office, office-stop)",
    );
    expect(() => checkTargetName(deployment, "deb")).toThrow(`got "deb" (did you mean dev?)`);
    expect(checkTargetName(deployment, "dev")).toBeUndefined();
  });

  it("refuses another region than the config's", async () => {
    await expect(read({ region: "us-east-1" })).rejects.toThrow(
      `--region: expected the region of ${config}, ap-northeast-2, got "us-east-1"`,
    );
  });
});
