import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Action, oppositeOf, STATE_AFTER } from "../../contract/actions";
import { MAX_RESUMES } from "../../contract/follow-ups";
import { INSTANCE_TOKENS, leastSeconds } from "../../contract/limits";
import { type FiringOptions, Firings } from "../support/ec2/firings";
import { FunctionBench, fleetOf, idsOf, instanceId, NOW, REGION } from "../support/ec2/run-function";
import { followUpEnvironment } from "../support/ec2/scheduler";
import { printedSeed } from "../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 300_000;

/** Without HTTP and the SDK, which take most of the time. */
const firingsOf = (action: Action, size: number, options: FiringOptions = {}) =>
  new Firings(bench, action, size, { inProcess: true, ...options });
const changingCalls = () => bench.ec2.calls.filter(({ action }) => action !== "DescribeInstances").length;
const notIn = (state: string) =>
  bench.ec2.instances.filter(({ finalState }) => finalState !== state).map(({ spec }) => spec.id);
const errorsOf = ({ runs }: Firings) => runs.flatMap(({ error }) => error ?? []);
/** The reports that alarms would see. */
const alarming = ({ runs }: Firings) =>
  runs.filter(
    ({ error, report }) =>
      error !== undefined || report.InstancesFailed + report.InstancesUnconfirmed + report.LateRequests > 0,
  );
const { capacity } = INSTANCE_TOKENS;

describe.each([
  ["start", 5_000],
  ["stop", 10_000],
] as const)("%s of %d, which EC2's rate does not let change in one run", (action, size) => {
  const wanted = STATE_AFTER[action];
  const least = leastSeconds(action, size);

  /** All have changed, in time and without an alarm, and nothing is left for later. */
  async function expectEnd(firings: Firings): Promise<void> {
    await firings.settled();
    expect(alarming(firings)).toEqual([]);
    expect(notIn(wanted)).toEqual([]);
    expect(bench.scheduler.pending).toEqual([]);
    expect(firings.seconds).toBeLessThan(1.1 * least);
  }
  const expectFewCalls = () => expect(changingCalls()).toBeLessThanOrEqual((2 * size) / capacity);

  it("ends in the time that the rate needs, with few calls and no error", async () => {
    const firings = firingsOf(action, size);
    firings.deliver(0, size);
    await expectEnd(firings);
    expectFewCalls();
    expect(firings.runs[0]?.report).toMatchObject({ status: "unfinished", counts: { failed: 0 } });
    process.stdout.write(
      `${action} of ${size}: ${firings.seconds} s, ${changingCalls()} calls, ${firings.runs.length} runs\n`,
    );
  });

  it("ends so where each request is delivered twice, and changes nothing twice", async () => {
    const firings = firingsOf(action, size, { times: 2 });
    firings.deliver(0, size);
    await expectEnd(firings);
    expect(bench.ec2.instances.filter(({ changes }) => changes !== 1)).toEqual([]);
    // The second of each pair finds out what the first has taken.
    expect(changingCalls()).toBeLessThanOrEqual((6 * size) / capacity);
    process.stdout.write(`${action} of ${size}, twice: ${firings.seconds} s, ${changingCalls()} calls\n`);
  });

  it.each([
    ["is throttled", (nth: number) => (nth % 3 === 0 ? undefined : "ThrottlingException")],
    ["fails", (nth: number) => (nth % 2 === 0 ? undefined : "InternalServerException")],
  ] as const)("ends so where EventBridge Scheduler %s", async (_, refusal) => {
    const firings = firingsOf(action, size);
    bench.scheduler.refusal = refusal;
    firings.deliver(0, size);
    await expectEnd(firings);
    expectFewCalls();
  });

  it("ends so where the answer of EventBridge Scheduler is lost, which has the follow-up already", async () => {
    const firings = firingsOf(action, size);
    bench.scheduler.losesAnswer = () => true;
    firings.deliver(0, size);
    await expectEnd(firings);
    expectFewCalls();
    // Each was written once, and found by its name.
    expect(bench.scheduler.calls.length).toBe(2 * (firings.runs.length - 1));
  });

  it("fails where a follow-up is denied, and Lambda's retry goes on", async () => {
    const firings = firingsOf(action, size);
    bench.scheduler.refusal = (nth) => (nth === 1 ? "AccessDeniedException" : undefined);
    firings.deliver(0, size);
    await firings.settled();
    expect(errorsOf(firings).map(({ message }) => message)).toEqual([
      expect.stringMatching(/no follow-up could be written: scheduler:CreateSchedule is denied/),
    ]);
    expect(notIn(wanted)).toEqual([]);
    expect(bench.scheduler.pending).toEqual([]);
    expect(firings.seconds).toBeLessThan(1.1 * least + 300);
  });

  it("leaves alone what a person changed back, whether it waited or not", async () => {
    const firings = firingsOf(action, size);
    firings.deliver(0, size);
    await bench.clock.sleep(MINUTE_MS);
    const [ours, waiting] = [bench.ec2.instance(instanceId(1)), bench.ec2.instance(instanceId(size))];
    const opposite = oppositeOf(action);
    ours[opposite](bench.clock.now());
    waiting[action](bench.clock.now());
    await bench.clock.sleep(MINUTE_MS);
    waiting[opposite](bench.clock.now());
    await firings.settled();
    expect(alarming(firings)).toEqual([]);
    expect(notIn(wanted)).toEqual([instanceId(1), instanceId(size)]);
    expect(firings.seconds).toBeLessThan(1.1 * least);
    expectFewCalls();
  });
});

