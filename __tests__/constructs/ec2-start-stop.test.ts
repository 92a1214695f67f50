import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { DataAwsInstances } from "@cdktf/provider-aws/lib/data-aws-instances";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { describe, expect, it } from "@jest/globals";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import {
  Ec2StartStop,
  type Ec2StartStopConstructProps,
  type Ec2StartStopProps,
  InvalidPropsError,
} from "../../constructs";
import { OFFICE, ORGANIZATION, OWN_ROLES, PAIR } from "../support/props";
import {
  asAwsSeesIt,
  countResources,
  functionPolicy,
  ofType,
  synthesize,
  synthesizeStack,
  theOne,
} from "../support/terraform/synthesize";

const STOP = PAIR.schedules["dev-stop"];
const DEV = { region: PAIR.region, instanceIds: PAIR.targets.dev.instanceIds };
const TRIGGERS = ["event-rule", "scheduler"] as const;

/** The request that a trigger sends to the function, with the time filled in as AWS does. */
function firedRequests(props: Ec2StartStopProps): unknown[] {
  const time = "2026-11-23T11:00:00Z";
  const stack = synthesize(props);
  const templates = [
    ...ofType(stack, "aws_cloudwatch_event_target").map((target) => {
      const { input_paths, input_template } = target["input_transformer"] as Record<string, unknown>;
      expect(input_paths).toEqual({ time: "$.time" });
      return String(input_template).replaceAll("<time>", `"${time}"`);
    }),
    ...ofType(stack, "aws_scheduler_schedule").map((schedule) => {
      const { input } = schedule["target"] as Record<string, unknown>;
      return String(input).replaceAll("<aws.scheduler.scheduled-time>", time);
    }),
  ];
  return templates.map((template) => JSON.parse(asAwsSeesIt(template)));
}

describe.each(TRIGGERS)("trigger %s", (trigger) => {
  const count = (schedules: Ec2StartStopProps["schedules"]) =>
    countResources(synthesize({ ...PAIR, trigger, schedules }));

  it("needs at most 14 resources for one start and one stop", () => {
    expect(count(PAIR.schedules)).toBe(trigger === "event-rule" ? 14 : 13);
  });

  it("needs at most two more for each further schedule", () => {
    const more = count({ ...PAIR.schedules, another: STOP }) - count(PAIR.schedules);
    expect(more).toBe(trigger === "event-rule" ? 2 : 1);
  });

  it("sends the request with the time of the firing", () => {
    expect(firedRequests({ ...PAIR, trigger, schedules: { "dev-stop": STOP } })).toEqual([
      {
        schedule: "dev-stop",
        action: "stop",
        scheduledTime: "2026-11-23T11:00:00Z",
        targets: [{ region: "ap-northeast-2", instanceIds: PAIR.targets.dev.instanceIds }],
        timezone: "Asia/Seoul",
        latestMinutes: 60,
      },
    ]);
  });

  it("does not read text of the config as a placeholder or template", () => {
    const values = [
      "<time>",
      "<aws.scheduler.scheduled-time>",
      '${file("x")}',
      "%{ if true }",
      '"quoted" \\ back',
    ];
    const targets = { dev: { tags: { "a<b%{": values } } };
    const [request] = firedRequests({ ...PAIR, targets, trigger, schedules: { "dev-stop": STOP } });
    expect(request).toMatchObject({ targets: [{ tags: { "a<b%{": values } }] });
  });

  it("passes descriptions on literally", () => {
    const schedules = { "dev-stop": { ...STOP, description: "${x} %{y} 100%" } };
    const stack = synthesize({ ...PAIR, trigger, schedules });
    const type = trigger === "event-rule" ? "aws_cloudwatch_event_rule" : "aws_scheduler_schedule";
    expect(theOne(stack, type)["description"]).toBe("$${x} %%{y} 100%");
  });

  it("retries at most twice within latestMinutes, together with the function", () => {
    const schedules = { "dev-stop": { ...STOP, latestMinutes: 10 }, later: { ...STOP, latestMinutes: 1000 } };
    const stack = synthesize({ ...PAIR, trigger, schedules });
    expect(theOne(stack, "aws_lambda_function_event_invoke_config")).toMatchObject({
      maximum_event_age_in_seconds: 300,
      maximum_retry_attempts: 2,
    });
    const policies = [
      ...ofType(stack, "aws_cloudwatch_event_target"),
      ...ofType(stack, "aws_scheduler_schedule").map(({ target }) => target as Record<string, unknown>),
    ].map(({ retry_policy }) => retry_policy);
    expect(policies).toEqual([
      { maximum_event_age_in_seconds: 300, maximum_retry_attempts: 2 },
      { maximum_event_age_in_seconds: 59_700, maximum_retry_attempts: 2 },
    ]);
  });

  it("deploys a disabled schedule as disabled", () => {
    const stack = synthesize({ ...PAIR, trigger, schedules: { off: { ...STOP, enabled: false } } });
    const type = trigger === "event-rule" ? "aws_cloudwatch_event_rule" : "aws_scheduler_schedule";
    expect(theOne(stack, type)["state"]).toBe("DISABLED");
    const environment = theOne(stack, "aws_lambda_function")["environment"];
    expect(environment).toEqual({
      variables: { ACTION: "stop", TARGETS: JSON.stringify([{ ...DEV, default: false }]) },
    });
  });

  it("creates no start function without a start schedule", () => {
    const stack = synthesize({ ...PAIR, trigger, schedules: { "dev-stop": STOP } });
    expect(theOne(stack, "aws_lambda_function")["function_name"]).toBe("dev-StopEC2Instances");
    expect(stack.text).not.toContain("StartEC2Instances");
    expect(stack.text).not.toContain("StartInstances");
  });

  it("contains no local path", () => {
    for (const code of ["archive", "zip"] as const) {
      const stack = synthesize({ ...OFFICE, trigger, code });
      expect(stack.text).not.toContain(process.cwd());
    }
  });

  it("is the same at every synth", () => {
    expect(synthesize({ ...OFFICE, trigger }).text).toBe(synthesize({ ...OFFICE, trigger }).text);
  });
});

