import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { strToU8, zipSync } from "fflate";
import { readDocument } from "../../support/documents";
import { type Aws, awsAt } from "../../support/moto/aws";
import { type Deployment, readDeployment, unpack } from "../../support/moto/deployment";
import { firingsIn } from "../../support/moto/firings";
import { type Fleet, makeFleet, readStates } from "../../support/moto/fleet";
import { mayInvoke } from "../../support/moto/invoke-permission";
import { unexpectedChanges } from "../../support/moto/plan-changes";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import { WEEK } from "../config";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

const PAGE = "docs/adopting.md";

/** The blocks of the page below a heading, by their top-level blocks. */
function blocksBelow(heading: string): string[] {
  const [, section = ""] = readDocument(PAGE).split(`\n${heading}\n`);
  const [own = ""] = section.split(/\n##+ /);
  const [, block = ""] = /^```hcl\n([\s\S]*?)^```$/m.exec(own) ?? [];
  return block.match(/^\w[^\n]*\{[^\n]*\n[\s\S]*?^\}$/gm) ?? [];
}

const FIRST = "### Two functions and two rules";

const IN_PLACE = "update";
/** A new one is there before the old one goes. */
const REPLACED = "create, delete";

const RULES = {
  "aws_iam_role.lambda": "no-op",
  "aws_iam_role_policy.lambda": REPLACED,
  "aws_cloudwatch_event_rule.start": IN_PLACE,
  "aws_cloudwatch_event_rule.stop": IN_PLACE,
  "aws_cloudwatch_event_target.start": IN_PLACE,
  "aws_cloudwatch_event_target.stop": IN_PLACE,
  "aws_lambda_permission.start": REPLACED,
  "aws_lambda_permission.stop": REPLACED,
};

const VARIANTS = [
  {
    name: "two functions with rules",
    handWritten: "two-functions",
    heading: FIRST,
    logGroups: ["/aws/lambda/start-ec2", "/aws/lambda/stop-ec2"],
    functions: { stop: "stop-ec2", start: "start-ec2" },
    fates: { ...RULES, "aws_lambda_function.start": IN_PLACE, "aws_lambda_function.stop": IN_PLACE },
  },
  {
    name: "one function with rules",
    handWritten: "one-function",
    heading: "### One function for both",
    logGroups: ["/aws/lambda/ec2-scheduler"],
    functions: { stop: "ec2-scheduler", start: "ec2-scheduler-start" },
    fates: { ...RULES, "aws_lambda_function.scheduler": IN_PLACE },
  },
  {
    name: "two functions with schedules and a managed policy",
    handWritten: "schedules",
    heading: "### Schedules of EventBridge Scheduler",
    logGroups: [],
    functions: { stop: "stop-ec2", start: "start-ec2" },
    fates: {
      "aws_iam_role.lambda": "no-op",
      "aws_iam_role_policy_attachment.lambda": "forget",
      "aws_lambda_function.start": IN_PLACE,
      "aws_lambda_function.stop": IN_PLACE,
      "aws_scheduler_schedule.start": IN_PLACE,
      "aws_scheduler_schedule.stop": IN_PLACE,
      // Of kept.tf.
      "aws_iam_policy.lambda": "no-op",
      "aws_iam_role.scheduler": "no-op",
      "aws_iam_role_policy.scheduler": "no-op",
    },
  },
];

interface Change {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly change: { readonly actions: readonly string[]; readonly importing?: { readonly id: string } };
}

const changesOf = (plan: unknown): readonly Change[] =>
  (plan as { readonly resource_changes: readonly Change[] }).resource_changes.filter(
    ({ mode }) => mode === "managed",
  );

for (const { name, handWritten, heading, logGroups, functions, fates } of VARIANTS) {
  describeEndToEnd(`moving ${name} into the module`, {}, (tools) => {
    jest.setTimeout(300_000);
    let simulator: Simulator;
    let aws: Aws;
    let fleet: Fleet;
    let root: TerraformRoot;
    let deployment: Deployment;
    let own: readonly string[];
    let bundle: string;

    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      aws = awsAt(simulator.endpoint);
      fleet = await makeFleet(aws);
      root = await makeTerraformRoot(tools, {
        at: "own",
        endpoint: simulator.endpoint,
        variables: { instance_ids: fleet.byId },
      });
      await cp(join(__dirname, "hand-written", handWritten), root.folder, { recursive: true });
      const code = "def lambda_handler(event, context):\n    return event\n";
      await writeFile(
        join(root.folder, "lambda_function.zip"),
        zipSync({ "lambda_function.py": strToU8(code) }),
      );
      bundle = join(root.folder, "bundle");
      await unpack(join(root.module, "lambda.zip"), bundle);
      await root.init();
      await root.apply();
      own = await root.resources();
      // Lambda makes these when a function runs.
      for (const logGroupName of logGroups) await aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
    });
    afterAll(async () => {
      await deployment?.close();
      await simulator?.stop();
    });

    /** What the page says for this configuration: its own blocks, and the first ones for what else it has. */
    function takeover(): string {
      const others = heading === FIRST ? [] : blocksBelow(FIRST).filter((block) => /^moved /.test(block));
      const has = (block: string) => own.includes(/from = (\S+)/.exec(block)?.[1] ?? "");
      const [call = "", ...rest] = [...blocksBelow(heading), ...others.filter(has)];
      return [
        call
          .replace('source = "..."', 'source = "../"')
          .replace('["i-0123456789abcdef0"]', JSON.stringify(fleet.byId).replaceAll(",", ", ")),
        ...rest,
        "",
      ].join("\n\n");
    }

    it("is Terraform as Terraform would format it", async () => {
      await writeFile(join(root.folder, "main.tf"), takeover());
      expect((await root.run("fmt", "-check", "-diff", join(root.folder, "main.tf"))).output).toBe("");
    });

    it("plans what the page says of each resource, and creates or imports the others", async () => {
      await root.init();
      const changes = changesOf(await root.plan());
      const before = ({ address, previous_address: previous }: Change) => previous ?? address;
      const had = changes.filter((each) => own.includes(before(each)));
      expect(Object.fromEntries(had.map((each) => [before(each), each.change.actions.join(", ")]))).toEqual(
        fates,
      );
      const others = changes.filter((each) => !had.includes(each));
      expect(others.flatMap(({ change }) => change.importing?.id ?? []).sort()).toEqual(logGroups);
      expect(others.filter(({ change }) => !change.importing && change.actions.join() !== "create")).toEqual(
        [],
      );
    });

    it("is applied, and has nothing left to change in a second plan", async () => {
      await root.apply();
      expect(unexpectedChanges(await root.plan())).toEqual([]);
    });

    const expectWork = async () => {
      deployment = await readDeployment(aws, bundle);
      const { stop, start, triggers } = deployment;
      expect({ stop: stop.deployed.name, start: start.deployed.name }).toEqual(functions);
      expect(triggers.map((trigger) => trigger.name).sort()).toEqual(["start-ec2", "stop-ec2"]);
      for (const trigger of triggers) {
        expect({ trigger: trigger.name, mayInvoke: await mayInvoke(aws, trigger) }).toEqual({
          trigger: trigger.name,
          mayInvoke: true,
        });
      }
      for (const [runner, wanted] of [
        [stop, "stopped"],
        [start, "running"],
      ] as const) {
        const [firing] = firingsIn(runner.triggers, WEEK);
        if (firing === undefined) throw new Error(`Expected a firing of ${runner.deployed.name}, found none`);
        const { error } = await runner.invoke(firing.trigger.eventAt(firing.at), firing.at);
        expect(error).toBeUndefined();
        const states = await readStates(aws);
        for (const id of fleet.byId) expect(`${id} ${states[id]}`).toBe(`${id} ${wanted}`);
        for (const id of fleet.unwanted) expect(`${id} ${states[id]}`).toBe(`${id} running`);
      }
      await deployment.close();
    };

    it("stops and starts the instances by what fired before, under the names of before", expectWork);

    if (handWritten === "schedules") {
      it("misses nothing of what was kept for one apply", async () => {
        await rm(join(root.folder, "kept.tf"), { force: true });
        await root.plan();
        await root.apply();
        expect(unexpectedChanges(await root.plan())).toEqual([]);
        expect((await root.resources()).filter((address) => !address.startsWith("module."))).toEqual([]);
      });
    }

    if (handWritten !== "one-function") {
      it("is forgotten by the page's block for leaving, and goes on without Terraform", async () => {
        await writeFile(
          join(root.folder, "main.tf"),
          `${blocksBelow("## Leaving the module").join("\n\n")}\n`,
        );
        expect((await root.run("fmt", "-check", "-diff", join(root.folder, "main.tf"))).output).toBe("");
        const actions = changesOf(await root.plan()).map(({ change }) => change.actions.join());
        expect(actions.length).toBeGreaterThan(10);
        expect(new Set(actions)).toEqual(new Set(["forget"]));
        await root.apply();
        expect(await root.resources()).toEqual([]);
        await expectWork();
      });
    }
  });
}