describe("two fleets of one minute", () => {
  it.each([1_500, 3_000])("of %d each share the bucket, and both end", async (size) => {
    const firings = firingsOf("start", 2 * size, { random: seededRandom(`two fleets of ${size}`) });
    firings.deliver(0, size);
    firings.deliver(size, size);
    await firings.settled();
    expect(alarming(firings)).toEqual([]);
    expect(notIn("running")).toEqual([]);
    expect(bench.scheduler.pending).toEqual([]);
    expect(firings.seconds).toBeLessThan(1.6 * leastSeconds("start", 2 * size));
    // EC2 does not say what another run has taken. Each finds out by calls that are refused, twice a minute at most: fewer
    // of them leave tokens in a full bucket, and take a third more time.
    expect(changingCalls()).toBeLessThanOrEqual((2 * size) / capacity + firings.seconds / 30);
    process.stdout.write(`two of ${size}: ${Math.round(firings.seconds)} s, ${changingCalls()} calls\n`);
  });
});

/** Lehmer's generator: the runs wait at random, so that they do not come back together. */
function seededRandom(of: string): () => number {
  let drawn = printedSeed(of);
  return () => {
    drawn = (drawn * 48_271) % 2_147_483_647 || 1;
    return drawn / 2_147_483_647;
  };
}

describe("a fleet that cannot be resumed", () => {
  it("is given up after 500 follow-ups: that is a failure, with EC2's reason, and nothing more comes", async () => {
    const fleet = fleetOf(600, { state: "stopped" });
    const targets = [{ region: REGION, instanceIds: idsOf(fleet) }];
    const environment = {
      TARGETS: JSON.stringify(targets),
      ...followUpEnvironment({ targets: [], calendars: [], schedules: [] }),
    };
    const resumed = (attempt: number) => ({
      schedule: "dev-start",
      action: "start",
      scheduledTime: new Date(NOW).toISOString(),
      targets,
      followUp: { kind: "resume", cause: "request-0", attempt },
    });
    const options = { environment, remainingMs: TIMEOUT_MS, tokens: { start: 0 } };
    const last = await bench.run(resumed(MAX_RESUMES - 1), fleet, options);
    expect(last.error).toBeUndefined();
    expect(last.report).toMatchObject({ status: "unfinished", followUps: [{ kind: "resume" }] });
    const given = await bench.run(resumed(MAX_RESUMES), fleet, options);
    expect(given.report).toMatchObject({ status: "failed", counts: { deferred: 0 } });
    expect(given.report.counts.failed).toBeGreaterThan(0);
    expect(given.report.instances[0]).toMatchObject({
      outcome: "failed",
      reason: "given up after 500 follow-ups: EC2's rate allows no more now",
    });
    expect(given.report.InstancesFailed).toBe(given.report.counts.failed);
    expect(given.error?.message).toContain("given up after 500 follow-ups: EC2's rate allows no more now");
    expect(bench.scheduler.calls).toEqual([]);
  });

  it("fails where it cannot be left for later, and Lambda's retries go on with what its rate allows", async () => {
    const fleet = fleetOf(2_000, { state: "stopped" });
    const event = {
      schedule: "dev",
      action: "start",
      targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
    };
    const runs = await bench.runAsLambda(event, fleet, { remainingMs: TIMEOUT_MS, tokens: { start: 1_000 } });
    expect(runs[0]?.error?.message).toContain("EC2's rate allows no more now");
    expect(runs.at(-1)?.error).toBeUndefined();
    expect(notIn("running")).toEqual([]);
  }, 60_000);
});