describe("event rules", () => {
  it("are one per UTC expression of a schedule", () => {
    const schedules = { half: { ...STOP, expression: "cron(0/30 8-18 ? * MON-FRI *)" } };
    const stack = synthesize({ ...PAIR, schedules });
    const names = ofType(stack, "aws_cloudwatch_event_rule").map(({ name }) => name);
    expect(names.sort()).toEqual(["dev.half", "dev.half-2"]);
    expect(ofType(stack, "aws_cloudwatch_event_target")).toHaveLength(2);
  });

  it("may invoke each function through one permission for all rules", () => {
    const permissions = ofType(synthesize(PAIR), "aws_lambda_permission");
    expect(permissions).toHaveLength(2);
    for (const permission of permissions) {
      expect(asAwsSeesIt(String(permission["source_arn"]))).toBe(
        "arn:aws:events:ap-northeast-2:123456789012:rule/dev.*",
      );
      expect(permission).toMatchObject({
        principal: "events.amazonaws.com",
        action: "lambda:InvokeFunction",
      });
    }
  });
});

describe("EventBridge Scheduler", () => {
  const stack = synthesize({ ...PAIR, trigger: "scheduler" });
  const role = ofType(stack, "aws_iam_role").find(({ name }) => name === "dev-scheduler-ap-northeast-2");

  it("reads times in the schedule's own zone, in a group of its own", () => {
    const [schedule] = ofType(stack, "aws_scheduler_schedule");
    expect(schedule).toMatchObject({
      name: "dev-start",
      group_name: expect.stringMatching(/^\$\{aws_scheduler_schedule_group\.\w+\.name\}$/),
      schedule_expression: "cron(0 8 ? * MON-FRI *)",
      schedule_expression_timezone: "Asia/Seoul",
      flexible_time_window: { mode: "OFF" },
    });
    expect(theOne(stack, "aws_scheduler_schedule_group")["name"]).toBe("dev");
  });

  it("limits the trust of its role to schedules of that group in this account", () => {
    const trust = JSON.parse(asAwsSeesIt(String(role?.["assume_role_policy"])));
    expect(trust.Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "123456789012",
            "aws:SourceArn": expect.stringMatching(/^\$\{aws_scheduler_schedule_group\.\w+\.arn\}$/),
          },
        },
      },
    ]);
  });

  it("may invoke these functions and nothing else", () => {
    const policy = ofType(stack, "aws_iam_role_policy").find(({ name }) => name === "invoke-functions");
    expect(JSON.parse(String(policy?.["policy"])).Statement).toEqual([
      {
        Sid: "InvokeFunctions",
        Effect: "Allow",
        Action: ["lambda:InvokeFunction"],
        Resource: [
          expect.stringMatching(/^\$\{aws_lambda_function\.OfficeHours_stop_\w+\.arn\}$/),
          expect.stringMatching(/^\$\{aws_lambda_function\.OfficeHours_start_\w+\.arn\}$/),
        ],
      },
    ]);
  });
});

