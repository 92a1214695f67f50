import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { changeXml, describeXml, errorXml } from "../support/ec2/query-protocol";
import { FunctionBench, fleetOf, idsOf, REGION } from "../support/ec2/run-function";
import type { SimulatedFault } from "../support/ec2/simulator";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const request = (target: object) => ({
  schedule: "dev-stop",
  action: "stop",
  targets: [{ region: REGION, ...target }],
});
const tags = { tags: { Environment: ["dev"] } };
const fleet = fleetOf(3, { tags: { Environment: "dev" } });
const answeredBy = (fault: SimulatedFault, action = "DescribeInstances") => ({
  faults: (call: { action: string }) => (call.action === action ? fault : undefined),
});

/** Yields 2 GB, of which a function has no room for a quarter. */
function* endless(start: string): Iterable<string> {
  yield start;
  const part = " ".repeat(1_000_000);
  for (let index = 0; index < 2_000; index++) yield part;
}

describe("a success that is no answer of EC2 fails the search, with what answered", () => {
  it.each<[string, SimulatedFault, string]>([
    ["a web page", { kind: "html", status: 200 }, "<html><body>Service Unavailable"],
    ["an empty body", { kind: "body", body: "" }, "an empty body"],
    ["white space", { kind: "body", body: " \n " }, "an empty body"],
    ["JSON", { kind: "body", body: '{"ok":true}' }, "ok"],
    [
      "another action's answer",
      { kind: "body", body: changeXml("StopInstances", []) },
      "StopInstancesResponse",
    ],
    [
      "an answer that a proxy cut",
      { kind: "body", body: describeXml([], undefined).slice(0, -30) },
      "DescribeInst",
    ],
    [
      "an answer without its list",
      {
        kind: "body",
        body: "<DescribeInstancesResponse><requestId>1</requestId></DescribeInstancesResponse>",
      },
      "expected reservations",
    ],
    [
      "2 GB",
      { kind: "body", body: () => endless("<DescribeInstancesResponse><reservationSet>") },
      "longer than 24000 kB",
    ],
    [
      "an error",
      { kind: "body", body: errorXml({ code: "InternalError", message: "broken" }) },
      "InternalError: broken",
    ],
    [
      "an error within an answer",
      {
        kind: "body",
        body: "<DescribeInstancesResponse><Errors><Error><Code>InternalError</Code><Message>broken</Message></Error></Errors><reservationSet/></DescribeInstancesResponse>",
      },
      "InternalError: broken",
    ],
    [
      "an error of 2 GB",
      {
        kind: "body",
        status: 400,
        body: () => endless("<Response><Errors><Error><Code>InvalidRequest</Code><Message>Wrong"),
      },
      "InvalidRequest: Wrong",
    ],
  ])("%s", async (_name, fault, found) => {
    const { report, error } = await bench.run(request(tags), fleet, answeredBy(fault));
    expect(report).toMatchObject({ status: "failed", counts: { done: 0, failed: 1 }, warnings: [] });
    expect(report.errors[0]?.reason).toContain(found);
    expect(error?.name).toBe("StartStopError");
  });
});

it("an error under a status of 200 is handled by its code", async () => {
  const denied = errorXml({ code: "UnauthorizedOperation", message: "You are not authorized." });
  const { report } = await bench.run(request(tags), fleet, answeredBy({ kind: "body", body: denied }));
  expect(report.calls.describe).toBe(1);
  expect(report.errors[0]?.reason).toContain("ec2:DescribeInstances is denied");
});

it("a change that a web page answers is looked up, and asked for again", async () => {
  const { report } = await bench.run(request({ instanceIds: idsOf(fleet) }), fleet, {
    faults: ({ action, nth }) =>
      action === "StopInstances" && nth <= 2 ? { kind: "html", status: 200 } : undefined,
  });
  expect(report.counts.done).toBe(3);
});

describe("an answer to a change that leaves an instance out is looked up, and asked for again", () => {
  const cases = (["start", "stop"] as const).flatMap((action) => {
    const name = `${action === "start" ? "Start" : "Stop"}Instances`;
    const listing = (...ids: string[]) =>
      changeXml(
        name,
        ids.map((id) => ({ id, current: "pending", previous: "stopped" })),
      );
    return [
      [action, name, "no list", `<${name}Response><requestId>1</requestId></${name}Response>`],
      [action, name, "an empty list", listing()],
      [action, name, "another instance", listing("i-0fffffffffffffff0")],
      [action, name, "some of them", listing(...idsOf(fleet).slice(1))],
    ] as const;
  });

  it.each(cases)("%s, %s with %s", async (action, name, _what, body) => {
    const state = action === "start" ? "stopped" : "running";
    const instances = fleetOf(3, { state });
    const event = { schedule: "dev", action, targets: [{ region: REGION, instanceIds: idsOf(instances) }] };
    const { report } = await bench.run(event, instances, {
      faults: (call) => (call.action === name && call.nth === 1 ? { kind: "body", body } : undefined),
    });
    const left = report.instances.find(({ instanceId }) => instanceId === instances[0]?.id);
    expect(left?.outcome).toBe("done");
    expect(report.calls[action]).toBe(2);
  });

  it("fails where it stays so, with what was expected", async () => {
    const { report } = await bench.run(
      request({ instanceIds: idsOf(fleet) }),
      fleet,
      answeredBy({ kind: "body", body: changeXml("StopInstances", []) }, "StopInstances"),
    );
    expect(report.counts.unconfirmed).toBe(3);
    expect(report.instances[0]?.reason).toContain("expected the instance in EC2's answer");
    expect(report.calls.stop).toBeLessThanOrEqual(4);
  });
});

it.each([
  "<Response><Errors/></Response>",
  "<Response><Errors><Error></Error></Errors></Response>",
  "<Response><Errors><Error><Code> </Code><Message>broken</Message></Error></Errors></Response>",
])("an error without a code is no answer of EC2: %s", async (body) => {
  const fault: SimulatedFault = { kind: "body", body, status: 400 };
  const { report } = await bench.run(request(tags), fleet, answeredBy(fault));
  expect(report.errors[0]?.reason).toContain("UnreadableAnswer: expected EC2's answer, got status 400");
});

it("a page of 1,000 instances with 50 long tags each is read", async () => {
  const long = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`${index}-`.padEnd(128, "k"), "v".repeat(256)]),
  );
  const many = fleetOf(1000, { tags: { ...long, Environment: "dev" } });
  const { report } = await bench.run(request(tags), many);
  expect(report.counts.done).toBe(1000);
});
