import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROUNDS = 11;
const FROM = new Date("2026-11-22T00:00:00Z");
const PREVIEW = ["preview", "--expression", "cron(0 20 ? * MON-FRI *)", "--timezone", "Asia/Seoul", "--json"];

/** Measures the slow cases of the time library, and a whole preview of an expression. */
export async function run() {
  const { findConflicts, runningWindows, Schedule } = createRequire(import.meta.url)("../dist/schedule.js");
  const measured = [
    ["next firing of 29 FEB on a MON", 10, () => Schedule.cron("0 0 ? 2 2#5 *").next({ from: FROM })],
    ["refusing 31 FEB", 50, () => refused(() => Schedule.cron("0 0 31 2 ? *"))],
    ["refusing 10 MB", 50, () => refused(() => Schedule.parse("cron(".repeat(2_000_000)))],
    [
      "conversion of weekdays to UTC, proof included",
      undefined,
      (round) => Schedule.cron(`${round} 8 ? * MON-FRI *`, { timezone: "Asia/Seoul" }).toUtc({ from: FROM }),
    ],
    ["conflicts of 1,000 schedules", undefined, () => conflicts({ findConflicts, runningWindows, Schedule })],
    [
      "preview of an expression, whole process",
      300,
      () => execFileSync(process.execPath, ["dist/cli.js", ...PREVIEW], { cwd: ROOT }),
    ],
  ].map(([what, limitMs, action]) => ({ what, ms: medianTime(action), limitMs }));
  return {
    title: "Time expressions (median of 11)",
    table: measured.map(({ what, ms, limitMs }) => ({
      what,
      took: `${ms.toFixed(2)} ms`,
      limit: limitMs === undefined ? "" : `${limitMs} ms`,
    })),
    json: measured,
  };
}

function conflicts({ findConflicts, runningWindows, Schedule }) {
  const keys = Array.from({ length: 500 }, (_, index) => `team-${index}`);
  const schedules = keys.flatMap((key) =>
    runningWindows("MON-FRI 08:00-20:00").schedules.map(({ action, suffix, expression }) => ({
      name: `${key}-${suffix}`,
      key,
      action,
      schedule: Schedule.parse(expression, { timezone: "Asia/Seoul" }),
      enabled: true,
      targetNames: [key],
    })),
  );
  const targets = keys.map((name) => ({ name, instanceIds: [`i-${name}`], tagSets: [] }));
  return findConflicts(schedules, targets, FROM);
}

function refused(action) {
  try {
    action();
  } catch {
    return;
  }
  throw new Error("Expected a refusal, got a schedule");
}

function medianTime(action) {
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const began = performance.now();
    action(round);
    return performance.now() - began;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}
