import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The memory at which Lambda gives a function one CPU; less memory gives a proportional share.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MB_OF_ONE_CPU = 1769;
/** Short, so that a process that has used its share waits for milliseconds, not for a second. */
const PERIOD_US = 20_000;

/** A group of processes that the kernel gives Lambda's share of a CPU, by a quota of Linux's control groups. */
export class CpuShare {
  #folder;

  /** @throws Error without the right to make a control group: it takes Linux and root */
  constructor(memoryMb) {
    const name = `ec2-start-stop-bench-${process.pid}-${memoryMb}`;
    const quota = Math.round((PERIOD_US * memoryMb) / MB_OF_ONE_CPU);
    // The first is version 1 of control groups, the second version 2.
    const versions = [
      ["/sys/fs/cgroup/cpu", { "cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": quota }],
      ["/sys/fs/cgroup", { "cpu.max": `${quota} ${PERIOD_US}` }],
    ];
    for (const [root, values] of versions) {
      const folder = join(root, name);
      try {
        mkdirSync(folder);
        this.#folder = folder;
        for (const [file, value] of Object.entries(values)) writeFileSync(join(folder, file), String(value));
        return;
      } catch {
        this.close();
      }
    }
    throw new Error("no right to limit a process's CPU: it takes Linux, control groups and root");
  }

  /** The file to which a process writes its id to join. */
  get file() {
    return join(this.#folder, "cgroup.procs");
  }

  add(processId) {
    writeFileSync(this.file, String(processId));
  }

  /** Removes the group, once its processes have ended. */
  close() {
    if (this.#folder) rmdirSync(this.#folder);
    this.#folder = undefined;
  }
}