describe("the functions", () => {
  it("have the settings of the props", () => {
    const functions = {
      timeoutSeconds: 300,
      memoryMb: 512,
      logRetentionDays: 7,
      runtime: "nodejs24.x",
      architecture: "x86_64",
      stopName: "StopEC2Instances",
    } as const;
    const schedules = { "dev-stop": STOP };
    const stack = synthesize({ ...PAIR, schedules, functions, holdTag: "${hold}", maxInstances: 50 });
    expect(theOne(stack, "aws_lambda_function")).toMatchObject({
      function_name: "StopEC2Instances",
      handler: "index.handler",
      timeout: 300,
      memory_size: 512,
      runtime: "nodejs24.x",
      architectures: ["x86_64"],
      environment: {
        variables: {
          ACTION: "stop",
          TARGETS: JSON.stringify([DEV]),
          HOLD_TAG: "$${hold}",
          MAX_INSTANCES: "50",
        },
      },
      logging_config: { log_format: "JSON" },
    });
    expect(theOne(stack, "aws_cloudwatch_log_group")).toEqual({
      name: "/aws/lambda/StopEC2Instances",
      retention_in_days: 7,
      lifecycle: { create_before_destroy: true },
    });
  });

  it("know the targets of their schedules, for the default request those of enabled ones", () => {
    const targets = { ...PAIR.targets, qa: { tags: { Environment: "qa" } } };
    const off = { ...STOP, targets: ["dev", "qa"], enabled: false };
    const stack = synthesize({ ...PAIR, targets, schedules: { "dev-stop": STOP, off } });
    const { variables } = theOne(stack, "aws_lambda_function")["environment"] as {
      variables: Record<string, string>;
    };
    expect(JSON.parse(String(variables["TARGETS"]))).toEqual([
      DEV,
      { region: "ap-northeast-2", tags: { Environment: ["qa"] }, default: false },
    ]);
  });

  it("take the code from a path next to the stack that does not depend on its bytes", () => {
    const zip = theOne(synthesize({ ...PAIR, schedules: { stop: STOP } }), "aws_lambda_function");
    expect(zip["filename"]).toMatch(/^\$\{path\.module\}\/assets\/\w+\/prebuilt\/lambda\.zip$/);
    expect(zip["source_code_hash"]).toBe(`\${filebase64sha256("${zip["filename"]}")}`);
    const archive = synthesize({ ...PAIR, code: "archive", schedules: { stop: STOP } });
    expect(Object.values(archive.data?.["archive_file"] ?? {})).toEqual([
      {
        type: "zip",
        source_dir: expect.stringMatching(/^\$\{path\.module\}\/assets\/\w+\/lambda$/),
        output_path: expect.stringMatching(/^\$\{path\.module\}\/assets\/\w+\/lambda\.zip$/),
        output_file_mode: "0644",
      },
    ]);
  });
});

