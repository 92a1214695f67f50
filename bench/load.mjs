import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import config from "../scripts/function.rolldown.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "dist/lambda");
/** Files that a run without checks loads. */
const ALWAYS_LOADED = ["index.js", "aws-sdk.js"];
const ROUNDS = 11;
const LARGEST = 10;
/** The bundle's load time, as a share of boto3's. */
const MAX_SHARE = 1 / 8;
const PYTHONS = [".venv/bin/python", ".venv/Scripts/python.exe", "python3", "python"];
const ENVIRONMENT = { ...process.env, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" };

const LOAD_BUNDLE = `const began = performance.now(); require(${JSON.stringify(join(FOLDER, "index.js"))}); console.log(performance.now() - began);`;
const LOAD_BOTO3 = `import time
began = time.perf_counter()
import boto3
boto3.client("ec2", region_name="us-east-1")
print((time.perf_counter() - began) * 1000)`;

/**
 * Measures the function's size and load time, and the time of boto3's import and client, which a hand-made function
 * spends on its start. Both run in turn, in fresh processes, and the medians are compared.
 */
export async function run() {
  const bytesOf = (files) => sum(files.map((file) => statSync(join(FOLDER, file)).size));
  const bundleBytes = bytesOf(ALWAYS_LOADED);
  const wholeBytes = bytesOf(readdirSync(FOLDER));
  const zipBytes = statSync(join(ROOT, "dist/lambda.zip")).size;
  const python = findPython();
  const bundleTimes = [];
  const boto3Times = [];
  for (let round = 0; round < ROUNDS; round++) {
    bundleTimes.push(timed(process.execPath, ["-e", LOAD_BUNDLE]));
    if (python.path) boto3Times.push(timed(python.path, ["-c", LOAD_BOTO3]));
  }
  const loadMs = median(bundleTimes);
  const boto3Ms = python.path ? median(boto3Times) : undefined;
  const parts = await largestParts();
  return {
    title: "The function's start: size and load time",
    table: [
      { what: "bundle, as loaded", value: `${(bundleBytes / 1000).toFixed(1)} kB` },
      { what: "with the code for checks", value: `${(wholeBytes / 1000).toFixed(1)} kB` },
      { what: "all of it zipped", value: `${(zipBytes / 1000).toFixed(1)} kB` },
      { what: "load, median of 11", value: `${loadMs.toFixed(1)} ms` },
      {
        what: "boto3 import and client, median of 11",
        value: boto3Ms ? `${boto3Ms.toFixed(0)} ms` : python.missing,
      },
      { what: "ratio", value: boto3Ms ? ratioText(loadMs / boto3Ms) : `unknown: ${python.missing}` },
      ...parts.map(({ module, bytes }) => ({
        what: `part: ${module}`,
        value: `${(bytes / 1000).toFixed(1)} kB before minifying`,
      })),
    ],
    json: {
      bundleBytes,
      wholeBytes,
      zipBytes,
      loadMs,
      boto3Ms: boto3Ms ?? null,
      ratio: boto3Ms ? boto3Ms / loadMs : null,
      parts,
    },
  };
}

function ratioText(share) {
  return `1/${(1 / share).toFixed(1)} (limit 1/${1 / MAX_SHARE}${share > MAX_SHARE ? ", over it" : ""})`;
}

function timed(program, args) {
  return Number(execFileSync(program, args, { cwd: ROOT, env: ENVIRONMENT, encoding: "utf8" }));
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
      execFileSync(path, ["-c", "import boto3"], { stdio: "ignore" });
      return { path };
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

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
