import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAIN = join(ROOT, "dist/main.js");
const EMPTY_APP = join(ROOT, "bench/synth-empty-app.cjs");
const BARE_APP = join(ROOT, "bench/synth-bare-app.cjs");

const START = { rounds: 21, limit: 1.7 };
// A bus holds 300 rules, so only the Scheduler goes to 1,000. cdktf records a stack trace for each of its references,
// of which a schedule here has more than the bare resources that it is compared with.
const GROWTHS = [
  { trigger: "scheduler", from: 100, to: 1000, rounds: 7, limit: 2.5 },
  { trigger: "event-rule", from: 30, to: 300, rounds: 7, limit: 2.5 },
];

/**
 * Measures the time of a whole `node dist/main.js`: for the example, compared with an empty cdktf app, and for each
 * further schedule, compared with the same resources made by cdktf alone. The programs run in turn, so that load on the
 * machine affects all of them; medians.
 */
export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "bench-synth-"));
  try {
    const results = [start(folder), ...GROWTHS.map((growth) => grow(folder, growth))];
    return {
      title: "Synth: whole processes, median",
      table: results.map(row),
      json: results,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function start(folder) {
  const example = { script: MAIN, env: { EC2_START_STOP_CONFIG: join(ROOT, "ec2-start-stop.yaml") } };
  const [ours, bare] = medians(folder, [example, { script: EMPTY_APP }], START.rounds);
  return {
    what: "the example, compared with an empty app",
    oursMs: ours,
    bareMs: bare,
    ratio: ours / bare,
    limit: START.limit,
  };
}

function grow(folder, { trigger, from, to, rounds, limit }) {
  const ours = (count) => ({
    script: MAIN,
    env: { EC2_START_STOP_CONFIG: writeConfig(folder, trigger, count) },
  });
  const bare = (count) => ({ script: BARE_APP, args: [trigger, String(count)] });
  const times = medians(folder, [ours(from), bare(from), ours(to), bare(to)], rounds);
  const [oursMs, bareMs] = [0, 1].map((index) => (times[index + 2] - times[index]) / (to - from));
  const what = `each further schedule, ${from} to ${to}, ${trigger}`;
  return { what, oursMs, bareMs, ratio: oursMs / bareMs, limit };
}

/** Runs the programs in turn, and returns their median times in ms. */
function medians(folder, programs, rounds) {
  const times = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, program] of programs.entries()) times[index].push(timed(folder, program));
  }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]);
}

function timed(folder, { script, args = [], env = {} }) {
  const options = {
    cwd: folder,
    env: { ...process.env, ...env, CDKTF_OUTDIR: join(folder, "out") },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  };
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], options);
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return performance.now() - began;
}

/** Writes a config of ten teams, each stopped and started at many different minutes. */
function writeConfig(folder, trigger, count) {
  const teams = Array.from(
    { length: 10 },
    (_, index) => `  team-${index}: { tags: { Team: team-${index} } }`,
  );
  const schedules = Array.from({ length: count }, (_, index) => {
    const [pair, stop] = [Math.floor(index / 2), index % 2 === 0];
    const hour = (stop ? 15 : 6) + (Math.floor(pair / 60) % 9);
    const expression = `cron(${pair % 60} ${hour} ? * MON-FRI *)`;
    const action = stop ? "stop" : "start";
    return `  s${index}: { action: ${action}, targets: team-${pair % 10}, expression: "${expression}" }`;
  });
  const head = [
    "name: bench",
    "region: ap-northeast-2",
    "timezone: Asia/Seoul",
    "code: zip",
    `trigger: ${trigger}`,
  ];
  const file = join(folder, `${trigger}-${count}.yaml`);
  writeFileSync(file, [...head, "targets:", ...teams, "schedules:", ...schedules, ""].join("\n"));
  return file;
}

function row({ what, oursMs, bareMs, ratio, limit }) {
  const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  const verdict = `${ratio.toFixed(2)}x (limit ${limit}x${ratio > limit ? ", over it" : ""})`;
  return { what, ours: ms(oursMs), "bare cdktf": ms(bareMs), ratio: verdict };
}
