import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { importSupport } from "./function-simulator.mjs";
import { peakMb } from "./peak-memory.mjs";

/** EC2's token bucket for the instances that calls name: its size, and what returns to it in a second. */
const BUCKET = { size: 1000, perSecond: { start: 2, stop: 20 } };
const CASES = [
  { action: "start", size: 5_000 },
  { action: "stop", size: 10_000 },
];

/**
 * Measures how long EC2's rate makes large fleets take, with all follow-ups, by a virtual clock: its seconds, the calls, and
 * what the computing took, with the function's clients but with the simulator in the same process.
 */
export async function run() {
  const measured = [];
  for (const each of CASES) measured.push({ ...each, ...(await inChild(each)) });
  return { title: "Fleets beyond EC2's rate, by a virtual clock", table: measured.map(row), json: measured };
}

/** Runs a case in a process of its own, whose peak memory is its own. */
function inChild({ action, size }) {
  const child = fork(fileURLToPath(import.meta.url), [action, String(size)]);
  return new Promise((resolve, reject) => {
    let result;
    child.once("message", (message) => {
      result = message;
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      result ? resolve(result) : reject(new Error(`The measured process ended with ${code} and no result`)),
    );
  });
}

async function measure(action, size) {
  const { FunctionBench } = await importSupport("run-function");
  const { Firings } = await importSupport("firings");
  const bench = new FunctionBench();
  await bench.open();
  const firings = new Firings(bench, action, size);
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  firings.deliver(0, size);
  await firings.settled();
  const { user, system } = process.cpuUsage(cpu);
  const result = {
    seconds: firings.seconds,
    leastSeconds: (size - BUCKET.size) / BUCKET.perSecond[action],
    runs: firings.runs.length,
    describeCalls: bench.ec2.count("DescribeInstances"),
    changingCalls: bench.ec2.count("StartInstances") + bench.ec2.count("StopInstances"),
    changed: bench.ec2.instances.filter(({ changes }) => changes === 1).length,
    realSeconds: (performance.now() - begun) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMb: peakMb(),
  };
  await bench.close();
  return result;
}

function row({ action, size, ...result }) {
  return {
    fleet: `${action}, ${size}`,
    seconds: result.seconds.toFixed(0),
    "EC2's least": result.leastSeconds.toFixed(0),
    runs: result.runs,
    "describe calls": result.describeCalls,
    "changing calls": result.changingCalls,
    changed: `${result.changed} of ${size}`,
    "real seconds": result.realSeconds.toFixed(1),
    "CPU seconds": result.cpuSeconds.toFixed(1),
    "peak MB": Math.round(result.peakMb),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , action, size] = process.argv;
  process.send(await measure(action, Number(size)));
  process.disconnect();
}
