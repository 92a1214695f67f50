import { describe, expect, it } from "@jest/globals";
import { listChanged, waitForState } from "../../../../cli/commands/invoke/wait-for-state";
import type { Clock } from "../../../../cli/context";
import type { InstanceState } from "../../../../cli/instances/instance";
import type { InstanceReport, RunReport } from "../../../../contract/report";

const REGION = "eu-west-1";
const place = (instanceId: string) => ({ instanceId, region: REGION });

/** States by the seconds from which on they are so. */
type Course = Readonly<Record<number, readonly string[]>>;

async function settled(course: Course, action: RunReport["action"], interruptAfter?: number) {
  let now = 0;
  const interruption = new AbortController();
  const told: string[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
      if (interruptAfter !== undefined && now >= interruptAfter * 1000) interruption.abort();
    },
  };
  const at = () => {
    const [, states = []] = Object.entries(course).findLast(([from]) => Number(from) * 1000 <= now) ?? [];
    return states;
  };
  const count = course[0]?.length ?? 0;
  const settlement = await waitForState(
    Array.from({ length: count }, (_, index) => place(`i-${index}`)),
    action,
    {
      clock,
      reporter: { update: (doing) => told.push(doing) },
      interrupted: interruption.signal,
      instances: {
        states: async (places) =>
          places.map(
            ({ instanceId }, index): InstanceState => ({ ...place(instanceId), state: at()[index] ?? "" }),
          ),
      },
    },
  );
  return { ...settlement, told, states: settlement.instances.map(({ state }) => state) };
}

describe("waiting for instances", () => {
  it("ends as soon as all are in a state that lasts", async () => {
    const { complete, seconds, instances, told } = await settled(
      { 0: ["stopping", "stopping"], 3: ["stopped", "stopping"], 20: ["stopped", "stopped"] },
      "stop",
    );
    expect(complete).toBe(true);
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(seconds).toBeLessThan(31);
    expect(instances.every(({ asExpected }) => asExpected)).toBe(true);
    expect(told.slice(0, 3)).toEqual([
      "Waiting for 2 instances: 2 stopping",
      "Waiting for 2 instances: 2 stopping",
      "Waiting for 2 instances: 1 stopped, 1 stopping",
    ]);
  });

  it("does not begin where none is on its way", async () => {
    expect(await settled({ 0: ["stopped", "running"] }, "stop")).toMatchObject({
      complete: true,
      seconds: 0,
      instances: [{ asExpected: true }, { asExpected: false }],
      told: [],
    });
  });

  it("tells of a start that falls back", async () => {
    const { complete, states, instances } = await settled({ 0: ["pending"], 5: ["stopped"] }, "start");
    expect({ complete, states }).toEqual({ complete: true, states: ["stopped"] });
    expect(instances[0]?.asExpected).toBe(false);
  });

  it("gives up after ten minutes, with what is so then", async () => {
    const { complete, seconds, states } = await settled({ 0: ["stopping"] }, "stop");
    expect({ complete, states }).toEqual({ complete: false, states: ["stopping"] });
    expect(seconds).toBeGreaterThan(585);
    expect(seconds).toBeLessThanOrEqual(600);
  });

  it("ends when it is interrupted, with what is so then", async () => {
    expect(await settled({ 0: ["stopping"] }, "stop", 4)).toMatchObject({
      complete: false,
      seconds: 5,
      states: ["stopping"],
    });
  });
});

describe("the instances that a run was to change", () => {
  const entry = (outcome: InstanceReport["outcome"], stateBefore?: string): InstanceReport => ({
    ...place(`i-${outcome}`),
    outcome,
    ...(stateBefore ? { stateBefore } : {}),
  });

  it("are those that EC2 knows and that were not left alone", () => {
    const instances = [
      entry("failed", "running"),
      entry("failed"),
      entry("unconfirmed", "running"),
      entry("done", "running"),
      entry("skipped", "running"),
      entry("already", "stopped"),
    ];
    expect(listChanged({ instances } as unknown as RunReport).map(({ instanceId }) => instanceId)).toEqual([
      "i-failed",
      "i-unconfirmed",
      "i-done",
      "i-already",
    ]);
  });
});
