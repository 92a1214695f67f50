import type { Candidate } from "../candidate";
import type { Clock, Log } from "../runtime";
import { InstanceCheck } from "./instance-check";
import { hasEnded, readResult } from "./results";
import { sendChecks } from "./send-checks";
import { type Agent, applyFault, attempt, batchesOf, type SsmCalls } from "./ssm-calls";

export interface ServiceRunOptions {
  /** The instances with checks; each is checked as soon as it runs. */
  readonly candidates: readonly Candidate[];
  readonly calls: SsmCalls;
  readonly clock: Clock;
  readonly random: () => number;
  /** When the checks must be done. */
  readonly deadline: number;
  /** Whether no retry follows, so that nothing can be left pending. */
  readonly isLastAttempt: boolean;
  /** Aborted once every candidate has its result, so that no other will start to run. */
  readonly allResolved: AbortSignal;
  readonly log: Log;
}

const FIRST_PAUSE_MS = 1_000;
const LATER_PAUSE_FACTOR = 1.5;
const MAX_PAUSE_MS = 5_000;
const MIN_PAUSE_MS = 500;
/** How long a run waits for an agent to come online; Lambda's retry checks again later, without the cost of waiting. */
const AGENT_TIMEOUT_MS = 20_000;

/**
 * Runs the service checks of one region concurrently with its state changes. Within `RETRY_WINDOW_SECONDS` of its launch, an
 * instance whose agent is not online or whose checks do not all pass is pending; later it is unchecked or failed.
 */
export class ServiceRun {
  readonly #options: ServiceRunOptions;
  readonly #instances = new Map<string, InstanceCheck>();

  constructor(options: ServiceRunOptions) {
    this.#options = options;
  }

  /** Checks until every instance has a result or time runs out. */
  async run(): Promise<void> {
    const { candidates, clock, deadline, allResolved } = this.#options;
    for (let polls = 0; ; polls++) {
      const last = allResolved.aborted || candidates.every(({ result }) => result !== undefined);
      if (this.#addRunning()) polls = 0;
      await this.#findAgents();
      await sendChecks(this.#inStage("ready"), this.#options);
      await this.#readResults();
      this.#stopWaiting();
      if (last && this.#unresolved().length === 0) return;
      const left = deadline - clock.now();
      if (left < MIN_PAUSE_MS) return;
      const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * LATER_PAUSE_FACTOR ** polls);
      await clock.sleep(
        Math.min(left, pause * (0.8 + this.#options.random() * 0.4)),
        last ? undefined : allResolved,
      );
    }
  }

  /** Resolves every running instance; answers that arrive later no longer count. */
  close(): void {
    this.#addRunning();
    const now = this.#options.clock.now();
    for (const instance of this.#unresolved()) {
      const seconds = Math.round((now - instance.sentAt) / 1000);
      const silence =
        instance.stage === "sent"
          ? `no answer within ${seconds} s`
          : "time ran out before the checks were sent";
      instance.resolveUnseen([silence, instance.obstacle?.reason].filter(Boolean).join("; "), now);
    }
  }

  /** Adds the candidates that now run; returns whether there are any. */
  #addRunning(): boolean {
    const { candidates, clock, isLastAttempt } = this.#options;
    const fresh = candidates.filter(
      (candidate) => candidate.succeeded && !this.#instances.has(candidate.instanceId),
    );
    for (const candidate of fresh)
      this.#instances.set(candidate.instanceId, new InstanceCheck(candidate, clock.now(), isLastAttempt));
    return fresh.length > 0;
  }

  async #findAgents(): Promise<void> {
    const { calls } = this.#options;
    for (const part of batchesOf(this.#inStage("awaiting-agent"))) {
      const found = await attempt(() => calls.agents(part.map(({ instanceId }) => instanceId)));
      if ("fault" in found) {
        // After one denial, SSM would deny the other calls too.
        const affected = found.fault.kind === "denied" ? this.#inStage("awaiting-agent") : part;
        applyFault(affected, "DescribeInstanceInformation", found.fault);
        if (found.fault.kind === "denied") return;
        continue;
      }
      for (const instance of part) applyAgent(instance, found.value.get(instance.instanceId));
    }
  }

  async #readResults(): Promise<void> {
    const { calls, clock } = this.#options;
    const sent = this.#inStage("sent");
    for (const commandId of new Set(sent.map((instance) => instance.commandId))) {
      const part = sent.filter((instance) => instance.commandId === commandId);
      const found = await attempt(() => calls.invocations(commandId));
      if ("fault" in found) {
        applyFault(part, "ListCommandInvocations", found.fault);
        continue;
      }
      for (const instance of part) {
        instance.obstacle = undefined;
        const invocation = found.value.get(instance.instanceId);
        // SSM lists an invocation only a moment after it accepts the command.
        if (!invocation || !hasEnded(invocation)) continue;
        const result = readResult(invocation, instance.checks);
        if ("unknown" in result) instance.resolveUnseen(result.unknown, clock.now());
        else instance.resolveChecked(result.failing, clock.now());
      }
    }
  }

  /** Resolves the instances whose obstacle lasts past the grace period or the agent's timeout. */
  #stopWaiting(): void {
    const now = this.#options.clock.now();
    for (const instance of this.#unresolved()) {
      const { obstacle, stage, runningSince } = instance;
      if (!obstacle || stage === "sent") continue;
      const waits = obstacle.transient || instance.inGracePeriod(now);
      if (!waits || now - runningSince >= AGENT_TIMEOUT_MS) instance.resolveUnseen(obstacle.reason, now);
    }
  }

  #unresolved(): InstanceCheck[] {
    return [...this.#instances.values()].filter(({ isResolved }) => !isResolved);
  }

  #inStage(stage: InstanceCheck["stage"]): InstanceCheck[] {
    return this.#unresolved().filter((instance) => instance.stage === stage);
  }
}

function applyAgent(instance: InstanceCheck, agent: Agent | undefined): void {
  if (agent && agent.platform !== "Linux") {
    instance.resolveUnchecked(`its platform is ${agent.platform || "unknown"}, and checks need Linux`);
  } else if (agent?.online) {
    instance.stage = "ready";
    instance.obstacle = undefined;
  } else {
    const reason = agent
      ? `its SSM agent is not online: ${agent.pingStatus}`
      : "it is not managed by SSM: its agent has not registered";
    instance.obstacle = { reason, transient: false };
  }
}
