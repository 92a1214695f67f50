import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { DescribeRuleCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { App, LocalBackend, TerraformStack, TerraformVariable } from "cdktf";
import { Ec2StartStop, type Ec2StartStopProps } from "../../constructs";
import { type Aws, awsAt, awsVariables, OPERATOR, OTHER_REGION, REGION } from "../support/moto/aws";
import { type CommandResult, runCommand, tryCommand } from "../support/moto/command";
import { transformInput } from "../support/moto/deployed-trigger";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { describeEndToEnd } from "../support/moto/suite";
import { pluginCacheVariables, type Tools } from "../support/moto/tools";
import { PAIR } from "../support/props";

/** Texts that Terraform, JSON, IAM or EventBridge could read as more than text. */
const TEXTS = [
  '%{ if fileexists("/etc/passwd") }YES%{ else }NO%{ endif }',
  "${path.module} $${path.module} $$${x} $",
  "%%{ if true } %%%{x} %",
  "${aws:username} ${*} ~}",
  'quotes " and \\ and \\" and \\n and \\u0041',
  "two\n\tlines",
  "<time> <aws.scheduler.scheduled-time>",
  "\u2028 \u2029 é 한글 😀 </script>",
];
const LATIN = TEXTS.slice(0, 6).join(" ");
const ALL = TEXTS.join(" ");
/** The value of a variable, which is read at plan. */
const LATE = 'C:\\late "value" <time> ${x} %{y}';

describeEndToEnd("the construct in Terraform", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let aws: Aws;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    aws = awsAt(simulator.endpoint);
  });
  afterAll(() => simulator?.stop());

  /** Synthesizes a stack of the construct, and returns Terraform in its folder. */
  async function makeRoot(
    propsOf: (stack: TerraformStack) => Ec2StartStopProps,
    region: string = REGION,
  ): Promise<(...args: readonly string[]) => Promise<CommandResult>> {
    const folder = await initFolder(tools, propsOf, region);
    const env = environment(tools, simulator.endpoint);
    return (...args) => tryCommand("terraform", [...args, "-no-color"], { cwd: folder, env });
  }

  describe("with values that Terraform alone knows", () => {
    const id = "0123456789abcdef0";
    const Known = {
      name: "dev",
      region: REGION,
      ids: [`i-${id}`],
      keys: [`arn:aws:kms:${REGION}:123456789012:key/0a1b`],
      subnets: [`subnet-${id}`],
      groups: [`sg-${id}`],
    };
    type Values = { readonly [Key in keyof typeof Known]: string | readonly string[] };
    const planOf = async (changes: Partial<Ec2StartStopProps>) => {
      const terraform = await makeRoot((stack) => {
        const text = (name: keyof Values) =>
          new TerraformVariable(stack, name, { type: "string" }).stringValue;
        const list = (name: keyof Values) =>
          new TerraformVariable(stack, name, { type: "list(string)" }).listValue as string[];
        const functions = {
          stopName: "stopper",
          startName: "starter",
          vpc: { subnetIds: list("subnets"), securityGroupIds: list("groups") },
        };
        const targets = { dev: { instanceIds: list("ids") } };
        const own = { name: text("name"), region: text("region"), kmsKeyArns: list("keys") };
        return { ...PAIR, ...own, functions, targets, ...changes };
      });
      return async (values: Partial<Values> = {}) => {
        const variables = Object.entries({ ...Known, ...values }).map(
          ([name, value]) => `-var=${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
        );
        const { code, output } = await terraform("plan", "-input=false", ...variables);
        return { code, output: output.replace(/[\s│]+/g, " ") };
      };
    };

    it.each<[string, Partial<Ec2StartStopProps>]>([
      ["made here", {}],
      ["given", { roleArn: "arn:aws:iam::123456789012:role/given" }],
    ])(
      "is planned where they are right, and fails at plan by the path of each that is not: role %s",
      async (_, changes) => {
        const plan = await planOf(changes);
        expect(await plan()).toMatchObject({ code: 0 });

        // A policy that is not planned keeps the functions from being planned.
        for (const [lists, ...paths] of [
          [{ ids: [], keys: [] }, "targets.dev.instanceIds", "kmsKeyArns"],
          [{ subnets: [], groups: [] }, "functions.vpc.subnetIds", "functions.vpc.securityGroupIds"],
        ] as const) {
          const { code, output } = await plan(lists);
          expect(code).toBe(1);
          for (const path of paths)
            expect(output).toContain(`${path}: expected at least one, got an empty list.`);
        }

        // The rules of a deployment with this name would match those of `dev`.
        const others = await plan({ name: "dev.prod", region: OTHER_REGION });
        expect(others.code).toBe(1);
        expect(others.output).toContain("name: expected letters, digits, `-` and `_`, got dev.prod.");
        expect(others.output).toContain(
          `region: expected the region of the AWS provider, ${REGION}, got ${OTHER_REGION}.`,
        );
      },
    );
  });

  it("fails at plan where the provider is in another region", async () => {
    const terraform = await makeRoot(() => PAIR, OTHER_REGION);
    const { code, output } = await terraform("plan", "-input=false");
    expect(code).toBe(1);
    expect(output.replace(/[\s│]+/g, " ")).toContain(
      `region: expected the region of the AWS provider, ${OTHER_REGION}, got ${REGION}.`,
    );
  });

  it("hands every text to AWS as it is written", async () => {
    const terraform = await makeRoot((stack) => {
      const late = new TerraformVariable(stack, "late", { type: "string", default: LATE }).stringValue;
      return {
        ...PAIR,
        name: "texts",
        targets: {
          dev: {
            tags: { Kind: [LATIN], "%{x}": "a" },
            exclude: { Keep: [ALL, `$$${late} %{TfToken[TOKEN.1]} ${ALL}`] },
            checks: { command: `echo '${ALL}' $${late}%${late}` },
          },
        },
        schedules: {
          "dev-start": { ...PAIR.schedules["dev-start"], description: `${ALL} $${late}` },
          "dev-stop": PAIR.schedules["dev-stop"],
        },
        holdTag: "${hold} %{hold}",
      };
    });
    const { code, output } = await terraform("apply", "-input=false", "-auto-approve");
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });

    const Rule = "texts.dev-start";
    const { Description } = await aws.events.send(new DescribeRuleCommand({ Name: Rule }));
    expect(Description).toBe(`${ALL} $${LATE}`);
    const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule }));
    const { InputTemplate = "", InputPathsMap = {} } = Targets[0]?.InputTransformer ?? {};
    const request = JSON.parse(
      transformInput(InputTemplate, InputPathsMap, { time: "2026-11-23T00:00:00Z" }),
    );
    const exclude = { Keep: [ALL, `$$${LATE} %{TfToken[TOKEN.1]} ${ALL}`] };
    const target = { tags: { Kind: [LATIN], "%{x}": ["a"] }, exclude };
    expect(request.targets).toEqual([expect.objectContaining(target)]);

    const FunctionName = "texts-StartEC2Instances";
    const { Environment } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(Environment?.Variables?.["HOLD_TAG"]).toBe("${hold} %{hold}");
    const targets = JSON.parse(Environment?.Variables?.["TARGETS"] ?? "");
    const command = `echo '${ALL}' $${LATE}%${LATE}`;
    expect(targets).toEqual([expect.objectContaining({ region: REGION, ...target, checks: { command } })]);

    const policy = { RoleName: `texts-functions-${REGION}`, PolicyName: "start-stop" };
    const { PolicyDocument = "" } = await aws.iam.send(new GetRolePolicyCommand(policy));
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument));
    const values = Statement.flatMap(
      ({ Condition }: { Condition?: Record<string, Record<string, string[]>> }) =>
        Condition?.["StringEquals"]?.["aws:ResourceTag/Kind"] ?? [],
    );
    // IAM reads `${$}` as a dollar sign.
    expect(new Set(values.map((value: string) => value.replaceAll("${$}", "$")))).toEqual(new Set([LATIN]));
  });
});

async function initFolder(
  tools: Tools,
  propsOf: (stack: TerraformStack) => Ec2StartStopProps,
  region: string,
): Promise<string> {
  const app = new App({ outdir: await mkdtemp(join(tools.folder, "construct-")) });
  const stack = new TerraformStack(app, "stack");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "aws", { region });
  new Ec2StartStop(stack, "OfficeHours", propsOf(stack));
  app.synth();
  const folder = join(app.outdir, "stacks", "stack");
  const env = environment(tools, "http://127.0.0.1:9");
  await runCommand("terraform", ["init", "-input=false"], { cwd: folder, env });
  return folder;
}

function environment(tools: Tools, endpoint: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(inherited),
    ...awsVariables(endpoint, OPERATOR),
    ...pluginCacheVariables(tools.pluginCache),
  };
}
