import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEvent } from "../../../../cli/aws/logs";
import { type AwsServer, type Route, startAwsServer } from "../../../support/aws-server/aws-server";
import { cloudTrailRoute } from "../../../support/aws-server/cloudtrail-route";
import { runEvents } from "../../../support/aws-server/function-log";
import { type LogGroups, logRoute } from "../../../support/aws-server/log-route";
import {
  ACCOUNT,
  AGENTS,
  ALICE,
  AUTO_SCALING,
  DRY_RUN,
  lambdaFunction,
  type RecordedCall,
  recordOf,
  session,
  ssoUser,
  type TrailRecordJson,
} from "../../../support/aws-server/trail-records";
import { reportOf } from "../../../support/builders";
import { Ec2Simulator } from "../../../support/ec2/simulator";

export const REGION = "ap-northeast-2";
export const OTHER_REGION = "us-east-1";
export const WEB = "i-0123456789abcdef0";
export const DATABASE = "i-08ce9b2d7eccf6d26";
/** Has the tag of a target, in another region. */
export const QA = "i-0aaaaaaaaaaaaaaa1";
/** Was in a target, and is gone. */
export const GONE = "i-0bbbbbbbbbbbbbbb2";
/** In no target. */
export const STRANGER = "i-0ccccccccccccccc3";

export const CONFIG = `name: dev
region: ${REGION}
timezone: Asia/Seoul
targets:
  dev: { instanceIds: [${WEB}, ${DATABASE}] }
  qa: { tags: { Environment: qa }, regions: [${OTHER_REGION}] }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  dev-start: { action: start, targets: dev, expression: "cron(0 8 ? * MON-FRI *)" }
  qa-stop: { action: stop, targets: qa, expression: "cron(0 20 ? * MON-FRI *)" }
`;

export const STOPPER = lambdaFunction("dev-StopEC2Instances", "dev-functions-ap-northeast-2");
export const STARTER = lambdaFunction("dev-StartEC2Instances", "dev-functions-ap-northeast-2");
const OWN = { userAgent: AGENTS.lambda, sourceIp: "3.35.1.2" };

/** When the days of `someDays` are over: a Tuesday, 09:00 in Seoul. */
export const NOW = new Date("2026-11-24T00:00:00Z");

const WEEK_MS = 7 * 86_400_000;

/** A call, and the schedule for which the deployment's own function made it. */
interface PastCall extends RecordedCall {
  readonly schedule?: string;
}

/** A few days in the life of the instances. */
const SOME_DAYS: readonly PastCall[] = [
  {
    at: "2026-11-19T23:00:02Z",
    call: "StartInstances",
    by: STARTER,
    instanceIds: [WEB, DATABASE],
    schedule: "dev-start",
    ...OWN,
  },
  {
    at: "2026-11-20T11:00:03Z",
    call: "StopInstances",
    by: STOPPER,
    instanceIds: [WEB, DATABASE],
    schedule: "dev-stop",
    ...OWN,
  },
  {
    at: "2026-11-20T11:00:04Z",
    call: "StopInstances",
    by: STOPPER,
    instanceIds: [QA, GONE],
    region: OTHER_REGION,
    schedule: "qa-stop",
    ...OWN,
  },
  {
    at: "2026-11-20T12:41:10Z",
    call: "StartInstances",
    by: ssoUser("bob@example.com", "PowerUserAccess"),
    instanceIds: [WEB, STRANGER, "i-0ddddddddddddddd4"],
    userAgent: AGENTS.console,
  },
  {
    at: "2026-11-21T03:15:42Z",
    call: "TerminateInstances",
    by: AUTO_SCALING,
    instanceIds: [GONE],
    region: OTHER_REGION,
    sourceIp: "autoscaling.amazonaws.com",
    userAgent: AGENTS.autoScaling,
  },
  {
    at: "2026-11-22T07:00:00Z",
    call: "StopInstances",
    by: ALICE,
    instanceIds: [DATABASE],
    error: {
      code: "Client.UnauthorizedOperation",
      message: `You are not authorized to perform this operation. User: ${ALICE.arn} is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${DATABASE} because no identity-based policy allows the ec2:StopInstances action. Encoded authorization failure message: T-kSWIRFn32_fxSgyNzoE36avE5lRaRniAjDs-OdhlNgyecEbeTN_dCroUmnEqAbDOrevkgWv8iyUzs0XJxEDlAcgDztlJ`,
    },
  },
  {
    at: "2026-11-22T23:50:00Z",
    call: "StopInstances",
    by: STOPPER,
    instanceIds: [WEB],
    error: DRY_RUN,
    ...OWN,
  },
  {
    at: "2026-11-23T04:00:00Z",
    call: "StopInstances",
    by: session("DeployRole", "ci-build-4471"),
    instanceIds: [STRANGER],
    userAgent: AGENTS.terraform,
  },
];

