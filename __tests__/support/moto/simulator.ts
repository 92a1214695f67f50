import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HARNESS } from "./paths";

/** A local AWS on a loopback port of its own. */
export interface Simulator {
  readonly endpoint: string;
  /** From now on every call needs known credentials and a policy that allows it. */
  enforceIam(): Promise<void>;
  /** From now on every call is allowed, as at the start. */
  relaxIam(): Promise<void>;
  stop(): Promise<void>;
}

const START_SECONDS = 60;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("No loopback port"));
        else resolve(address.port);
      });
    });
  });

async function answers(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/moto-api/`)).ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(endpoint: string, child: ChildProcess, output: () => string): Promise<void> {
  for (const deadline = Date.now() + START_SECONDS * 1000; Date.now() < deadline; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`The simulator ended with ${child.exitCode}:\n${output()}`);
    if (await answers(endpoint)) return;
  }
  throw new Error(`The simulator did not answer within ${START_SECONDS} s:\n${output()}`);
}

export async function startSimulator(python: string): Promise<Simulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(python, [join(HARNESS, "simulator.py"), "-H", "127.0.0.1", "-p", String(port)], {
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: "false" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // The last of it is enough to explain a failure; it also logs each of thousands of requests.
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-8_000);
  });
  await waitUntilReady(endpoint, child, () => tail);

  const allowUncheckedCalls = async (count: string) => {
    const response = await fetch(`${endpoint}/moto-api/reset-auth`, { method: "POST", body: count });
    if (!response.ok) throw new Error(`The simulator's access control answered ${response.status}`);
  };
  return {
    endpoint,
    enforceIam: () => allowUncheckedCalls("0"),
    relaxIam: () => allowUncheckedCalls("inf"),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
