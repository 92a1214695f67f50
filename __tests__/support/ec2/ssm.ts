import type { SimulatedInstance } from "./fleet";
import { Ec2Error } from "./query-protocol";
import { scriptArguments } from "./ssm-script";

/** An instance in SSM, and the results of its checks. Times in milliseconds. */
export interface SsmSpec {
  /** @default "Linux" */
  readonly platform?: "Linux" | "Windows" | "MacOS";
  /** How long after the instance runs its agent is online. */
  readonly onlineAfterMs?: number;
  /** systemd's state of each unit, or how long after the instance runs the unit is active. Any other unit is inactive. */
  readonly units?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly number[];
  /** The exit code and the last line of output of each failing command. */
  readonly commands?: Readonly<Record<string, readonly [number, string]>>;
  /** How long the script takes. */
  readonly scriptMs?: number;
  /** SSM accepts commands for it, and its agent never fetches them. */
  readonly deaf?: boolean;
  /** Its agent is listed as online, and offline when a command is sent. */
  readonly leaves?: boolean;
  /** SSM denies the caller SendCommand on it. */
  readonly denied?: boolean;
}

/** The JSON input of an SSM call. */
export interface SsmInput {
  readonly InstanceIds?: readonly string[];
  readonly DocumentName?: string;
  readonly Parameters?: {
    readonly commands: readonly string[];
    readonly executionTimeout: readonly string[];
  };
  readonly TimeoutSeconds?: number;
  readonly Comment?: string;
  readonly CommandId?: string;
  readonly Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface Command {
  readonly sentAt: number;
  readonly input: SsmInput;
  readonly instances: readonly SimulatedInstance[];
}

/** How long after SSM accepts a command it lists its invocations. */
const LISTED_AFTER_MS = 600;
const LISTED_CHARACTERS = 2_500;

/** An SSM in memory that implements Run Command. */
export class SsmSimulator {
  readonly #commands = new Map<string, Command>();
  /** Whether a rejection names its instances, which SSM does not always do. */
  namesRejected = true;

  constructor(readonly find: (id: string) => SimulatedInstance | undefined) {}

  clear(): void {
    this.#commands.clear();
    this.namesRejected = true;
  }

  /** All commands so far, in order. */
  get commands(): readonly Command[] {
    return [...this.#commands.values()];
  }

  perform(action: string, input: SsmInput, now: number): object {
    if (action === "DescribeInstanceInformation") return this.#describe(input, now);
    if (action === "SendCommand") return this.#send(input, now);
    if (action === "ListCommandInvocations") return this.#list(input, now);
    throw new Ec2Error("UnknownOperationException", `${action} is not known`);
  }

  #describe({ Filters = [], MaxResults, NextToken }: SsmInput, now: number): object {
    const [{ Key, Values } = { Key: "", Values: [] }] = Filters;
    if (Key !== "InstanceIds" || Values.length > 100)
      throw new Ec2Error("InvalidInstanceInformationFilterValue", Key);
    const known = Values.flatMap((id) => this.find(id) ?? []).filter(({ spec }) => spec.ssm);
    const [page, token] = pageOf(known, MaxResults, NextToken);
    return {
      InstanceInformationList: page.map((instance) => ({
        InstanceId: instance.spec.id,
        PingStatus: isOnline(instance, now) ? "Online" : "ConnectionLost",
        LastPingDateTime: now / 1000,
        AgentVersion: "3.3.0.0",
        PlatformType: instance.spec.ssm?.platform ?? "Linux",
        ResourceType: "EC2Instance",
      })),
      ...token,
    };
  }

  #send(input: SsmInput, now: number): object {
    const { InstanceIds = [], DocumentName, Parameters } = input;
    if (DocumentName !== "AWS-RunShellScript" || !Parameters) throw new Ec2Error("InvalidDocument", "");
    if (InstanceIds.length < 1 || InstanceIds.length > 50)
      throw new Ec2Error("ValidationException", "InstanceIds");
    const denied = InstanceIds.find((id) => this.find(id)?.spec.ssm?.denied);
    if (denied !== undefined) {
      throw new Ec2Error(
        "AccessDeniedException",
        `User: arn:aws:sts::123456789012:assumed-role/role/function is not authorized to perform: ssm:SendCommand on resource: arn:aws:ec2:ap-northeast-2:123456789012:instance/${denied} because no identity-based policy allows the ssm:SendCommand action`,
      );
    }
    const instances = InstanceIds.flatMap((id) => this.find(id) ?? []);
    const away = instances.filter((instance) => !isOnline(instance, now) || instance.spec.ssm?.leaves);
    if (away.length > 0 || instances.length < InstanceIds.length) {
      const names = this.namesRejected ? away.map(({ spec }) => spec.id).join(", ") : "";
      throw new Ec2Error(
        "InvalidInstanceId",
        names && `Instances [[${names}]] not in a valid state for account 123456789012`,
      );
    }
    const CommandId = `00000000-0000-4000-8000-${String(this.#commands.size + 1).padStart(12, "0")}`;
    this.#commands.set(CommandId, { sentAt: now, input, instances });
    return {
      Command: { CommandId, DocumentName, Status: "Pending", RequestedDateTime: now / 1000, InstanceIds },
    };
  }

