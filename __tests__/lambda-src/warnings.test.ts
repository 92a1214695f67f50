import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { warningOf } from "../../lambda-src/notifications/warning";
import { NotificationServer, TOPIC_ARN } from "../support/ec2/notifications";
import { FunctionBench, fleetOf, idsOf, instanceId, NOW, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
const server = new NotificationServer();
beforeAll(async () => {
  await bench.open();
  await server.open();
});
afterAll(async () => {
  await bench.close();
  await server.close();
});
beforeEach(() => server.reset());

const HOLD = "ec2-start-stop:hold";
const environment = { TOPIC_ARN };
const targets = [{ region: REGION, tags: { Environment: ["dev"] }, exclude: { KeepRunning: ["true"] } }];
const warning = {
  schedule: "dev-stop-warn",
  action: "stop",
  scheduledTime: "2026-11-23T11:00:00Z",
  timezone: "Asia/Seoul",
  warnMinutes: 30,
  targets,
};
const dev = (number: number, tags: Record<string, string> = {}, more = {}) => ({
  id: instanceId(number),
  tags: { Environment: "dev", ...tags },
  ...more,
});
const changes = () => bench.ec2.count("StopInstances") + bench.ec2.count("StartInstances");

describe("a request with warnMinutes", () => {
  it("publishes one message with the instances that the stop will reach, and changes nothing", async () => {
    const { report, error } = await bench.run(warning, [dev(1, { Name: "web" }), dev(2)], { environment });
    expect(error).toBeUndefined();
    expect(changes()).toBe(0);
    expect(server.published).toEqual([
      {
        topicArn: TOPIC_ARN,
        region: "us-east-1",
        subject: "ec2-start-stop: dev-stop stops 2 instances at 2026-11-23 20:30 Asia/Seoul",
        message: `The schedule dev-stop stops 2 instances at 2026-11-23 20:30 Asia/Seoul (2026-11-23T11:30Z).

To keep an instance running for longer, run its command before then, in the folder of the config:

i-00000000000000001 in ap-northeast-2, "web"
    npx ec2-start-stop hold i-00000000000000001 --until 2026-11-23T22:30+09:00

i-00000000000000002 in ap-northeast-2
    npx ec2-start-stop hold i-00000000000000002 --until 2026-11-23T22:30+09:00
`,
      },
    ]);
    const outcome = {
      outcome: "skipped",
      reason: "warned: stops at 2026-11-23T11:30:00.000Z",
      stateAfter: "running",
    };
    expect(report).toMatchObject({ status: "ok", instances: [outcome, outcome] });
  });

  it("leaves out what the stop will leave alone at its time, by the holds that hold then", async () => {
    const fleet = [
      dev(1, { [HOLD]: "2026-11-23T20:29" }),
      dev(2, { [HOLD]: "2026-11-23T20:31" }),
      dev(3, { [HOLD]: "2026-11-23T20:20/2026-11-23T22:00" }),
      dev(4, { [HOLD]: "2026-11-23T20:31/2026-11-23T22:00" }),
      dev(5, { [HOLD]: "" }),
      dev(6, { KeepRunning: "true" }),
      dev(7, { "aws:autoscaling:groupName": "web" }),
      dev(8, {}, { state: "stopped" }),
    ];
    await bench.run(warning, fleet, { environment });
    const [{ message = "" } = {}] = server.published;
    expect(message.match(/^i-\w+/gm)).toEqual([instanceId(1), instanceId(4)]);
  });

  it("publishes nothing where no instance would be stopped", async () => {
    const { report, error } = await bench.run(warning, [dev(1, { [HOLD]: "" })], { environment });
    expect(server.publishCalls).toBe(0);
    expect([error, report.status]).toEqual([undefined, "ok"]);
  });

  it("publishes nothing in a dry run", async () => {
    await bench.run({ ...warning, dryRun: true }, [dev(1)], { environment });
    expect(server.publishCalls).toBe(0);
    expect(changes()).toBe(0);
  });

  it.each([
    ["the stop's", "2026-11-24", "skipped", 0],
    ["the warning's", "2026-11-23", "ok", 1],
  ])("on a holiday of %s date only", async (_, holiday, status, messages) => {
    // Monday 23:45 in Seoul; the stop is due on Tuesday.
    const late = { ...warning, scheduledTime: "2026-11-23T14:45:00Z", holidays: [holiday] };
    await bench.run(warning, [dev(1)], { environment });
    server.reset();
    await bench.clock.sleep(Date.parse(late.scheduledTime) - NOW);
    const { report } = await bench.again(late, { environment });
    expect([report.status, server.published.length]).toEqual([status, messages]);
  });

  it("that comes when its stop is due is too late", async () => {
    const { report } = await bench.run({ ...warning, scheduledTime: "2026-11-23T10:29:00Z" }, [dev(1)], {
      environment,
    });
    expect(report).toMatchObject({ status: "skipped", reason: expect.stringContaining("latest 30") });
    expect(server.publishCalls).toBe(0);
  });

  it("fails after its report where the message cannot be published, and warns in Lambda's retry", async () => {
    server.refusePublish = (nth) => (nth === 1 ? { code: "AuthorizationError", status: 403 } : undefined);
    const [first, second, ...more] = await bench.runAsLambda(warning, [dev(1)], { environment });
    expect(first?.report).toMatchObject({
      status: "failed",
      errors: [{ region: "us-east-1", reason: expect.stringMatching(/Publish.*AuthorizationError/) }],
    });
    expect(first?.error?.name).toBe("StartStopError");
    expect(second?.report.status).toBe("ok");
    expect(more).toEqual([]);
    expect(server.published).toHaveLength(1);
  });

  it("names SNS where what answered is no answer of it", async () => {
    server.refusePublish = () => ({ code: "", status: 403, body: "<html>Forbidden</html>" });
    const { report } = await bench.run(warning, [dev(1)], { environment });
    expect(report.errors[0]?.reason).toContain("expected SNS's answer, got status 403, text/xml");
  });

  it("tries a throttled message again within the run", async () => {
    server.refusePublish = (nth) => (nth <= 2 ? { code: "Throttled", status: 429 } : undefined);
    const { error } = await bench.run(warning, [dev(1)], { environment });
    expect([error, server.published.length]).toEqual([undefined, 1]);
  });

  it("does not fail once its message is out, so that no retry publishes it again", async () => {
    const event = {
      ...warning,
      targets: [
        ...targets,
        { region: REGION, instanceIds: [instanceId(9)] },
        { region: "us-east-1", tags: { A: ["b"] } },
      ],
    };
    const runs = await bench.runAsLambda(event, [dev(1)], {
      environment,
      faults: ({ region, action }) =>
        region === "us-east-1" && action === "DescribeInstances"
          ? { kind: "error", code: "UnauthorizedOperation", message: "denied", status: 403 }
          : undefined,
    });
    expect(runs).toHaveLength(1);
    expect(runs[0]?.report).toMatchObject({ status: "ok", errors: [] });
    expect(runs[0]?.report.warnings.join()).toContain("ec2:DescribeInstances is denied");
    expect(server.published.map(({ message }) => message)).toEqual([
      expect.stringMatching(/There may be others, since not all could be read:\nus-east-1: .*denied/),
    ]);
  });

  it("fails where it could read nothing, so that a retry warns", async () => {
    const { report } = await bench.run(warning, [dev(1)], {
      environment,
      faults: () => ({ kind: "error", code: "UnauthorizedOperation", message: "denied", status: 403 }),
    });
    expect([report.status, server.publishCalls]).toEqual(["failed", 0]);
  });

  it.each([
    ["of a start", { ...warning, action: "start" }, environment, /warnMinutes. to come with the action stop/],
    ["without a topic", warning, {}, /TOPIC_ARN/],
    ["of no whole minutes", { ...warning, warnMinutes: 0.5 }, environment, /warnMinutes.*whole number/],
    ["of more than a day", { ...warning, warnMinutes: 1441 }, environment, /warnMinutes.*1440/],
  ])("%s is refused", async (_, event, variables, expected) => {
    const { report } = await bench.run(event, [dev(1)], { environment: variables });
    expect(report).toMatchObject({ status: "refused", reason: expect.stringMatching(expected) });
    expect(bench.ec2.calls).toEqual([]);
  });
});

describe("the message of a warning", () => {
  const made = (names: readonly string[], schedule = "dev-stop-warn", timezone = "Asia/Seoul") =>
    warningOf(
      { schedule, timezone },
      NOW,
      names.map((name, index) => ({ instanceId: instanceId(index + 1), region: REGION, name })),
      [],
    );

  it("names at most 100 instances, and how many more there are", () => {
    const { Subject, Message } = made(idsOf(fleetOf(1_000)));
    expect(Message.match(/ hold i-\w+ --until \S+$/gm)).toHaveLength(100);
    expect(Message).toMatch(/\n\nand 900 more\n$/);
    expect(Subject).toContain("1000 instances");
    expect(Buffer.byteLength(made(Array(1_000).fill("가".repeat(256))).Message)).toBeLessThan(256_000);
  });

  it.each([
    ["Asia/Seoul", "2026-11-23T22:00+09:00"],
    ["UTC", "2026-11-23T13:00+00:00"],
    ["America/St_Johns", "2026-11-23T09:30-03:30"],
  ])("holds until two hours after the stop in %s, however early it warns", (timezone, until) => {
    const [command = ""] = /npx .*/.exec(made(["web"], "dev-stop-warn", timezone).Message) ?? [];
    expect(command).toBe(`npx ec2-start-stop hold ${instanceId(1)} --until ${until}`);
    expect(Date.parse(until) - NOW).toBe(2 * 3_600_000);
  });

  it("shows a name as one line of text, without controls or what reverses characters", () => {
    const { Message } = made(['a\nnpx evil\r\u001b[31m\u2028"\u202e` $(b)']);
    expect(Message).toContain('i-00000000000000001 in ap-northeast-2, "anpx evil[31m\\"` $(b)"\n');
    expect(Message.split("\n").filter((line) => line.includes("npx"))).toHaveLength(2);
  });

  it("has no command for what is no instance id", () => {
    const { Message } = warningOf(
      { schedule: "s" },
      NOW,
      [{ instanceId: "i-1; rm -rf /", region: REGION, name: "" }],
      [],
    );
    expect(Message).not.toContain("rm -rf");
    expect(Message).toContain("and 1 more");
  });

  it.each(["a".repeat(200), "밤".repeat(64), "a\nb", "dev-stop-warn"])(
    "has a subject that SNS takes, for %j",
    (schedule) => {
      const { Subject } = made(idsOf(fleetOf(1_000)), schedule, "America/Argentina/ComodRivadavia");
      expect(Subject).toMatch(/^[\x20-\x7e]{1,100}$/);
      expect(Subject).toMatch(/stops 1000 instances at 2026-11-23 08:00 America\/Argentina\/ComodRivadavia$/);
    },
  );
});
