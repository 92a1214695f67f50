import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import config from "../scripts/function.rolldown.mjs";
import { CpuShare } from "./cpu-share.mjs";
import { startSimulator, systemClock } from "./function-simulator.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "dist/lambda");
/** A seventh of a CPU, and the default. */
const MEMORIES_MB = [256, 1024];
const ROUNDS = 11;
const LARGEST = 10;
/** The bundle's load and first run, as a share of boto3's. */
const MAX_SHARE = 1 / 3;
const PYTHONS = [".venv/bin/python", ".venv/Scripts/python.exe", "python3", "python"];
const REGION = "us-east-1";
const INSTANCE_ID = "i-00000000000000001";
const EVENT = {
  schedule: "bench",
  action: "stop",
  targets: [{ region: REGION, instanceIds: [INSTANCE_ID] }],
};

const RUN_BUNDLE = `const began = performance.now();
const { handler } = require(${JSON.stringify(join(FOLDER, "index.js"))});
const loadMs = performance.now() - began;
handler(${JSON.stringify(EVENT)}, {}).then(() => console.log(JSON.stringify({ loadMs, runMs: performance.now() - began })));`;
const RUN_BOTO3 = `import json, time
began = time.perf_counter()
import boto3
ec2 = boto3.client("ec2", region_name="${REGION}")
load = time.perf_counter() - began
ec2.stop_instances(InstanceIds=["${INSTANCE_ID}"])
print(json.dumps({"loadMs": load * 1000, "runMs": (time.perf_counter() - began) * 1000}))`;

/** The figures of one process, in ms: until the code is loaded, until its first run is done, until the process ends. */
const FIGURES = [
  { key: "loadMs", what: "load" },
  { key: "runMs", what: "load and first run" },
  { key: "processMs", what: "whole process" },
];

/**
 * Measures the function's size, and what its first run takes in a fresh process against an EC2 in memory, compared with the
 * one call of a function on boto3: with a CPU of its own, and with Lambda's share of one. The two run in turn, and their
 * minimums are compared, which other work on the machine disturbs least.
 */
export async function run() {
  const bytesOf = (files) => sum(files.map((file) => statSync(join(FOLDER, file)).size));
  const bundleBytes = bytesOf(filesLoadedBy("index.js"));
  const checksBytes = bytesOf(filesLoadedBy("index.js", "services.js"));
  const wholeBytes = bytesOf(readdirSync(FOLDER));
  const zipBytes = statSync(join(ROOT, "dist/lambda.zip")).size;
  const python = findPython();
  const parts = await largestParts();
  const starts = await measureStarts(python.path);
  return {
    title: `The function's start: size, load and first run (minimum of ${ROUNDS})`,
    table: [
      { what: "bundle, as loaded", ours: kilobytes(bundleBytes) },
      { what: "with the code for checks", ours: kilobytes(checksBytes) },
      { what: "all of it", ours: kilobytes(wholeBytes) },
      { what: "all of it, zipped", ours: kilobytes(zipBytes) },
      ...starts.map((start) => startRow(start, python.missing)),
      ...parts.map(({ module, bytes }) => ({
        what: `part: ${module}`,
        ours: `${kilobytes(bytes)} unminified`,
      })),
    ],
    json: { bundleBytes, checksBytes, wholeBytes, zipBytes, starts, parts },
  };
}

