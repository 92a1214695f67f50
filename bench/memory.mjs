import { CpuShare } from "./cpu-share.mjs";
import { inChild, instanceId, REGION } from "./function.mjs";
import { startSimulator, systemClock } from "./function-simulator.mjs";

/** The least memory that Lambda offers, a seventh of a CPU, the default, and a whole CPU. */
const MEMORIES_MB = [128, 256, 1024, 1769];
const FOREVER_MS = 24 * 3600 * 1000;
/** Many, since they are most of what DescribeInstances answers. */
const TAGS = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`example.com:tag-${index}`, `value-${index}-`.padEnd(60, "x")]),
);

const CASES = [
  { name: "stop of 1,000", action: "stop", size: 1000, memories: MEMORIES_MB },
  { name: "stop of 10,000, as far as EC2's rate goes", action: "stop", size: 10_000, memories: [1024] },
  {
    name: "start of 1,000, which takes EC2 15 s",
    action: "start",
    size: 1000,
    startMs: 15_000,
    memories: MEMORIES_MB,
  },
  {
    name: "start of 700 that stay pending",
    action: "start",
    size: 700,
    startMs: FOREVER_MS,
    memories: [128, 1024],
  },
];

/**
 * Measures the built function with Lambda's share of a CPU by memory, on instances with 40 tags and with a timeout of a
 * minute: whether it reports in time, after how many seconds, and its peak memory.
 */
export async function run() {
  const simulator = await startSimulator();
  const measured = [];
  try {
    for (const { memories, ...each } of CASES) {
      for (const memoryMb of memories) measured.push(await measure(simulator, each, memoryMb));
    }
  } catch (error) {
    return { title: TITLE, skipped: error.message };
  } finally {
    await simulator.close();
  }
  return { title: TITLE, table: measured.map(row), json: measured };
}

const TITLE = "The function with Lambda's share of a CPU, by memory";

async function measure(simulator, { name, action, size, startMs }, memoryMb) {
  const share = new CpuShare(memoryMb);
  const state = action === "stop" ? "running" : "stopped";
  const ids = Array.from({ length: size }, (_, index) => instanceId(index + 1));
  simulator.ec2.load(
    ids.map((id) => ({ id, state, startMs, tags: TAGS, region: REGION })),
    { clock: systemClock },
  );
  try {
    const result = await inChild("ours", action, ids, simulator.url, share);
    return { name, memoryMb, describeCalls: simulator.ec2.count("DescribeInstances"), ...result };
  } finally {
    share.close();
  }
}

function row({ name, memoryMb, describeCalls, outcome, seconds, peakMb }) {
  return {
    run: name,
    memory: `${memoryMb} MB`,
    "describe calls": describeCalls,
    outcome,
    seconds: seconds.toFixed(1),
    "peak MB": Math.round(peakMb),
  };
}
