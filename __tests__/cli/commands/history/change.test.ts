import { describe, expect, it } from "@jest/globals";
import type { TrailEvent } from "../../../../cli/aws/cloudtrail";
import { parseChange } from "../../../../cli/commands/history/change";
import {
  AGENTS,
  ALICE,
  DRY_RUN,
  type RecordedCall,
  recordOf,
} from "../../../support/aws-server/trail-records";

const OWN = {
  region: "ap-northeast-2",
  names: ["dev-StopEC2Instances"],
  role: "dev-functions-ap-northeast-2",
};
const ID = "i-0123456789abcdef0";
const CALL: RecordedCall = {
  at: "2026-11-23T11:00:03Z",
  call: "StopInstances",
  by: ALICE,
  instanceIds: [ID],
};

function event(call: Partial<RecordedCall> = {}, of: Partial<TrailEvent> = {}): TrailEvent {
  const record = recordOf({ ...CALL, ...call });
  return {
    eventId: record.eventID,
    eventName: record.eventName,
    eventSource: "ec2.amazonaws.com",
    at: new Date(record.eventTime),
    region: "ap-northeast-2",
    resources: [],
    record: JSON.stringify(record),
    ...of,
  };
}

describe("what a CloudTrail event says of a change", () => {
  it("is the instances with their states, and where the call came from", () => {
    expect(parseChange(event(), OWN)).toMatchObject({
      call: "StopInstances",
      outcome: "accepted",
      at: new Date("2026-11-23T11:00:03Z"),
      caller: { kind: "user", name: "alice" },
      sourceIp: "203.0.113.7",
      fromConsole: false,
      instances: [{ instanceId: ID, stateBefore: "running", stateAfter: "stopping" }],
    });
  });

  it("is a failure with its code, and the instances of the request", () => {
    const error = { code: "Client.UnauthorizedOperation", message: "You are not authorized." };
    expect(parseChange(event({ error }), OWN)).toMatchObject({
      outcome: "failed",
      error: { code: "UnauthorizedOperation", message: "You are not authorized." },
      instances: [{ instanceId: ID }],
    });
  });

  it("is a dry run where EC2 says that it would have", () => {
    const change = parseChange(event({ error: DRY_RUN }), OWN);
    expect(change?.outcome).toBe("dry-run");
    expect(change).not.toHaveProperty("error");
  });

  it.each([
    ["the old console", { userAgent: AGENTS.console }],
    ["the console of today", { more: { sessionCredentialFromConsole: "true" } }],
  ])("is from the console, of %s", (_, call) => {
    expect(parseChange(event(call), OWN)?.fromConsole).toBe(true);
  });

  it("is a hibernation where that was asked for", () => {
    const requestParameters = { instancesSet: { items: [{ instanceId: ID }] }, hibernate: true, force: true };
    expect(parseChange(event({ more: { requestParameters } }), OWN)).toMatchObject({
      hibernate: true,
      force: true,
    });
  });

  it("is what the event names where its record cannot be read", () => {
    const unreadable = { record: "not JSON", username: "alice", resources: [ID, "subnet-0123"] };
    expect(parseChange(event({}, unreadable), OWN)).toMatchObject({
      outcome: "accepted",
      caller: { kind: "unknown", name: "alice" },
      instances: [{ instanceId: ID }],
    });
  });

  it("leaves out what is not as expected, and keeps the rest", () => {
    const items = [
      null,
      { instanceId: 5 },
      { instanceId: ID, previousState: "x", currentState: { name: "stopping" } },
    ];
    const record = JSON.stringify({
      ...JSON.parse(event().record ?? ""),
      userAgent: { no: "text" },
      responseElements: { instancesSet: { items } },
      requestParameters: "<sensitiveDataRemoved>",
    });
    const change = parseChange(event({}, { record }), OWN);
    expect(change?.instances).toEqual([{ instanceId: ID, stateAfter: "stopping" }]);
    expect(change?.sourceIp).toBe("203.0.113.7");
    expect(change).not.toHaveProperty("userAgent");
  });

  it.each([
    ["another call", { eventName: "CreateTags" }],
    ["a call to another service", { eventSource: "opsworks.amazonaws.com" }],
  ])("is nothing, of %s", (_, of) => {
    expect(parseChange(event({}, of), OWN)).toBeUndefined();
  });
});
