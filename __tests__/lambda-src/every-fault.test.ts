import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { errorXml } from "../support/ec2/query-protocol";
import { FunctionBench, fleetOf, idsOf, REGION } from "../support/ec2/run-function";
import type { SimulatedCall, SimulatedFault } from "../support/ec2/simulator";
import { discrepancies } from "../support/ec2/truth";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const FAULTS: Readonly<Record<string, SimulatedFault>> = {
  "throttling (503)": {
    kind: "error",
    code: "RequestLimitExceeded",
    message: "Request limit exceeded.",
    status: 503,
  },
  "throttling (400)": { kind: "error", code: "Throttling", message: "Rate exceeded", status: 400 },
  "an internal error": {
    kind: "error",
    code: "InternalError",
    message: "An internal error has occurred",
    status: 500,
  },
  unavailability: { kind: "error", code: "Unavailable", message: "The service is unavailable.", status: 503 },
  "a page of HTML": { kind: "html" },
  "a page of HTML as a success": { kind: "html", status: 200 },
  "an empty success": { kind: "body", body: "" },
  "an error as a success": {
    kind: "body",
    body: errorXml({ code: "InternalError", message: "An internal error has occurred" }),
  },
  "an error of 1 MB": {
    kind: "body",
    status: 500,
    body: errorXml({ code: "InternalError", message: "An internal error has occurred. ".repeat(32_000) }),
  },
  "a reset before the effect": { kind: "reset-before" },
  "a reset after the effect": { kind: "reset-after" },
  "half an answer": { kind: "half" },
  "an answer after 40 s": { kind: "slow", milliseconds: 40_000 },
  silence: { kind: "silent" },
};

type Moment = (call: SimulatedCall) => number;
/** Returns the number of calls of this moment so far, this one included; 0 if the call is of another moment. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  "before the changing call": ({ action, nth }) =>
    action === "DescribeInstances" &&
    bench.ec2.count("StartInstances") + bench.ec2.count("StopInstances") === 0
      ? nth
      : 0,
  "during the changing call": ({ action, nth }) => (action === "DescribeInstances" ? 0 : nth),
  "after the changing call": ({ action, nth }) =>
    action === "DescribeInstances" && bench.ec2.count("StartInstances") + bench.ec2.count("StopInstances") > 0
      ? nth - 1
      : 0,
};

const cases = ["start", "stop"].flatMap((action) =>
  Object.keys(FAULTS).flatMap((fault) =>
    Object.keys(MOMENTS).map((moment) => [action, fault, moment] as const),
  ),
);

const REMAINING_MS = 120_000;
const fleet = (action: string) => {
  const state = action === "start" ? "stopped" : "running";
  return [
    ...fleetOf(3, { state }, 1),
    ...fleetOf(3, { state, tags: { Environment: "dev" } }, 11),
    ...fleetOf(3, { state }, 21),
  ];
};
const request = (action: string) => ({
  schedule: "dev",
  action,
  targets: [
    { region: REGION, instanceIds: idsOf(fleet(action)).slice(0, 3), tags: { Environment: ["dev"] } },
  ],
});
const wanted = (action: string) => idsOf(fleet(action)).slice(0, 6);

function faultAt(name: string, moment: string, isHit: (nth: number) => boolean) {
  return (call: SimulatedCall) => {
    const nth = MOMENTS[moment]?.(call) ?? 0;
    return nth > 0 && isHit(nth) ? FAULTS[name] : undefined;
  };
}

describe("a transient fault", () => {
  it.each(cases)("%s: %s %s leaves no instance unhandled", async (action, fault, moment) => {
    const options = { faults: faultAt(fault, moment, (nth) => nth <= 2), remainingMs: REMAINING_MS };
    const run = await bench.run(request(action), fleet(action), options);
    expect(discrepancies(bench, run, wanted(action), REMAINING_MS)).toEqual([]);
    expect(run.report.counts).toMatchObject({ done: 6 });
    expect(bench.ec2.instances.map(({ changes }) => changes)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0]);
  });
});

describe("a permanent fault", () => {
  it.each(cases)("%s: %s %s ends in time with a truthful report", async (action, fault, moment) => {
    const options = { faults: faultAt(fault, moment, () => true), remainingMs: REMAINING_MS };
    const run = await bench.run(request(action), fleet(action), options);
    expect(discrepancies(bench, run, wanted(action), REMAINING_MS)).toEqual([]);
    const neverPolls = action === "stop" && moment.startsWith("after");
    const tookEffect = fault.includes("after") || fault.includes("half");
    const pollShowsEffect = moment.startsWith("during") && tookEffect;
    if (neverPolls || pollShowsEffect) expect(run.report.counts.done).toBe(6);
    else expect(run.error?.name).toBe("StartStopError");
  });

  it("reports instances as unconfirmed if EC2 no longer answers after their start", async () => {
    const faults = faultAt("silence", "after the changing call", () => true);
    const { report } = await bench.run(request("start"), fleet("start"), { faults });
    expect(report.counts).toMatchObject({ done: 0, failed: 0, unconfirmed: 6, deferred: 0 });
  });

  it("reports a region that could not be read as failed", async () => {
    const faults = faultAt("silence", "before the changing call", () => true);
    const { report } = await bench.run(request("stop"), fleet("stop"), { faults });
    expect(report.counts).toMatchObject({ done: 0, failed: 4 });
    expect(report.errors).toHaveLength(1);
  });
});
