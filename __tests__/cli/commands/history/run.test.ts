import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../cli/aws/call";
import { CloudTrailReader, createCloudTrailClients } from "../../../../cli/aws/cloudtrail";
import { createEc2Clients, Ec2Instances } from "../../../../cli/aws/ec2";
import { type HistoryOptions, runHistory } from "../../../../cli/commands/history/run";
import { createRunReader } from "../../../../cli/runs/follow";
import { awsFault, type Route } from "../../../support/aws-server/aws-server";
import { FakeClock, fakeContext } from "../../../support/fake-context";
import {
  DATABASE,
  GONE,
  type HistoryWorld,
  historyWorld,
  NOW,
  OTHER_REGION,
  type Past,
  REGION,
  STRANGER,
  someDays,
} from "./history-world";

let clock: FakeClock;
let past: Past;
let refuse: Route;
let told: string[];
let runs = 0;
let world: HistoryWorld;
beforeAll(async () => {
  world = await historyWorld(() => past, {
    // Each run of the command finds a CloudTrail without recent calls.
    now: () => +clock.now() + runs * 10_000,
    routes: [(call) => refuse(call)],
  });
  Object.assign(process.env, world.environment);
});
afterAll(() => world.close());
beforeEach(() => {
  past = someDays(NOW);
  refuse = () => undefined;
  told = [];
});

async function history(options: Partial<HistoryOptions> = {}, columns = 80): Promise<string> {
  runs += 1;
  clock = new FakeClock(NOW);
  const context = fakeContext(clock, { env: world.environment, columns });
  await runHistory({ since: "7d", ...options }, context, ({ aws }) => ({
    instances: new Ec2Instances(createEc2Clients(aws)),
    trail: new CloudTrailReader(createCloudTrailClients(aws), clock),
    runs: createRunReader(aws, clock),
  }));
  told = context.doings;
  // A history is no verdict.
  expect(context.isUnhealthy()).toBe(false);
  return context.written.join("").replaceAll(world.configFile, "c.yaml");
}

/** Where a line with the config's path breaks depends on how long the path of the temporary folder is. */
const inOneLine = (text: string) => text.replace(/\s+/g, " ");

const lookups = () =>
  world.server.calls
    .filter(({ operation }) => operation === "LookupEvents")
    .map(({ region, body }) => `${region} ${JSON.parse(body.toString()).LookupAttributes[0].AttributeValue}`);