export interface Past {
  readonly records: readonly TrailRecordJson[];
  /** What the functions wrote of the runs in which they made the calls. */
  readonly logs: LogGroups;
}

/** Those days, moved by as many weeks as makes them end within the week before this instant. */
export function someDays(now: Date): Past {
  const shift = Math.floor((+now - +NOW) / WEEK_MS) * WEEK_MS;
  const calls = SOME_DAYS.map((call) => ({
    ...call,
    at: new Date(Date.parse(call.at) + shift).toISOString(),
  }));
  const functions = ["dev-StopEC2Instances", "dev-StartEC2Instances"];
  return {
    records: calls.map(recordOf),
    logs: Object.fromEntries(
      functions.map((name) => [
        `/aws/lambda/${name}`,
        calls.filter(({ by }) => by === (name === functions[0] ? STOPPER : STARTER)).flatMap(runLog),
      ]),
    ),
  };
}

/** A run without a schedule wrote nothing, as a run that timed out does. */
function runLog({ at, schedule, instanceIds, region = REGION }: PastCall, index: number): LogEvent[] {
  if (schedule === undefined) return [];
  const requestId = `aec7a529-47f9-4090-be01-c9ed91bf${index}000`;
  const instances = instanceIds.map((instanceId) => ({ instanceId, region, outcome: "done" as const }));
  const [startedAt, endedAt] = [new Date(Date.parse(at) - 500), new Date(Date.parse(at) + 20_000)];
  return runEvents({
    requestId,
    startedAt,
    endedAt,
    lines: [JSON.stringify(reportOf(requestId, { schedule, instances }))],
    end: { status: "success", durationMs: 20_500, memoryMb: 256 },
  }).map((event, line) => ({ ...event, id: `${index}-${line}`, streamName: "stream" }));
}

export interface HistoryWorldOptions {
  /** Before all others. */
  readonly routes?: readonly Route[];
  readonly config?: string;
  /** CloudTrail's clock. */
  readonly now?: () => number;
}

export interface HistoryWorld {
  readonly server: AwsServer;
  readonly simulator: Ec2Simulator;
  readonly configFile: string;
  readonly environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** An AWS with the config's instances, and with what CloudTrail and others say. */
export async function historyWorld(
  past: () => Past,
  { routes = [], config = CONFIG, now = Date.now }: HistoryWorldOptions = {},
): Promise<HistoryWorld> {
  const simulator = new Ec2Simulator();
  const upstream = await simulator.listen();
  simulator.load(
    [
      { id: WEB, region: REGION, tags: { Name: "web-1" } },
      { id: DATABASE, region: REGION, tags: { Name: "db-1" } },
      { id: QA, region: OTHER_REGION, tags: { Name: "qa-1", Environment: "qa" } },
    ],
    { clock: { now: () => 0, pause: async () => undefined } },
  );
  const server = await startAwsServer(
    [...routes, cloudTrailRoute({ records: () => past().records, now }), logRoute(() => past().logs)],
    upstream,
  );
  const folder = mkdtempSync(join(tmpdir(), "history-"));
  const configFile = join(folder, "c.yaml");
  writeFileSync(configFile, config);
  return {
    server,
    simulator,
    configFile,
    environment: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "an-example-secret",
      AWS_MAX_ATTEMPTS: "1",
      EC2_START_STOP_CONFIG: configFile,
    },
    close: async () => {
      await server.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
