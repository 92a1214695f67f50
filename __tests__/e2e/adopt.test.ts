import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { awsAt, REGION } from "../support/moto/aws";
import { tryCommand } from "../support/moto/command";
import { makeFleet } from "../support/moto/fleet";
import { log } from "../support/moto/log";
import { PROJECT } from "../support/moto/paths";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { makeStack, type Stack } from "../support/moto/stack";
import { describeEndToEnd } from "../support/moto/suite";
import { expectImports, expectTakeover, itTakesOver } from "./adopted";
import { type Account, openAccount } from "./adopting";
import {
  EVENT_DRIVEN,
  makeEventDriven,
  makeRules,
  makeSchedules,
  RULE_IMPORTS,
  RULES_ONLY_IMPORTS,
  SCHEDULE_IMPORTS,
} from "./hand-made";

const CONFIG = (ids: readonly string[]) => `# Office hours of the development machines.
region: ${REGION}   # Seoul
timezone: Asia/Seoul
code: zip
targets:
  dev: { instanceIds: [${ids.join(", ")}] }   # five of them
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(30 20 ? * MON-FRI *)" } # half an hour later than so far
  dev-start: { action: start, targets: dev, expression: "cron(0 8 ? * MON-FRI *)" }
`;

describeEndToEnd("adopting two rules into a config that is written already", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let account: Account;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    const stack = await makeStack(tools, simulator.endpoint, {});
    account = await openAccount(stack, awsAt(simulator.endpoint), makeRules);
    await writeFile(account.stack.configFile, CONFIG(account.fleet.byId));
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  it("shows what it would write, and writes nothing", async () => {
    const { code, stdout } = await account.adopt();
    log(stdout);
    expect(code).toBe(0);
    expect(await readFile(account.stack.configFile, "utf8")).toBe(CONFIG(account.fleet.byId));
    expect(stdout).toContain("NightlyStop");
  });

  it("writes what is adopted below what is there", async () => {
    const { code, output } = await account.adopt("--write");
    expect({ code, output }).toMatchObject({ code: 0 });
    const text = await readFile(account.stack.configFile, "utf8");
    expect(text.startsWith(CONFIG(account.fleet.byId))).toBe(true);
    log(text);
  });

  it("plans imports and changes in place only", async () => {
    await account.stack.init();
    expectTakeover(await account.stack.plan(), RULE_IMPORTS);
  });

  itWorksAfterwards(() => account);
});

describeEndToEnd("adopting two schedules of the default group without a config", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let account: Account;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    const stack = await makeStack(tools, simulator.endpoint, {});
    await rm(stack.configFile);
    account = await openAccount(stack, awsAt(simulator.endpoint), makeSchedules);
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  it("writes a config with the instances that the functions' code names", async () => {
    const { code, output } = await account.adopt("--region", REGION, "--write");
    log(output);
    expect({ code, output }).toMatchObject({ code: 0 });
    const text = await readFile(account.stack.configFile, "utf8");
    log(text);
    expect(text).toContain(`instanceIds: [ ${account.fleet.byId.join(", ")} ]`);
    await writeFile(account.stack.configFile, `code: zip\n${text}`);
  });

  it("plans imports and changes in place only", async () => {
    await account.stack.init();
    expectTakeover(await account.stack.plan(), SCHEDULE_IMPORTS);
  });

  itWorksAfterwards(() => account);
});

describeEndToEnd("adopting the rules of one function that they tell what to do", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let stack: Stack;
  let ids: readonly string[];
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    stack = await makeStack(tools, simulator.endpoint, {});
    await rm(stack.configFile);
    const aws = awsAt(simulator.endpoint);
    ids = (await makeFleet(aws)).byId;
    await makeEventDriven(aws, ids);
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  const adopt = () =>
    tryCommand(
      process.execPath,
      [join(PROJECT, "dist/cli.js"), "adopt", "--config", stack.configFile, "--region", REGION, "--write"],
      { cwd: stack.folder, env: stack.environment },
    );

  it("writes a config with the instances that the inputs name", async () => {
    const { code, output } = await adopt();
    log(output);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(`aws lambda delete-function --function-name ${EVENT_DRIVEN}`);
    const text = await readFile(stack.configFile, "utf8");
    expect(text).toContain(`instanceIds: [ ${ids.join(", ")} ]`);
    await writeFile(stack.configFile, `code: zip\n${text}`);
  });

  it("plans imports of the rules, which call two new functions, and destroys nothing", async () => {
    await stack.init();
    expectImports(await stack.plan(), RULES_ONLY_IMPORTS);
    await stack.apply();
    expect(unexpectedChanges(await stack.plan())).toEqual([]);
  });

  it("finds the one function obsolete afterwards", async () => {
    const { code, output } = await adopt();
    log(output);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain("says all this already");
    expect(output).toMatch(new RegExp(`${EVENT_DRIVEN} +function +obsolete`));
    expect(output).toContain(`aws lambda delete-function --function-name ${EVENT_DRIVEN}`);
  });
});

function itWorksAfterwards(current: () => Account): void {
  itTakesOver(() => {
    const account = current();
    const { folder, apply, plan, archive } = account.stack;
    return { account, folder, apply, plan, zip: archive };
  });

  it("finds nothing more to adopt, and still tells what to remove", async () => {
    const { adopt, stack } = current();
    const before = await readFile(stack.configFile, "utf8");
    const { code, output } = await adopt("--write");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain("says all this already");
    expect(await readFile(stack.configFile, "utf8")).toBe(before);
  });
}
