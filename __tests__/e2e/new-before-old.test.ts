import { CreateLogGroupCommand, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type Action, EC2_CALLS } from "../../contract/actions";
import { allCommands } from "../support/documents";
import { type Aws, awsAt } from "../support/moto/aws";
import { readTriggers } from "../support/moto/deployed-trigger";
import { mayInvoke } from "../support/moto/invoke-permission";
import { leftovers } from "../support/moto/leftovers";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { inlinePolicies } from "../support/moto/role-policy";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { describeEndToEnd } from "../support/moto/suite";
import { FACES, type Face, type FaceSettings, type Trigger } from "./faces";

/** Each kind of deployment and each trigger once; all changes are tried on the rules, whose permissions may clash. */
const DEPLOYMENTS: readonly (readonly [keyof typeof FACES, Trigger, boolean])[] = [
  ["of the constructs", "scheduler", false],
  ["of the module", "event-rule", true],
];
const EMAIL = { email: "on-call@example.com" };

/** The documented command that keeps a queue. */
const FORGET_QUEUE =
  allCommands("docs/operating.md").find((command) => command.startsWith("terraform state rm")) ?? "false";

/** Each change on top of those before it, so that one deployment has them all. */
const CHANGES: readonly (readonly [string, Omit<FaceSettings, "trigger">])[] = [
  ["name", { ...EMAIL, name: "new" }],
  [
    "name of a function and path of the roles",
    { ...EMAIL, name: "new", stopName: "stopper", rolePath: "/teams/ops/" },
  ],
  // The permissions are for the same functions then.
  [
    "name beside functions with names of their own",
    { ...EMAIL, name: "newer", stopName: "stopper", rolePath: "/teams/ops/" },
  ],
];

describeEndToEnd("a deployment", {}, (tools) => {
  jest.setTimeout(600_000);

  describe.each(DEPLOYMENTS)("%s with trigger %s", (kind, trigger, isWhole) => {
    let simulator: Simulator;
    let aws: Aws;
    let face: Face;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      aws = awsAt(simulator.endpoint);
      face = await FACES[kind](tools, simulator.endpoint);
      await face.write({ trigger, ...EMAIL, name: "old" });
      await face.succeed("terraform init");
      await face.succeed("terraform apply");
    });
    afterAll(() => simulator?.stop());

    it("starts and stops on when what a function needs is refused, and is replaced once it is not", async () => {
      const taken = { logGroupName: "/aws/lambda/first-StopEC2Instances" };
      expect(await workingActions(aws)).toEqual(["start", "stop"]);
      await face.write({ trigger, ...EMAIL, name: "first" });
      await aws.logs.send(new CreateLogGroupCommand(taken));
      expect((await face.run("terraform apply")).output).toContain("ResourceAlreadyExistsException");
      expect(await workingActions(aws)).toEqual(["start", "stop"]);

      await aws.logs.send(new DeleteLogGroupCommand(taken));
      await face.succeed("terraform apply");
      expect(await workingActions(aws)).toEqual(["start", "stop"]);
      expect((await leftovers(aws)).filter((each) => /\bold\b/.test(each))).toEqual([]);
    });

    if (!isWhole) return;

    it.each(CHANGES)("with another %s is created before the old one is destroyed", async (_, changes) => {
      await face.write({ trigger, ...changes });
      await face.succeed("terraform plan -out=changes");
      const { replaced, order } = replacements(
        JSON.parse((await face.succeed("terraform show -json changes")).stdout),
      );
      expect(replaced.length).toBeGreaterThan(0);
      expect(order).toEqual(["create,delete"]);

      const { stdout } = await face.succeed("terraform apply -json changes");
      expect(destroyedEarly(stdout)).toEqual([]);
      expect(await workingActions(aws)).toEqual(["start", "stop"]);
      await face.succeed("terraform plan -out=next");
      const next = JSON.parse((await face.succeed("terraform show -json next")).stdout);
      expect(unexpectedChanges(next)).toEqual([]);
    });

    it("of other names leaves the log groups and the queue of the old one, where asked", async () => {
      const last = CHANGES.at(-1)?.[1];
      await face.write({ trigger, ...last, keepLogGroups: true });
      await face.succeed("terraform apply");
      await face.succeed(FORGET_QUEUE);
      await face.write({ trigger, ...last, name: "newest", keepLogGroups: true });
      await face.succeed("terraform apply");
      expect((await leftovers(aws)).filter((each) => each.includes("newer-"))).toEqual([
        "log group /aws/lambda/newer-StartEC2Instances",
        expect.stringMatching(/^queue .*\/newer-dlq$/),
      ]);
    });
  });
});

/** The actions for which some trigger may invoke a function whose role may take it. */
async function workingActions(aws: Aws): Promise<Action[]> {
  const working = new Set<Action>();
  for (const trigger of await readTriggers(aws)) {
    const found = await aws.lambda
      .send(new GetFunctionConfigurationCommand({ FunctionName: trigger.functionArn }))
      .catch(() => undefined);
    const action = found?.Environment?.Variables?.["ACTION"] as Action | undefined;
    if (action === undefined || !(await mayInvoke(aws, trigger))) continue;
    const policies = [...(await inlinePolicies(aws, found?.Role ?? "")).values()];
    if (policies.some((policy) => policy.includes(`"ec2:${EC2_CALLS[action]}"`))) working.add(action);
  }
  return [...working].sort();
}

interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** What a plan replaces, and in which orders. */
function replacements({ resource_changes }: Plan) {
  const replaced = resource_changes.filter(({ change }) => change.actions.length === 2);
  const orders = new Set(
    resource_changes
      .map(({ change }) => change.actions.join())
      .filter((actions) => actions.includes("delete")),
  );
  return { replaced, order: [...orders] };
}

interface Progress {
  readonly type: string;
  readonly hook?: { readonly action: string; readonly resource: { readonly addr: string } };
}

/** Addresses of which something was destroyed before what replaces it was there, by the log of an apply. */
function destroyedEarly(log: string): string[] {
  const lines = log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Progress => JSON.parse(line));
  const at = (type: string, action: string, address: string) =>
    lines.findIndex(
      (line) => line.type === type && line.hook?.action === action && line.hook.resource.addr === address,
    );
  const destroyed = lines.flatMap(({ type, hook }) =>
    type === "apply_start" && hook?.action === "delete" ? [hook.resource.addr] : [],
  );
  if (destroyed.length === 0) throw new Error("Expected an apply that destroys something");
  return destroyed.filter((address) => {
    const created = at("apply_complete", "create", address);
    return created === -1 || created > at("apply_start", "delete", address);
  });
}
