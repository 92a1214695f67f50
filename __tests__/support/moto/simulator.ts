import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
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

/** The simulator's first line: the port that it bound. */
function portOf(child: ChildProcessByStdio<null, Readable, Readable>, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill("SIGTERM");
      reject(new Error(`The simulator ${what}:\n${output()}`));
    };
    const timer = setTimeout(() => fail(`told no port within ${START_SECONDS} s`), START_SECONDS * 1000);
    child.once("error", ({ message }) => fail(`did not start: ${message}`));
    child.once("close", (code) => fail(`ended with ${code}`));
    createInterface(child.stdout).once("line", (line) => {
      clearTimeout(timer);
      resolve(Number(line));
    });
  });
}

export async function startSimulator(python: string): Promise<Simulator> {
  const child = spawn(python, [join(HARNESS, "simulator.py")], {
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: "false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // The last of it is enough to explain a failure; it also logs each of thousands of requests.
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-8_000);
  });
  const endpoint = `http://127.0.0.1:${await portOf(child, () => tail)}`;

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