describe("roles", () => {
  it("have the permissions boundary of the props", () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
    const roles = ofType(
      synthesize({ ...PAIR, trigger: "scheduler", permissionsBoundaryArn }),
      "aws_iam_role",
    );
    expect(roles.map((role) => role["permissions_boundary"])).toEqual([
      permissionsBoundaryArn,
      permissionsBoundaryArn,
    ]);
  });
});

describe("a provider with an alias", () => {
  const inStack = (props: Partial<Ec2StartStopConstructProps>) =>
    synthesizeStack((stack) => {
      const provider = new AwsProvider(stack, "other", { region: PAIR.region, alias: "other" });
      new Ec2StartStop(stack, "Hours", { ...OFFICE, alerts: { email: "a@example.com" }, provider, ...props });
    });

  it("is that of every resource and data source of AWS, and of no other", () => {
    const { resource, data = {} } = inStack({ code: "archive", followUps: true });
    const providers = Object.entries({ ...resource, ...data }).flatMap(([type, byId]) =>
      Object.values(byId).map(({ provider }) => [type === "archive_file", provider]),
    );
    expect(providers.length).toBeGreaterThanOrEqual(40);
    for (const [isArchive, provider] of providers) expect(provider).toBe(isArchive ? undefined : "aws.other");
  });

  it("must be one of AWS, which is told with all other problems", () => {
    const stack = new TerraformStack(Testing.app(), "dev");
    const build = (provider: unknown) => () =>
      new Ec2StartStop(stack, "Hours", { ...PAIR, name: "a b", provider } as Ec2StartStopConstructProps);
    const expected = "- `provider`: expected an AWS provider of cdktf, as `new AwsProvider(...)` makes";
    const name = '\n- `name`: expected letters, digits, `-` and `_`, got "a b"';
    expect(build(new ArchiveProvider(stack, "archive"))).toThrow(`${expected}, got one of archive${name}`);
    expect(build("aws.other")).toThrow(`${expected}, got "aws.other"${name}`);
    expect(build(stack)).toThrow(`${expected}, got another object${name}`);
    expect(
      () =>
        new Ec2StartStop(stack, "Hours", {
          ...PAIR,
          provider: undefined,
        } as object as Ec2StartStopConstructProps),
    ).not.toThrow();
  });
});

describe("replaced resources", () => {
  it("are all created before they are destroyed", () => {
    for (const trigger of TRIGGERS) {
      const { resource } = synthesize({
        ...OFFICE,
        trigger,
        followUps: true,
        alerts: { email: "a@example.com" },
      });
      for (const [type, byId] of Object.entries(resource)) {
        for (const each of Object.values(byId))
          expect([type, each["lifecycle"]]).toEqual([
            type,
            expect.objectContaining({ create_before_destroy: true }),
          ]);
      }
    }
  });
});

