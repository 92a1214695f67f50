import { readFileSync } from "node:fs";

/** The peak memory of this process in MB: from /proc on Linux, where maxRSS includes the memory of the parent before the fork. */
export function peakMb() {
  const [, kilobytes] =
    process.platform === "linux"
      ? (/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8")) ?? [])
      : [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}
