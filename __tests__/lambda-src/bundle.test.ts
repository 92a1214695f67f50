import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { unzipSync } from "fflate";
import type { InstanceReport } from "../../contract/report";
import { NotificationServer, TOPIC_ARN } from "../support/ec2/notifications";
import { asking, type DeployedEvent, fleetOf, idsOf, instanceId, REGION } from "../support/ec2/run-function";
import { Ec2Simulator } from "../support/ec2/simulator";

const root = join(__dirname, "../..");
const folder = join(root, "dist/lambda");
if (!existsSync(folder))
  throw new Error("dist/lambda is missing: run `npm run build` first, as `npm test` does");
const files = readdirSync(folder).sort();
const read = (file: string) => readFileSync(join(folder, file), "utf8");
const code = files.map(read).join("\n");
/** The files that each run loads, and those of its features. */
const ALWAYS = ["aws-sdk.js", "contract.js", "index.js"];
const SCHEDULES = ["schedule.js", "zones-sdk.js"];
const FOLLOW_UPS = ["json-sdk.js", "scheduler-sdk.js", "scheduler.js", ...SCHEDULES];
const WATCH = ["watch.js", ...SCHEDULES];

const CHECKS = ["json-sdk.js", "services.js", "ssm-sdk.js"];
const MESSAGES = ["messages.js", "sns-sdk.js"];
const EVENTS = ["events-sdk.js", "events.js", "json-sdk.js"];
const isFirst = (file: string, index: number, list: readonly string[]) => list.indexOf(file) === index;

/** The actions that the bundle may contain, of the hundreds that each client has. */
const ALLOWED = {
  "client-ec2": ["DescribeInstances", "StartInstances", "StopInstances"],
  "client-ssm": ["DescribeInstanceInformation", "ListCommandInvocations", "SendCommand"],
  "client-scheduler": ["CreateSchedule", "GetSchedule"],
  "client-sns": ["Publish"],
  "client-eventbridge": ["PutEvents"],
};