describe("an organization's own network and roles", () => {
  it("make no resource, and functions that wait for the permissions which Lambda asks for", () => {
    expect(countResources(synthesize(ORGANIZATION))).toBe(
      countResources(synthesize({ ...PAIR, trigger: "scheduler" })),
    );
    for (const lambda of ofType(synthesize(ORGANIZATION), "aws_lambda_function")) {
      expect(lambda).toMatchObject({
        depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
        reserved_concurrent_executions: 5,
        tracing_config: { mode: "Active" },
        vpc_config: {
          subnet_ids: ORGANIZATION.functions.vpc.subnetIds,
          security_group_ids: ORGANIZATION.functions.vpc.securityGroupIds,
        },
        logging_config: { application_log_level: "WARN" },
      });
    }
  });

  it("take no role or policy, and the construct says what the roles need", () => {
    const stack = synthesize(OWN_ROLES);
    expect(Object.keys(stack.resource).filter((type) => type.startsWith("aws_iam"))).toEqual([]);
    for (const { role } of ofType(stack, "aws_lambda_function")) expect(role).toBe(OWN_ROLES.roleArn);
    for (const { target } of ofType(stack, "aws_scheduler_schedule"))
      expect(target).toMatchObject({ role_arn: OWN_ROLES.schedulerRoleArn });
    const text = Testing.synthScope((scope) => {
      new AwsProvider(scope, "aws", { region: OWN_ROLES.region });
      const hours = new Ec2StartStop(scope, "Hours", OWN_ROLES);
      const role = "own-functions";
      expect([hours.functionRole, (hours.trigger as { role?: unknown }).role]).toEqual([
        undefined,
        undefined,
      ]);
      new IamRolePolicy(scope, "functions", { role, policy: hours.functionPolicy });
      new IamRolePolicy(scope, "scheduler", { role: "own-scheduler", policy: hours.schedulerPolicy ?? "" });
    });
    const { aws_iam_role_policy: policies } = JSON.parse(text).resource;
    expect(policies.functions.policy).toContain('"Sid":"ManageNetworkInterfaces"');
    expect(policies.scheduler.policy).toContain('"Sid":"InvokeFunctions"');
  });

  it("put every role into the path, and follow-ups pass on the one that they need", () => {
    const roles = ofType(synthesize(ORGANIZATION), "aws_iam_role");
    expect(roles.map(({ path }) => path)).toEqual(["/teams/ops/", "/teams/ops/"]);
    const passed = (props: Ec2StartStopProps) =>
      functionPolicy(synthesize({ ...props, followUps: true })).find(
        ({ Sid }) => Sid === "PassSchedulerRole",
      );
    expect(passed(ORGANIZATION)?.Resource).toEqual([
      "arn:aws:iam::123456789012:role/teams/ops/dev-scheduler-ap-northeast-2-0b76e3",
    ]);
    const { schedulerRoleArn } = OWN_ROLES;
    expect(passed({ ...ORGANIZATION, schedulerRoleArn })?.Resource).toEqual([schedulerRoleArn]);
  });
});

