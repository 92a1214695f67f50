import type { Candidate } from "../candidate";
import type { Clock } from "../runtime";
import { Subject } from "./instance-check";
import { hasEnded, readResult } from "./results";
import { sendChecks } from "./send-checks";
import { type Agent, applyFault, attempt, inCalls, type SsmCalls } from "./ssm-calls";

export interface ServiceRunOptions {
  /** Those with checks; each is looked at as soon as it is known to run. */
  readonly candidates: readonly Candidate[];
  readonly calls: SsmCalls;
  readonly clock: Clock;
  readonly random: () => number;
  /** When, by the clock, the looks must be done. */
  readonly deadline: number;
  /** Whether no run comes later that could look again: then nothing is pending. */
  readonly final: boolean;
  /** Aborted once no further candidate will come to run. */
  readonly allDecided: AbortSignal;
}

const FIRST_PAUSE_MS = 1_000;
const LATER_PAUSE_FACTOR = 1.5;
const LONGEST_PAUSE_MS = 5_000;
const SHORTEST_PAUSE_MS = 500;
/** How long a run waits for an agent to come online: longer is left to Lambda's retry, which costs no waiting. */
const PATIENCE_MS = 20_000;

/**
 * The looks inside one region's instances, beside its run. An instance that is young (see `LOOK_AGAIN_SECONDS`) and
 * whose agent is not online or whose checks do not all pass is pending, an older one unchecked or failed.
 */
export class ServiceRun {
  readonly #options: ServiceRunOptions;
  readonly #subjects = new Map<string, Subject>();

  constructor(options: ServiceRunOptions) {
    this.#options = options;
  }

  /** Looks until everything is settled or time runs out. */
  async run(): Promise<void> {
    const { clock, deadline, allDecided } = this.#options;
    for (let looks = 0; ; looks++) {
      const last = allDecided.aborted;
      if (this.#take()) looks = 0;
      await this.#findAgents();
      await sendChecks(this.#at("ready"), this.#options);
      await this.#readResults();
      this.#giveUp();
      if (last && this.#open().length === 0) return;
      const left = deadline - clock.now();
      if (left < SHORTEST_PAUSE_MS) return;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * LATER_PAUSE_FACTOR ** looks);
      await clock.sleep(
        Math.min(left, pause * (0.8 + this.#options.random() * 0.4)),
        last ? undefined : allDecided,
      );
    }
  }

  /** Gives a word on every running instance that has none; what comes in later no longer counts. */
  close(): void {
    this.#take();
    const now = this.#options.clock.now();
    for (const subject of this.#open()) {
      const seconds = Math.round((now - subject.sentAt) / 1000);
      const silence =
        subject.stage === "sent" ? `no answer within ${seconds} s` : "time ran out before it was asked";
      subject.settleUnseen([silence, subject.obstacle?.reason].filter(Boolean).join("; "), now);
    }
  }

  /** Takes in those that have come to run; whether there are any. */
  #take(): boolean {
    const { candidates, clock, final } = this.#options;
    const fresh = candidates.filter(
      (candidate) => candidate.isReached && !this.#subjects.has(candidate.instanceId),
    );
    for (const candidate of fresh)
      this.#subjects.set(candidate.instanceId, new Subject(candidate, clock.now(), final));
    return fresh.length > 0;
  }

  async #findAgents(): Promise<void> {
    const { calls } = this.#options;
    for (const part of inCalls(this.#at("looking"))) {
      const found = await attempt(() => calls.agents(part.map(({ instanceId }) => instanceId)));
      if ("fault" in found) {
        // Once SSM denies a look, it would deny the others too.
        const affected = found.fault.denied ? this.#at("looking") : part;
        applyFault(affected, "DescribeInstanceInformation", found.fault);
        if (found.fault.denied) return;
        continue;
      }
      for (const subject of part) takeAgent(subject, found.value.get(subject.instanceId));
    }
  }

  async #readResults(): Promise<void> {
    const { calls, clock } = this.#options;
    const sent = this.#at("sent");
    for (const commandId of new Set(sent.map((subject) => subject.commandId))) {
      const part = sent.filter((subject) => subject.commandId === commandId);
      const found = await attempt(() => calls.invocations(commandId));
      if ("fault" in found) {
        applyFault(part, "ListCommandInvocations", found.fault);
        continue;
      }
      for (const subject of part) {
        subject.obstacle = undefined;
        const invocation = found.value.get(subject.instanceId);
        // SSM lists an invocation a moment after it took the command.
        if (!invocation || !hasEnded(invocation)) continue;
        const result = readResult(invocation, subject.checks);
        if ("unknown" in result) subject.settleUnseen(result.unknown, clock.now());
        else subject.settleChecked(result.failing, clock.now());
      }
    }
  }

  /** An instance whose agent is not online is waited for while it is young; a fault of SSM's may pass. */
  #giveUp(): void {
    const now = this.#options.clock.now();
    for (const subject of this.#open()) {
      const { obstacle, stage, since } = subject;
      if (!obstacle || stage === "sent") continue;
      const waits = obstacle.fault || subject.isYoung(now);
      if (!waits || now - since >= PATIENCE_MS) subject.settleUnseen(obstacle.reason, now);
    }
  }

  #open(): Subject[] {
    return [...this.#subjects.values()].filter(({ open }) => open);
  }

  #at(stage: Subject["stage"]): Subject[] {
    return this.#open().filter((subject) => subject.stage === stage);
  }
}

function takeAgent(subject: Subject, agent: Agent | undefined): void {
  if (agent && agent.platform !== "Linux") {
    subject.settleUnchecked(`it runs ${agent.platform || "no known system"}, and checks are for Linux`);
  } else if (agent?.online) {
    subject.stage = "ready";
    subject.obstacle = undefined;
  } else {
    const reason = agent
      ? `its SSM agent is not online: ${agent.pingStatus}`
      : "it is not managed by SSM: no agent of it has registered";
    subject.obstacle = { reason, fault: false };
  }
}
