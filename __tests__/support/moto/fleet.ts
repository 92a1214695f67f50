import { DescribeInstancesCommand, RunInstancesCommand, type Tag } from "@aws-sdk/client-ec2";
import { type Aws, OTHER_REGION, REGION } from "./aws";
import { log } from "./log";

/** The instances of a test: ten that the config wants stopped and started, two that it must leave alone. */
export interface Fleet {
  readonly byId: readonly string[];
  readonly byTag: readonly string[];
  readonly unwanted: readonly string[];
}

/** State names (`running`, `stopped`) by instance id. */
export type States = Readonly<Record<string, string>>;

async function launch(aws: Aws, region: string, count: number, tags: Readonly<Record<string, string>>) {
  const Tags: Tag[] = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const command = new RunInstancesCommand({
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    MinCount: count,
    MaxCount: count,
    ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: "instance", Tags }] }),
  });
  const { Instances = [] } = (await aws.ec2[region]?.send(command)) ?? {};
  return Instances.map(({ InstanceId = "" }) => InstanceId);
}

export async function makeFleet(aws: Aws): Promise<Fleet> {
  return {
    byId: await launch(aws, REGION, 5, { Name: "by-id" }),
    byTag: [
      ...(await launch(aws, REGION, 2, { Environment: "staging", KeepRunning: "false" })),
      ...(await launch(aws, REGION, 1, { Environment: "qa" })),
      ...(await launch(aws, OTHER_REGION, 2, { Environment: "staging" })),
    ],
    unwanted: [
      ...(await launch(aws, REGION, 1, { Environment: "production" })),
      ...(await launch(aws, REGION, 1, { Environment: "staging", KeepRunning: "true" })),
    ],
  };
}

export async function readStates(aws: Aws): Promise<States> {
  const states: Record<string, string> = {};
  for (const client of Object.values(aws.ec2)) {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
    for (const { InstanceId = "", State } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      states[InstanceId] = State?.Name ?? "unknown";
    }
  }
  return states;
}

/** What the states should be when the wanted instances are in one state and the others still run. */
export const expectedStates = (fleet: Fleet, wanted: "running" | "stopped"): States =>
  Object.fromEntries([
    ...[...fleet.byId, ...fleet.byTag].map((id) => [id, wanted]),
    ...fleet.unwanted.map((id) => [id, "running"]),
  ]);

/** Reads the states, and writes them into the test's own output. */
export async function reportStates(aws: Aws, fleet: Fleet, moment: string): Promise<States> {
  const states = await readStates(aws);
  log(moment);
  for (const [group, ids] of Object.entries(fleet)) {
    log(`  ${group.padEnd(8)} ${(ids as string[]).map((id) => `${id} ${states[id]}`).join(", ")}`);
  }
  return states;
}