/** The files of the bundle that are loaded with some of them. */
function filesLoadedBy(...files) {
  const require = createRequire(import.meta.url);
  for (const file of files) require(join(FOLDER, file));
  return Object.keys(require.cache)
    .map((path) => relative(FOLDER, path))
    .filter((path) => !path.startsWith(".."));
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function startRow({ what, memoryMb, skipped, oursMs, boto3Ms }, missing) {
  const label = memoryMb ? `${what}, ${memoryMb} MB` : what;
  if (skipped) return { what: label, ratio: `skipped: ${skipped}` };
  const ours = `${oursMs.toFixed(0)} ms`;
  if (boto3Ms === null) return { what: label, ours, ratio: `unknown: ${missing}` };
  const over = what !== "load" && oursMs / boto3Ms > MAX_SHARE ? `, over 1/${1 / MAX_SHARE}` : "";
  return {
    what: label,
    ours,
    boto3: `${boto3Ms.toFixed(0)} ms`,
    ratio: `1/${(boto3Ms / oursMs).toFixed(1)}${over}`,
  };
}

async function measureStarts(pythonPath) {
  const simulator = await startSimulator();
  const measured = [];
  try {
    for (const memoryMb of [undefined, ...MEMORIES_MB]) {
      let share;
      try {
        share = memoryMb && new CpuShare(memoryMb);
      } catch (error) {
        measured.push({ what: "first run", memoryMb, skipped: error.message });
        continue;
      }
      const ours = [];
      const boto3 = [];
      for (let round = 0; round < ROUNDS; round++) {
        simulator.ec2.load([{ id: INSTANCE_ID, region: REGION }], { clock: systemClock });
        ours.push(await runFresh(process.execPath, ["-e", RUN_BUNDLE], simulator.url, share));
        simulator.ec2.load([{ id: INSTANCE_ID, region: REGION }], { clock: systemClock });
        if (pythonPath) boto3.push(await runFresh(pythonPath, ["-c", RUN_BOTO3], simulator.url, share));
      }
      share?.close();
      for (const { key, what } of FIGURES) {
        const least = (runs) => (runs.length > 0 ? Math.min(...runs.map((one) => one[key])) : null);
        measured.push({ what, memoryMb: memoryMb ?? null, oursMs: least(ours), boto3Ms: least(boto3) });
      }
    }
  } finally {
    await simulator.close();
  }
  return measured;
}

/** Runs a program that prints its figures; with a share of a CPU, from its first instruction on. */
async function runFresh(program, args, url, share) {
  const command = share
    ? ["sh", "-c", `echo $$ > ${share.file}; exec "$@"`, "sh", program, ...args]
    : [program, ...args];
  const began = performance.now();
  const env = {
    ...process.env,
    ACTION: "stop",
    TARGETS: JSON.stringify(EVENT.targets),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  const { stdout } = await promisify(execFile)(command[0], command.slice(1), { cwd: ROOT, env });
  const processMs = performance.now() - began;
  return { ...JSON.parse(stdout.trim().split("\n").at(-1)), processMs };
}

/** Finds the first Python with boto3, or says what is missing. */
function findPython() {
  let missing = "no Python here";
  for (const candidate of PYTHONS) {
    const path = candidate.includes("/") ? join(ROOT, candidate) : candidate;
    if (path !== candidate && !existsSync(path)) continue;
    try {
      execFileSync(path, ["-c", ""], { stdio: "ignore" });
      missing = "no boto3 here";
      // The interpreter itself, since a shim before it takes as long as the import.
      const printPath = "import boto3, sys; print(sys.executable)";
      return {
        path: execFileSync(path, ["-c", printPath], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        }).trim(),
      };
    } catch {
      // The next one may have it.
    }
  }
  return { missing };
}

async function largestParts() {
  // Nothing is written here, so the plugin that writes the notices is left out.
  const plugins = config.plugins.filter(({ name }) => name !== "rollup-plugin-license");
  const bundle = await rolldown({ ...config, plugins, cwd: ROOT });
  const { output } = await bundle.generate(config.output);
  return output
    .flatMap((chunk) => Object.entries(chunk.modules ?? {}))
    .map(([id, { renderedLength }]) => ({ module: nameOf(id), bytes: renderedLength }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, LARGEST);
}

function nameOf(id) {
  return id.includes("node_modules") ? id.split(/node_modules[\\/]/).at(-1) : relative(ROOT, id);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