describe("what is made", () => {
  const make = (props: Partial<Ec2StartStopProps>) =>
    new Ec2StartStop(new TerraformStack(Testing.app(), "stack"), "Hours", { ...PAIR, ...props });
  const namesOf = (resources: object) => Object.keys(resources).sort();

  it("is at hand by name: rules or schedules, alarms, topic and dead-letter queue", () => {
    const byRule = make({ trigger: "event-rule", alerts: { email: "ops@example.com" } });
    const byScheduler = make({
      trigger: "scheduler",
      alerts: { snsTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:ops", missedFirings: false },
    });
    if (!("rules" in byRule.trigger && "schedules" in byScheduler.trigger))
      throw new Error("Expected one construct with rules and one with schedules");
    expect(namesOf(byRule.trigger.rules)).toEqual(["dev-start", "dev-stop", "watch"]);
    expect(byRule.trigger.rules["dev-stop"]?.nameInput).toBe("dev.dev-stop");
    expect(namesOf(byScheduler.trigger.schedules)).toEqual(["dev-start", "dev-stop"]);
    expect(byScheduler.trigger.schedules["dev-stop"]?.nameInput).toBe("dev-stop");
    expect(namesOf(byRule.alerts?.alarms ?? {})).toContain("missed-dev-stop");
    expect(namesOf(byScheduler.alerts?.alarms ?? {})).toEqual([
      "dead-letters",
      "start-failed",
      "stop-failed",
    ]);
    expect(byRule.alerts?.topic?.nameInput).toBe("dev-alerts");
    expect(byScheduler.alerts?.topic).toBeUndefined();
    expect(byRule.deadLetterQueue?.nameInput).toBe("dev-dlq");
    expect(make({}).deadLetterQueue).toBeUndefined();
  });
});

describe("tags", () => {
  it("are on every resource that supports tags", () => {
    const tags = { Team: "platform" };
    for (const trigger of TRIGGERS) {
      const stack = synthesize({ ...PAIR, trigger, tags });
      const types = Object.keys(stack.resource).filter((type) =>
        ofType(stack, type).every((it) => "tags" in it),
      );
      expect(types).toEqual(
        trigger === "event-rule"
          ? ["aws_cloudwatch_event_rule", "aws_cloudwatch_log_group", "aws_iam_role", "aws_lambda_function"]
          : [
              "aws_cloudwatch_log_group",
              "aws_iam_role",
              "aws_lambda_function",
              "aws_scheduler_schedule_group",
            ],
      );
    }
  });
});

describe("allowed accounts", () => {
  it("are checked by the plan itself", () => {
    const stack = synthesize({ ...PAIR, allowedAccountIds: ["123456789012"] });
    expect(Object.values(stack.data?.["aws_caller_identity"] ?? {})).toEqual([
      {
        lifecycle: {
          postcondition: [
            {
              condition: '${contains(["123456789012"], self.account_id)}',
              error_message: "This configuration may only be used in the accounts 123456789012.",
            },
          ],
        },
      },
    ]);
  });
});

describe("values that only Terraform knows", () => {
  const stack = synthesizeStack((scope) => {
    const found = new DataAwsInstances(scope, "found", { instanceTags: { Team: "web" } });
    const stage = new TerraformVariable(scope, "stage", { type: "string" });
    new Ec2StartStop(scope, "OfficeHours", {
      ...PAIR,
      targets: {
        dev: { instanceIds: found.ids },
        stage: { tags: { Stage: stage.stringValue, Cost: "${x}" } },
      },
      schedules: { "dev-stop": { ...STOP, targets: ["dev", "stage"] } },
    });
  });

  it("reach the request as JSON, with all quoting left to Terraform", () => {
    const { input_template } = theOne(stack, "aws_cloudwatch_event_target")["input_transformer"] as Record<
      string,
      string
    >;
    const known = '"instanceIds":${jsonencode(data.aws_instances.found.ids)}';
    expect(input_template).toContain(known);
    // The function compares the same values, once Terraform has them.
    const { variables } = theOne(stack, "aws_lambda_function")["environment"] as {
      variables: Record<string, string>;
    };
    expect(variables["TARGETS"]).toContain(known);
    expect(input_template).toContain('"tags":{"Stage":[${jsonencode(var.stage)}],"Cost":["${"$"}{x}"]}');
  });

  it("reach the policy as exact ARNs", () => {
    const policy = String(theOne(stack, "aws_iam_role_policy")["policy"]);
    expect(policy).toContain('"Resource":${jsonencode(formatlist("arn:%s:ec2:%s:%s:instance/%s", ');
    expect(policy).toContain('"aws:ResourceTag/Stage":[${jsonencode(var.stage)}]');
  });
});

describe("props that do not hold", () => {
  it("make nothing at all", () => {
    const stack = new TerraformStack(Testing.app(), "dev");
    new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
    const before = stack.node.findAll().length;
    const build = () => new Ec2StartStop(stack, "OfficeHours", { ...PAIR, region: "seoul", targets: {} });
    expect(build).toThrow(InvalidPropsError);
    expect(stack.node.findAll()).toHaveLength(before);
  });
});

describe("names like those of Object.prototype", () => {
  it.each(TRIGGERS)("make schedules as any other, with trigger %s", (trigger) => {
    const schedules = Object.fromEntries(
      ["constructor", "toString", "__proto__"].map((name) => [name, STOP]),
    );
    const targets = JSON.parse('{"dev": {"tags": {"__proto__": "x"}}}');
    const stack = synthesize({ ...PAIR, trigger, schedules, targets });
    const type = trigger === "event-rule" ? "aws_cloudwatch_event_rule" : "aws_scheduler_schedule";
    expect(ofType(stack, type)).toHaveLength(3);
    expect(functionPolicy(stack).at(-1)?.Condition).toEqual({
      StringEquals: { "aws:ResourceTag/__proto__": ["x"] },
    });
  });
});

describe("two in one stack", () => {
  it("do not meet", () => {
    const stack = synthesizeStack((scope) => {
      new Ec2StartStop(scope, "Dev", PAIR);
      new Ec2StartStop(scope, "Test", { ...PAIR, name: "test" });
    });
    expect(countResources(stack)).toBe(28);
  });
});
