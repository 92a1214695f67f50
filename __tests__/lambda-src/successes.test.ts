import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { NotificationServer, TOPIC_ARN } from "../support/ec2/notifications";
import { FunctionBench, instanceId, REGION } from "../support/ec2/run-function";

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

const environment = { TOPIC_ARN, ON_SUCCESS: "true" };
const targets = [{ region: REGION, tags: { Environment: ["dev"] } }];
const stop = {
  schedule: "dev-stop",
  action: "stop",
  scheduledTime: "2026-11-23T11:00:00Z",
  timezone: "Asia/Seoul",
  targets,
};
const start = { ...stop, schedule: "dev-start", action: "start" };
const dev = (number: number, tags: Record<string, string> = {}, more = {}) => ({
  id: instanceId(number),
  tags: { Environment: "dev", ...tags },
  ...more,
});
const subjects = () => server.published.map(({ subject }) => subject);

describe("a deployment with onSuccess", () => {
  it("tells the topic what a firing has stopped, what had been before, and what it left alone", async () => {
    const fleet = [
      dev(1, { Name: "web" }),
      dev(2, { Name: "a\u202eb\n" }),
      dev(3, {}, { state: "stopped" }),
      dev(4, { "ec2-start-stop:hold": "" }),
    ];
    const { error, report } = await bench.run(stop, fleet, { environment });
    expect(error).toBeUndefined();
    expect(server.published).toEqual([
      {
        topicArn: TOPIC_ARN,
        region: "us-east-1",
        subject: "ec2-start-stop: dev-stop stopped 2 instances",
        message: `The schedule dev-stop, due at 2026-11-23 20:00 Asia/Seoul (2026-11-23T11:00Z), has stopped 2 instances:

i-00000000000000001 in ap-northeast-2, "web"
i-00000000000000002 in ap-northeast-2, "ab"

1 instance had been stopped before.

Left alone:
i-00000000000000004 in ap-northeast-2: held by tag ec2-start-stop:hold
`,
      },
    ]);
    expect(report).not.toHaveProperty("names");
  });

  it("tells of starts too", async () => {
    await bench.run(start, [dev(1, {}, { state: "stopped" })], { environment });
    expect(subjects()).toEqual(["ec2-start-stop: dev-start started 1 instance"]);
  });

  it.each([
    ["finds everything as it should be", stop, [dev(1, {}, { state: "stopped" })]],
    ["is a dry run", { ...stop, dryRun: true }, [dev(1)]],
    ["is by hand, and so has no scheduled time", { ...stop, scheduledTime: undefined }, [dev(1)]],
    ["is a warning", { ...stop, warnMinutes: 30 }, []],
    ["is too late", { ...stop, scheduledTime: "2026-11-23T09:00:00Z" }, [dev(1)]],
  ])("is silent about a run that %s", async (_, request, fleet) => {
    await bench.run(request, fleet, { environment });
    expect(server.publishCalls).toBe(0);
  });

  it("tells nothing where it is not asked for", async () => {
    await bench.run(stop, [dev(1)], { environment: { TOPIC_ARN } });
    expect(server.publishCalls).toBe(0);
  });

  it("is silent about a run that fails, which the alarm tells of", async () => {
    const runs = await bench.runAsLambda(stop, [dev(1), dev(2, {}, { stopProtected: true })], {
      environment,
    });
    expect(runs.map(({ report }) => report.status)).toEqual(["failed", "failed", "failed"]);
    expect(server.publishCalls).toBe(0);
  });

  it("names a hundred instances, and counts the others", async () => {
    const fleet = Array.from({ length: 130 }, (_, index) => dev(index + 1));
    await bench.run(stop, fleet, { environment });
    const [{ message = "", subject } = {}] = server.published;
    expect(subject).toBe("ec2-start-stop: dev-stop stopped 130 instances");
    expect(message.match(/^i-\w+/gm)).toHaveLength(100);
    expect(message).toMatch(/\nand 30 more\n$/);
  });

  it("fails no run where the topic refuses the message, and says so in the log", async () => {
    server.refusePublish = () => ({ code: "AuthorizationError", status: 403 });
    const { error, report, lines } = await bench.run(stop, [dev(1)], { environment });
    expect(error).toBeUndefined();
    expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({ status: "ok" });
    expect(report).toMatchObject({
      level: "WARN",
      message: expect.stringMatching(
        /^the message on success was not published: Publish failed with AuthorizationErrorException/,
      ),
    });
  });
});
