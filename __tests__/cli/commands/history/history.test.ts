import { describe, expect, it } from "@jest/globals";
import type { InstanceChange } from "../../../../cli/commands/history/change";
import { listKnownInstances, selectChanges } from "../../../../cli/commands/history/history";
import type { ResolvedTarget, TargetInstance } from "../../../../cli/instances/instance";

const [A, B, C, D] = [
  "i-0000000000000000a",
  "i-0000000000000000b",
  "i-0000000000000000c",
  "i-0000000000000000d",
] as const;

const instance = (instanceId: string, name?: string): TargetInstance => ({
  instanceId,
  region: "ap-northeast-2",
  state: "running",
  tags: {},
  volumeIds: [],
  ...(name === undefined ? {} : { name }),
});
const target = (
  name: string,
  instances: readonly TargetInstance[],
  missing: readonly string[] = [],
): ResolvedTarget => ({
  name,
  regions: ["ap-northeast-2"],
  instances,
  missing: missing.map((instanceId) => ({ instanceId, region: "ap-northeast-2" })),
  emptyRegions: [],
});
const TARGETS = [target("dev", [instance(A, "web-1")], [B]), target("all", [instance(A, "web-1")])];

function change(
  eventId: string,
  at: string,
  instanceIds: readonly string[],
  kind: InstanceChange["caller"]["kind"] = "user",
): InstanceChange {
  return {
    eventId,
    at: new Date(at),
    region: "ap-northeast-2",
    call: "StopInstances",
    outcome: "accepted",
    caller: { kind, name: "x" },
    fromConsole: false,
    hibernate: false,
    force: false,
    instances: instanceIds.map((instanceId) => ({ instanceId })),
  };
}

describe("what a history is about", () => {
  const known = listKnownInstances(TARGETS);

  it("is the instances of all targets, and the ids that EC2 does not know", () => {
    expect([...known.values()]).toEqual([
      { instanceId: A, name: "web-1", targets: ["dev", "all"] },
      { instanceId: B, targets: ["dev"] },
    ]);
  });

  it("is the calls that name them, oldest first, with the others of the call counted", () => {
    const changes = selectChanges(
      [
        change("2", "2026-11-23T11:00:00Z", [C, A, D]),
        change("3", "2026-11-23T12:00:00Z", [C]),
        change("1", "2026-11-22T11:00:00Z", [B]),
      ],
      known,
    );
    expect(changes.map(({ eventId }) => eventId)).toEqual(["1", "2"]);
    expect(changes[1]).toMatchObject({
      instances: [{ instanceId: A, name: "web-1" }],
      otherInstanceCount: 2,
    });
  });

  it("is what the functions started and stopped, though it is in no target now", () => {
    const changes = selectChanges(
      [
        change("1", "2026-11-22T11:00:00Z", [C], "function"),
        change("2", "2026-11-23T11:00:00Z", [C], "service"),
        change("3", "2026-11-23T11:00:00Z", [D], "service"),
      ],
      known,
    );
    expect(changes.map(({ eventId }) => eventId)).toEqual(["1", "2"]);
    expect(changes[1]?.instances).toEqual([{ instanceId: C, targets: [] }]);
  });

  it("is every call of the functions, even one of which no instance can be read", () => {
    expect(selectChanges([change("1", "2026-11-22T11:00:00Z", [], "function")], known)).toHaveLength(1);
  });

  it("is one instance only where that is asked for", () => {
    const changes = selectChanges(
      [
        change("1", "2026-11-22T11:00:00Z", [A, B], "function"),
        change("2", "2026-11-22T12:00:00Z", [B], "function"),
      ],
      known,
      { instanceId: A, targets: ["dev"] },
    );
    expect(changes).toMatchObject([{ eventId: "1", instances: [{ instanceId: A }], otherInstanceCount: 1 }]);
  });
});