describe("a history", () => {
  it("lists each call with its time, caller, outcome and instances", async () => {
    expect(await history()).toBe(`dev: 3 instances since Tue 2026-11-17 09:00 +09:00 (Asia/Seoul), in
ap-northeast-2, us-east-1

Fri 2026-11-20
  08:00:02  Thu 23:00:02Z  start          schedule dev-start
            by dev-StartEC2Instances, ap-northeast-2
            i-0123456789abcdef0  web-1  stopped -> pending
            i-08ce9b2d7eccf6d26  db-1   stopped -> pending
  20:00:03  Fri 11:00:03Z  stop           schedule dev-stop
            by dev-StopEC2Instances, ap-northeast-2
            i-0123456789abcdef0  web-1  running -> stopping
            i-08ce9b2d7eccf6d26  db-1   running -> stopping
  20:00:04  Fri 11:00:04Z  stop           schedule qa-stop
            by dev-StopEC2Instances, us-east-1
            i-0aaaaaaaaaaaaaaa1  qa-1              running -> stopping
            i-0bbbbbbbbbbbbbbb2  in no target now  running -> stopping
  21:41:10  Fri 12:41:10Z  start          bob@example.com (SSO, PowerUserAccess)
            from 203.0.113.7, console, ap-northeast-2
            i-0123456789abcdef0  web-1  stopped -> pending
            and 2 other instances

Sat 2026-11-21
  12:15:42  Sat 03:15:42Z  terminate
            autoscaling.amazonaws.com (AWS service)  us-east-1
            i-0bbbbbbbbbbbbbbb2  in no target now  running -> shutting-down

Sun 2026-11-22
  16:00:00  Sun 07:00:00Z  stop failed    alice (IAM user)
            from 203.0.113.7, AWS CLI, ap-northeast-2
            UnauthorizedOperation: You are not authorized to perform this
            operation. User: arn:aws:iam::123456789012:user/teams/alice is not
            authorized to perform: ec2:StopInstances on resource:
            arn:aws:ec2:ap-northeast-2:123456789012:instance/i-08ce9b2d7eccf6d26
            because no identity-based policy allows the ec2:StopInstances
            action.
            i-08ce9b2d7eccf6d26  db-1

Mon 2026-11-23
  08:50:00  Sun 23:50:00Z  stop, dry run  schedule unknown
            by dev-StopEC2Instances, ap-northeast-2
            i-0123456789abcdef0  web-1

7 calls: 4 by the functions, 3 by others; 1 failed.
CloudTrail shows a call up to 15 minutes after it was made.
`);
  });

  it("has room for each call on a line of a wide terminal", async () => {
    const text = await history({}, 160);
    expect(text).toContain(
      "\n  20:00:03  Fri 11:00:03Z  stop           schedule dev-stop  by dev-StopEC2Instances, ap-northeast-2\n",
    );
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(160);
  });

  it("looks for three kinds of calls in every region, and tells where it is", async () => {
    const before = lookups().length;
    await history();
    expect(lookups().slice(before).sort()).toEqual([
      `${REGION} StartInstances`,
      `${REGION} StopInstances`,
      `${REGION} TerminateInstances`,
      `${OTHER_REGION} StartInstances`,
      `${OTHER_REGION} StopInstances`,
      `${OTHER_REGION} TerminateInstances`,
    ]);
    expect(told).toContain(`CloudTrail of ${OTHER_REGION}, StartInstances, page 1`);
  });

  it("looks for one instance in its region only", async () => {
    const before = lookups().length;
    const text = await history({ instance: DATABASE });
    expect(lookups().slice(before)).toEqual([`${REGION} ${DATABASE}`]);
    expect(text).toMatch(/^dev: i-08ce9b2d7eccf6d26 since /);
    expect(text).toContain("3 calls: 2 by the functions, 1 by others; 1 failed.");
  });

  it("looks for an instance of no target in all regions, and says so", async () => {
    const text = await history({ instance: STRANGER });
    expect(text).toContain("ci-build-4471 (role DeployRole)");
    expect(inOneLine(text)).toContain(` ${STRANGER} is in no target of c.yaml. `);
  });

  it("names the instance that was probably meant", async () => {
    const text = await history({ instance: DATABASE.replace(/6$/, "5") });
    expect(inOneLine(text)).toContain(
      ` ap-northeast-2, us-east-1 i-08ce9b2d7eccf6d25 is in no target of c.yaml: did you mean ${DATABASE}? No event: no person`,
    );
  });

  it("guesses the schedules where the logs are gone", async () => {
    past = { ...past, logs: {} };
    const text = await history({ instance: DATABASE });
    expect(text).toContain("probably schedule dev-stop");
    expect(text).toContain(`Probably: the logs do not name the schedule, but this one was due at that time.
dev-StopEC2Instances has no log group.
dev-StartEC2Instances has no log group.
`);
  });

  it("guesses the schedules where the logs may not be read, and names the permission", async () => {
    refuse = ({ operation }) =>
      operation === "FilterLogEvents" ? awsFault("AccessDeniedException", "not authorized") : undefined;
    const text = (await history({ instance: DATABASE })).replaceAll("\n", " ");
    expect(text).toContain("probably schedule dev-stop");
    expect(text).toContain(
      "The functions' logs could not be read. AWS refused: these credentials need the permission logs:FilterLogEvents (not authorized) CloudTrail shows",
    );
  });

  it("names the region in which CloudTrail refuses", async () => {
    refuse = ({ operation, region }) =>
      operation === "LookupEvents" && region === OTHER_REGION
        ? awsFault("AccessDeniedException", "no")
        : undefined;
    await expect(history()).rejects.toThrow(AwsError);
    await expect(history()).rejects.toThrow(
      /^us-east-1: AWS refused: these credentials need the permission cloudtrail:LookupEvents/,
    );
  });

  it("shows nothing that would steer a terminal", async () => {
    const [first, ...others] = past.records;
    if (first === undefined) throw new Error("No record");
    const userIdentity = { ...first.userIdentity, type: "IAMUser", userName: "eve\u001b[2J\u202e" };
    past = {
      ...past,
      records: [{ ...first, userIdentity, errorCode: "Client.X", errorMessage: "a\u0007b" }, ...others],
    };
    const text = await history();
    expect(text).toContain("eve\\u001b[2J\\u202e (IAM user)");
    expect(text).toContain("X: a\\u0007b");
  });

  it("is one document as JSON, with all that the calls named", async () => {
    const answer = JSON.parse(await history({ json: true }));
    expect(answer).toMatchObject({
      name: "dev",
      timezone: "Asia/Seoul",
      since: "2026-11-17T00:00:00Z",
      until: "2026-11-24T00:00:00Z",
      regions: [REGION, OTHER_REGION],
      notes: [],
    });
    expect(answer.events).toHaveLength(7);
    expect(answer.events[2]).toMatchObject({
      at: "2026-11-20T11:00:04Z",
      region: OTHER_REGION,
      call: "StopInstances",
      outcome: "accepted",
      caller: { kind: "function", name: "dev-StopEC2Instances", role: "dev-functions-ap-northeast-2" },
      schedule: { names: ["qa-stop"], certain: true },
      instances: [
        { name: "qa-1", targets: ["qa"], stateBefore: "running", stateAfter: "stopping" },
        { instanceId: GONE, targets: [] },
      ],
      otherInstanceCount: 0,
    });
    expect(answer.events[5]).toMatchObject({ outcome: "failed", error: { code: "UnauthorizedOperation" } });
    expect(answer.events[6]).toMatchObject({ schedule: null, error: null, hibernate: false });
  });
});