describe("the bundle", () => {
  it.each([
    ["client-ec2", 600, ["TerminateInstances", "ModifyInstanceAttribute"]],
    ["client-ssm", 100, ["StartSession", "GetParameter", "StartAutomationExecution"]],
    ["client-scheduler", 10, ["UpdateSchedule", "DeleteSchedule", "DeleteScheduleGroup"]],
    ["client-sns", 40, ["Subscribe", "DeleteTopic", "AddPermission"]],
    ["client-eventbridge", 50, ["PutRule", "PutTargets", "DeleteRule"]],
  ] as const)("knows few of the actions of %s, and none that does more", (client, many, feared) => {
    const commands = readdirSync(join(root, `node_modules/@aws-sdk/${client}/dist-es/commands`));
    const actions = commands.map((file) => file.replace(/Command\.js$/, ""));
    expect(actions.length).toBeGreaterThan(many);
    expect(actions).toEqual(expect.arrayContaining([...feared]));
    const words = new Set(code.match(/\w+/g));
    const known = actions.filter((action) => words.has(action) || words.has(`${action}Command`));
    expect(known).toEqual(ALLOWED[client]);
  });

  it("loads the code of service checks, follow-ups, warnings, events and the watch only for runs that need it", () => {
    expect(files).toEqual(
      [...ALWAYS, ...FOLLOW_UPS, ...CHECKS, ...MESSAGES, ...EVENTS, ...WATCH].filter(isFirst).sort(),
    );
    const always = new Set(ALWAYS.map(read).join("\n").match(/\w+/g));
    const late = [
      ...ALLOWED["client-ssm"],
      ...ALLOWED["client-scheduler"],
      ...ALLOWED["client-sns"],
      ...ALLOWED["client-eventbridge"],
    ];
    expect(late.filter((action) => always.has(`${action}Command`))).toEqual([]);
    // The words of cronstrue, which only describes schedules.
    expect(read("schedule.js")).not.toMatch(/ExpressionDescriptor/);
  });

  it("needs nothing but Node", () => {
    const required = [...code.matchAll(/\brequire\((["'])(.+?)\1\)/g)].map(([, , id]) => id ?? "");
    expect(required.filter((id) => !id.startsWith("node:") && !id.startsWith("./"))).toEqual([]);
  });

  it("stays small: what every run loads is at most 325 kB", () => {
    expect(Buffer.byteLength(ALWAYS.map(read).join("\n"))).toBeLessThanOrEqual(325_000);
  });

  it("stays small: with the code of all features, at most 600 kB, 180 kB zipped", () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(600_000);
    expect(readFileSync(join(root, "dist/lambda.zip")).length).toBeLessThanOrEqual(180_000);
  });

  it("is the same in the zip, with a fixed date and order", () => {
    const zip = readFileSync(join(root, "dist/lambda.zip"));
    const unpacked = unzipSync(zip);
    expect(Object.keys(unpacked)).toEqual(files);
    for (const file of files)
      expect(Buffer.from(unpacked[file] ?? [])).toEqual(readFileSync(join(folder, file)));
    // Local file headers: date and time of the first entry, 1980-01-01 00:00.
    expect(zip.readUInt32LE(10)).toBe(0x00210000);
  });

  it("names no path of the machine that built it", () => {
    expect(code).not.toContain(root);
  });
});

describe("the bundle, run by Node as Lambda runs it", () => {
  it("parses every field of EC2's answers that it uses", async () => {
    const ec2 = new Ec2Simulator();
    const url = await ec2.listen();
    const clock = { now: Date.now, pause: async () => undefined };
    const fleet = [
      ...fleetOf(1, { tags: { Environment: "dev" } }, 1),
      ...fleetOf(1, { tags: { "aws:autoscaling:groupName": "web" } }, 2),
      ...fleetOf(1, { rootDeviceType: "instance-store" }, 3),
      ...fleetOf(1, { spot: "one-time" }, 4),
      ...fleetOf(1, { hibernation: "off" }, 5),
      ...fleetOf(1, { state: "stopped" }, 6),
    ];
    ec2.load(fleet, { clock });
    const { report, loaded } = await runByNode(url, {
      schedule: "s",
      action: "stop",
      hibernate: true,
      targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
    }).finally(() => ec2.close());
    expect(loaded).toEqual(ALWAYS);
    expect(
      report.instances.map(({ outcome, reason }: { outcome: string; reason?: string }) => [outcome, reason]),
    ).toEqual([
      ["done", expect.stringContaining("not configured for hibernation")],
      ["done", expect.stringContaining("not launched with hibernation configured")],
      ["skipped", expect.stringContaining("Auto Scaling group web")],
      ["skipped", expect.stringContaining("instance store")],
      ["skipped", expect.stringContaining("one-time")],
      ["already", undefined],
    ]);
    expect(new Set(ec2.calls.map(({ sessionToken }) => sessionToken))).toEqual(new Set(["a-session-token"]));
  });

  it("runs service checks, with the files that only they load", async () => {
    const ec2 = new Ec2Simulator();
    const url = await ec2.listen();
    const fleet = [
      ...fleetOf(1, { ssm: { units: { nginx: "active" } } }, 1),
      ...fleetOf(1, { ssm: { units: { nginx: "failed" } } }, 2),
      ...fleetOf(1, { state: "stopped", startMs: 500, ssm: { units: { nginx: "activating" } } }, 3),
      ...fleetOf(1, { ssm: { platform: "Windows" } }, 4),
      ...fleetOf(1, { ssm: { leaves: true } }, 5),
      ...fleetOf(1, {}, 6),
    ];
    const throttled = { kind: "error", code: "ThrottlingException", message: "Rate exceeded" } as const;
    ec2.load(fleet, {
      clock: { now: Date.now, pause: async () => undefined },
      faults: ({ action, nth }) => (/Command|Information/.test(action) && nth === 1 ? throttled : undefined),
    });
    const { report, loaded } = await runByNode(url, {
      schedule: "s",
      action: "start",
      targets: [{ region: REGION, instanceIds: idsOf(fleet), checks: { systemd: ["nginx"] } }],
    }).finally(() => ec2.close());
    expect(loaded).toEqual([...ALWAYS, ...CHECKS].sort());
    const services = report.instances.map(({ instanceId, services }: InstanceReport) => [
      instanceId,
      services,
    ]);
    expect(Object.fromEntries(services)).toEqual({
      [instanceId(1)]: { status: "passed" },
      [instanceId(2)]: { status: "failed", failing: [{ check: "systemd nginx", found: "failed" }] },
      [instanceId(3)]: { status: "pending", failing: [{ check: "systemd nginx", found: "activating" }] },
      [instanceId(4)]: { status: "unchecked", reason: "its platform is Windows, and checks need Linux" },
      [instanceId(5)]: {
        status: "unchecked",
        reason: expect.stringContaining("InvalidInstanceId: Instances"),
      },
      [instanceId(6)]: { status: "unchecked", reason: expect.stringContaining("not managed by SSM") },
    });
    expect(new Set(ec2.calls.map(({ sessionToken }) => sessionToken))).toEqual(new Set(["a-session-token"]));
    expect(new Set(ec2.calls.map(({ region }) => region))).toEqual(new Set([REGION]));
  });

  it("warns of a stop, and puts events on the bus, each with the files that only it loads", async () => {
    const ec2 = new Ec2Simulator();
    const server = new NotificationServer();
    const [url] = await Promise.all([ec2.listen(), server.open()]);
    const fleet = fleetOf(1);
    ec2.load(fleet, { clock: { now: Date.now, pause: async () => undefined } });
    const stop = { schedule: "s", action: "stop", targets: [{ region: REGION, instanceIds: idsOf(fleet) }] };
    const variables = { TOPIC_ARN, EVENTS: "true", AWS_REGION: REGION, ...server.endpoints };
    try {
      const warning = await runByNode(url, { ...stop, warnMinutes: 30 }, variables);
      expect(warning.loaded).toEqual([...ALWAYS, ...MESSAGES].sort());
      expect(server.published.map(({ region }) => region)).toEqual(["us-east-1"]);
      const stopped = await runByNode(url, stop, variables);
      expect(stopped.loaded).toEqual([...ALWAYS, ...EVENTS].sort());
      expect(server.entries).toHaveLength(1);
      ec2.load(fleet, { clock: { now: Date.now, pause: async () => undefined } });
      const told = { ...stop, scheduledTime: new Date().toISOString() };
      const success = await runByNode(url, told, { ...variables, EVENTS: "", ON_SUCCESS: "true" });
      expect(success.loaded).toEqual([...ALWAYS, ...MESSAGES].sort());
      expect(server.published.map(({ subject }) => subject)).toEqual([
        expect.stringMatching(/^ec2-start-stop: s stops 1 instance at /),
        "ec2-start-stop: s stopped 1 instance",
      ]);
    } finally {
      await Promise.all([ec2.close(), server.close()]);
    }
  });
});

describe("the bundle, run by Node as Lambda runs the watch", () => {
  it("computes firings in their zones, with the files that only it loads and no call to AWS", async () => {
    const { loaded, lines } = await runWatchByNode();
    expect(loaded).toEqual([...ALWAYS, ...WATCH].sort());
    expect(
      lines.map(({ Schedule, FiringAnnounced, FiringState }) => [Schedule, FiringAnnounced, FiringState]),
    ).toEqual([
      ["watch", undefined, 2],
      ["watch", 1, 1],
      ["seoul", undefined, 1],
    ]);
  });
});

/** One invocation of the bundle in a process of its own: its report, and the files of the bundle that it loaded. */
async function runByNode(url: string, event: DeployedEvent, variables: Record<string, string> = {}) {
  const { loaded, lines } = await runBundle(asking(event), {
    ACTION: event.action,
    TARGETS: JSON.stringify(event.targets),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_SESSION_TOKEN: "a-session-token",
    ...variables,
  });
  return { report: lines.at(-1), loaded };
}

/** A watch half an hour and more after a firing in Seoul. */
async function runWatchByNode() {
  const expression = "cron(30 4 ? * MON-FRI *)";
  return runBundle(
    {
      watch: "watch",
      scheduledTime: "2026-11-23T20:10:00Z",
      functionNames: { stop: "dev-stop" },
      schedules: [{ name: "seoul", action: "stop", expression, timezone: "Asia/Seoul" }],
    },
    { ACTION: "stop" },
  );
}

async function runBundle(event: unknown, env: Record<string, string>) {
  const script = `
    require(${JSON.stringify(folder)})
      .handler(${JSON.stringify(event)}, { awsRequestId: "1" })
      .catch((error) => { if (error.name !== "StartStopError") throw error; })
      .finally(() => console.log(JSON.stringify(Object.keys(require.cache))));`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", script], { env });
  // Lambda logs what is written there as errors, such as the SDK's advice to update Node.js 20.
  expect(stderr).toBe("");
  const lines = stdout.trim().split("\n");
  const loaded: string[] = JSON.parse(lines.pop() ?? "[]");
  return {
    loaded: loaded.map((file) => basename(file)).sort(),
    lines: lines.map((line) => JSON.parse(line)),
  };
}