  #list({ CommandId = "", MaxResults, NextToken }: SsmInput, now: number): object {
    const command = this.#commands.get(CommandId);
    if (!command) throw new Ec2Error("InvalidCommandId", "");
    const listed = now >= command.sentAt + LISTED_AFTER_MS ? command.instances : [];
    const [page, token] = pageOf(listed, MaxResults, NextToken);
    return {
      CommandInvocations: page.map((instance) => invocation(CommandId, command, instance, now)),
      ...token,
    };
  }
}

function isOnline(instance: SimulatedInstance, now: number): boolean {
  const { ssm } = instance.spec;
  return ssm !== undefined && now >= instance.runningSince(now) + (ssm.onlineAfterMs ?? 0);
}

function invocation(
  CommandId: string,
  { sentAt, input }: Command,
  instance: SimulatedInstance,
  now: number,
): object {
  const { scriptMs = 300, deaf } = instance.spec.ssm ?? {};
  const timeoutMs = 1000 * Number(input.Parameters?.executionTimeout[0]);
  const deliveryMs = 1000 * (input.TimeoutSeconds ?? 3600);
  const endsAt = sentAt + (deaf ? deliveryMs : Math.min(scriptMs, timeoutMs));
  const [Status, StatusDetails] = deaf
    ? ["TimedOut", "Delivery Timed Out"]
    : scriptMs > timeoutMs
      ? ["TimedOut", "Execution Timed Out"]
      : ["Success", "Success"];
  const output = Status === "Success" ? runScript(instance, input, endsAt) : "";
  const plugin = { Name: "aws:runShellScript", Output: cut(output), ResponseCode: 0 };
  const about = {
    CommandId,
    InstanceId: instance.spec.id,
    DocumentName: input.DocumentName,
    TraceOutput: "",
  };
  if (now >= endsAt)
    return { ...about, Status, StatusDetails, CommandPlugins: [{ ...plugin, Status, StatusDetails }] };
  const inProgress = deaf ? "Pending" : "InProgress";
  return { ...about, Status: inProgress, StatusDetails: inProgress, CommandPlugins: [] };
}

function runScript(instance: SimulatedInstance, input: SsmInput, time: number): string {
  const words = scriptArguments((input.Parameters?.commands ?? []).join("\n"));
  const lines: string[] = [];
  for (let index = 0; index + 1 < words.length; index += 2) {
    const found = findingOf(instance, words[index] ?? "", words[index + 1] ?? "", time);
    lines.push(`=check ${index / 2 + 1} ${found === undefined ? "ok" : `no ${found}`}\n`);
  }
  return lines.join("");
}

function findingOf(
  instance: SimulatedInstance,
  kind: string,
  value: string,
  time: number,
): string | undefined {
  const { units = {}, ports = [], commands = {} } = instance.spec.ssm ?? {};
  if (kind === "tcp") return ports.includes(Number(value)) ? undefined : "nothing listens";
  if (kind === "command") {
    const [code, line] = commands[value] ?? [0, ""];
    return code === 0 ? undefined : `exit code ${code}: ${line}`;
  }
  const unit = units[value] ?? "inactive";
  if (typeof unit === "string") return unit === "active" ? undefined : unit;
  return time >= instance.runningSince(time) + unit ? undefined : "activating";
}

function cut(output: string): string {
  const mark = "--output truncated--";
  return output.length > LISTED_CHARACTERS ? output.slice(0, LISTED_CHARACTERS - mark.length) + mark : output;
}

function pageOf<T>(list: readonly T[], size = 50, token = "0"): [readonly T[], { NextToken?: string }] {
  if (size > 50) throw new Ec2Error("ValidationException", "MaxResults");
  const end = Number(token) + size;
  return [list.slice(Number(token), end), end < list.length ? { NextToken: String(end) } : {}];
}