describe("a history without events", () => {
  beforeEach(() => {
    past = { records: [], logs: {} };
  });

  it("says what that means, and what to look at next", async () => {
    expect(await history()).toBe(`dev: 3 instances since Tue 2026-11-17 09:00 +09:00 (Asia/Seoul), in
ap-northeast-2, us-east-1

No event: no person and no schedule asked EC2 to start, stop or terminate any of
them in that time. A function that finds all instances as they should be asks
nothing either, and what happens without such a call leaves no event: a shutdown
from inside an instance, or one by EC2 itself (a spot interruption, a failing
host).

By the config, dev-start was the last schedule due, on Tue 2026-11-24 08:00
+09:00.

What to check next:
  - CloudTrail shows a call up to 15 minutes after it was made: if it is so
    recent, ask again.
  - The region: events are kept where the instances are, and ap-northeast-2,
    us-east-1 were searched. The account: that of the credentials.
  - Whether the schedules are enabled, and as the config says: ec2-start-stop
    doctor
  - Whether the functions ran, and what they found: ec2-start-stop logs
`);
  });

  it("says so of one instance, by the schedules that are about it", async () => {
    const text = await history({ instance: DATABASE, since: "2026-11-21" });
    expect(text).toContain("asked EC2 to start, stop or terminate it in");
    expect(text).toContain("history without\n    --instance.\n");
    expect(text).toContain("dev-start was the last schedule due, on Tue 2026-11-24 08:00");
    expect(await history({ instance: STRANGER })).not.toContain("By the config");
  });

  it("says that nothing was due where nothing was", async () => {
    expect(await history({ since: "30m" })).toContain("By the config, no schedule was due in that time.");
  });

  it("is an empty list as JSON", async () => {
    expect(JSON.parse(await history({ json: true })).events).toEqual([]);
  });
});
