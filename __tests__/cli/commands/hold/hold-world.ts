import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../../../cli/aws/call";
import type { HoldDependencies, OpenHoldDependencies } from "../../../../cli/commands/hold/session";
import type { TargetInstance } from "../../../../cli/instances/instance";
import { resolveTarget, searchKeyOf } from "../../../../cli/instances/instance";
import type { Action } from "../../../../contract/actions";
import type { InstanceReport } from "../../../../contract/report";
import type { StartStopRequest } from "../../../../contract/request";
import { requestTargets } from "../../../../model/requests";
import { instance, NO_COUNTS, REGION } from "../../../support/builders";
import { CALLER, functionNamed } from "../../../support/fake-aws";
import { FakeClock, type FakeContext, fakeContext } from "../../../support/fake-context";

export const HOLD_TAG = "ec2-start-stop:hold";
/** Monday, 18:00 in Seoul: within hours. */
export const NOW = "2026-11-23T09:00:00Z";
export const [WEB, DB, QA] = ["i-0000000000000000a", "i-0000000000000000b", "i-0000000000000000c"] as const;

export const CONFIG = `name: office
region: ${REGION}
timezone: Asia/Seoul
holidays: { closed: { dates: ["2026-11-24"] } }
targets:
  dev: { instanceIds: [${WEB}, ${DB}] }
  qa: { tags: { Environment: qa } }
schedules:
  hours: { running: "MON-FRI 08:00-20:00", targets: dev, holidays: closed }
  qa-stop: { action: stop, targets: qa, expression: "cron(0 19 ? * MON-FRI *)" }
`;

export interface WorldOptions {
  readonly config?: string;
  readonly now?: string;
  readonly followUps?: boolean;
  /** By id: what differs from a running instance without a hold. */
  readonly instances?: Readonly<Record<string, Partial<TargetInstance>>>;
  /** Instead of these, all instances that there are. */
  readonly found?: readonly TargetInstance[];
  /** When the follow-up is due that a look reports. */
  readonly followUpAt?: string;
  /** ARN of the caller. */
  readonly caller?: string;
  /** Of an instance, by id, what the functions report. */
  readonly outcomes?: Readonly<Record<string, Partial<InstanceReport>>>;
  /** The name of the step that AWS refuses: `tag`, `dry run`, `stop` or `start`. */
  readonly refused?: string;
  readonly refusedFrom?: number;
  /** The actions whose functions are deployed; both unless given. */
  readonly deployed?: readonly Action[];
  /** How far this computer's clock is ahead of AWS's. */
  readonly clockLeadMs?: number;
  readonly columns?: number;
  readonly interrupted?: AbortSignal;
}

/** A deployment whose instances, tags and functions are in memory; `steps` is what was changed and asked, in order. */
export interface World {
  readonly steps: string[];
  readonly requests: StartStopRequest[];
  readonly context: FakeContext;
  readonly open: OpenHoldDependencies;
  readonly options: { readonly config: string };
  text(): string;
  close(): void;
}

export function holdWorld({
  config = CONFIG,
  now = NOW,
  followUps = true,
  instances = {},
  found = [WEB, DB, QA].map((instanceId) => {
    const { tags = {}, ...more } = instances[instanceId] ?? {};
    const own = instanceId === QA ? { Environment: "qa", ...tags } : tags;
    return instance({ instanceId, tags: own, ...more });
  }),
  followUpAt,
  caller = CALLER,
  outcomes = {},
  refused,
  refusedFrom = 1,
  deployed = ["stop", "start"],
  clockLeadMs = 0,
  columns = 200,
  interrupted,
}: WorldOptions = {}): World {
  const folder = mkdtempSync(join(tmpdir(), "hold-"));
  const file = join(folder, "c.yaml");
  writeFileSync(file, config);
  const clock = new FakeClock(now);
  const context = fakeContext(clock, { columns, ...(interrupted ? { interrupted } : {}) });
  const steps: string[] = [];
  const requests: StartStopRequest[] = [];
  let refusals = 0;
  const step = (kind: string, text: string) => {
    if (kind === refused && ++refusals >= refusedFrom) throw new AwsError(`AWS refused ${kind}`);
    steps.push(text);
  };
  const tagged = found.flatMap(({ instanceId, tags }) => (tags["Environment"] === "qa" ? [instanceId] : []));
  const open: OpenHoldDependencies = (): HoldDependencies => ({
    clock,
    clockLeadMs: () => clockLeadMs,
    progress: context.progress,
    onInterrupt: context.onInterrupt,
    runs: { runOf: async () => undefined } as unknown as HoldDependencies["runs"],
    caller: { identity: async () => ({ accountId: "123456789012", arn: caller }) },
    instances: {
      states: async () => [],
      targets: async (read) =>
        Object.keys(read.targets).map((name) => {
          const parts = requestTargets(read, [name], "stop");
          return resolveTarget(name, parts, {
            instances: new Map(found.map((each) => [each.instanceId, each])),
            tagged: new Map(parts.map((part) => [searchKeyOf(part), part.tags ? tagged : []])),
          });
        }),
    },
    tags: {
      writeTag: async ({ instanceIds }, { key, value }, { dryRun = false } = {}) => {
        if (dryRun) step("dry run", `dry run ${instanceIds.join(" ")}`);
        else step("tag", `${key} of ${instanceIds.join(" ")}: ${value}`);
      },
    },
    functions: {
      describe: async (name) =>
        !deployed.some((action) => name.toLowerCase().includes(`-${action}`))
          ? undefined
          : functionNamed(name, followUps ? { variables: { FOLLOW_UPS: "{}" } } : { variables: {} }),
      invoke: async ({ name }, request) => {
        step(request.action, `${request.followUp ? "look" : request.action} by ${name}`);
        requests.push(request);
        const ids = request.targets.flatMap(({ instanceIds = [], only = [] }) => [...instanceIds, ...only]);
        const reports = ids.map((instanceId) => ({
          ...{ instanceId, region: REGION, outcome: request.followUp ? "skipped" : "done" },
          ...outcomes[instanceId],
        }));
        const result = {
          ...{ schedule: request.schedule, action: request.action, requestId: "1-2", dryRun: false },
          ...{ status: "ok", errors: [], warnings: [], durationSeconds: 1, instances: reports },
          ...(request.followUp && followUpAt
            ? {
                followUps: [
                  { kind: "hold", region: REGION, at: followUpAt, instances: ids.length, name: "hold-1" },
                ],
              }
            : {}),
          counts: { ...NO_COUNTS, [reports[0]?.outcome ?? "done"]: reports.length },
        };
        const invokedAt = clock.now();
        return { requestId: "1-2", invokedAt, ending: { kind: "returned", result }, logTail: "" };
      },
    } as HoldDependencies["functions"],
  });
  return {
    ...{ steps, requests, context, open, options: { config: file } },
    text: () => context.written.join(""),
    close: () => rmSync(folder, { recursive: true }),
  };
}
