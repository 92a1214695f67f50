import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startSimulator, systemClock } from "./function-simulator.mjs";

export const REGION = "ap-northeast-2";
/** EC2's rate lets no larger fleet change at once: `pace` measures those. */
const SIZES = [1, 10, 100, 1000];
const TOKENS = { start: 1000, stop: 1000 };
const DENIAL = {
  kind: "error",
  code: "UnauthorizedOperation",
  message: "You are not authorized to perform this operation.",
  status: 403,
};

/** Faults of a fleet of `size`: how many of its ids do not exist, or whether changes are denied. */
const CASES = [
  { name: "healthy", sizes: SIZES, bad: () => 0 },
  { name: "1 bad id", sizes: SIZES.filter((size) => size > 1), bad: () => 1 },
  { name: "10 bad ids", sizes: SIZES.filter((size) => size > 10), bad: () => 10 },
  { name: "all ids bad", sizes: SIZES, bad: (size) => size },
  { name: "denied", sizes: SIZES, bad: () => 0, denied: true },
];

export const instanceId = (number) => `i-${number.toString(16).padStart(17, "0")}`;

/**
 * Measures the built function and the hand-made one of the tutorials, each in a process of its own against an EC2 in
 * memory: calls, seconds and peak memory for fleets of 1 to 1,000 instances, healthy and with faults.
 */
export async function run() {
  const simulator = await startSimulator();
  const measured = [];
  try {
    for (const { name, sizes, bad, denied = false } of CASES) {
      for (const size of sizes) {
        for (const program of ["ours", "tutorial"]) {
          const options = { program, action: "stop", size, bad: bad(size), denied };
          measured.push({ fault: name, ...(await measure(simulator, options)) });
        }
      }
    }
    measured.push({
      fault: "healthy",
      ...(await measure(simulator, { program: "ours", action: "start", size: 1000, bad: 0, denied: false })),
    });
  } finally {
    await simulator.close();
  }
  return {
    title: "The function: calls, time and memory by fleet",
    table: measured.map(row),
    json: { measured, growth: growth(measured) },
  };
}

async function measure(simulator, { program, action, size, bad, denied }) {
  const healthy = Array.from({ length: size - bad }, (_, index) => instanceId(index + 1));
  const unknown = Array.from({ length: bad }, (_, index) => instanceId(1_000_000 + index));
  const state = action === "stop" ? "running" : "stopped";
  simulator.ec2.load(
    healthy.map((healthyId) => ({ id: healthyId, state, startMs: 1_000 })),
    {
      clock: systemClock,
      tokens: TOKENS,
      faults: (call) => (denied && call.action !== "DescribeInstances" ? DENIAL : undefined),
    },
  );
  const result = await inChild(program, action, [...healthy, ...unknown], simulator.url);
  const changed = simulator.ec2.instances.filter(({ changes }) => changes > 0).length;
  return {
    program,
    action,
    size,
    describeCalls: simulator.ec2.count("DescribeInstances"),
    changingCalls: simulator.ec2.count("StartInstances") + simulator.ec2.count("StopInstances"),
    healthy: denied ? 0 : size - bad,
    handled: changed,
    ...result,
  };
}

/** Runs a program in a process of its own, with a share of a CPU if given. */
export function inChild(program, action, instanceIds, url, share) {
  const child = fork(fileURLToPath(new URL("./function-child.mjs", import.meta.url)), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      ACTION: action,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
  });
  share?.add(child.pid);
  return new Promise((resolve, reject) => {
    let result;
    child.once("message", (message) => {
      result = message;
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      result ? resolve(result) : reject(new Error(`The measured process ended with ${code} and no result`)),
    );
    child.send({ program, event: { schedule: "bench", action, targets: [{ region: REGION, instanceIds }] } });
  });
}

function row({
  fault,
  program,
  action,
  size,
  describeCalls,
  changingCalls,
  healthy,
  handled,
  outcome,
  seconds,
  peakMb,
}) {
  return {
    fleet: `${action}, ${size}, ${fault}`,
    function: program,
    "describe calls": describeCalls,
    "changing calls": changingCalls,
    handled: `${handled} of ${healthy}`,
    outcome,
    seconds: seconds.toFixed(2),
    "peak MB": Math.round(peakMb),
  };
}

/** Compares the cost of 1,000 healthy instances with that of 100. */
function growth(measured) {
  const of = (size) =>
    measured.find(
      (one) =>
        one.program === "ours" && one.fault === "healthy" && one.action === "stop" && one.size === size,
    );
  const [small, large] = [of(100), of(1000)];
  return {
    instances: 10,
    calls: (large.describeCalls + large.changingCalls) / (small.describeCalls + small.changingCalls),
    seconds: large.seconds / small.seconds,
    peakMb: large.peakMb / small.peakMb,
  };
}
