import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type {
  DescribeInstancesCommandInput,
  InstanceStateChange,
  InstanceStateName,
} from "@aws-sdk/client-ec2";
import type { Action } from "../../../contract/actions";
import type { Ec2Api } from "../../../lambda-src/ec2-client";
import { type InstanceSpec, type Shortage, SimulatedInstance } from "./fleet";
import {
  changeXml,
  describeXml,
  Ec2Error,
  errorXml,
  instanceFields,
  instanceXml,
  type Query,
  readQuery,
} from "./query-protocol";
import { rejectChange } from "./rules";
import { type SsmInput, SsmSimulator } from "./ssm";
import { TokenBucket } from "./token-bucket";

/** A call that the simulator received. */
export interface SimulatedCall extends Query {
  readonly region: string;
  readonly sessionToken: string | undefined;
  /** Which call of its action this is, from 1. */
  readonly nth: number;
}

/** A fault of a call. */
export type SimulatedFault =
  | { readonly kind: "error"; readonly code: string; readonly message?: string; readonly status?: number }
  | { readonly kind: "reset-before" }
  | { readonly kind: "reset-after" }
  | { readonly kind: "half" }
  | { readonly kind: "html"; readonly status?: number }
  /** Any body, under a status of 200 unless it names another. */
  | { readonly kind: "body"; readonly body: string | (() => Iterable<string>); readonly status?: number }
  | { readonly kind: "slow"; readonly milliseconds: number }
  | { readonly kind: "silent" };

/** The simulator's clock. */
export interface SimulatorClock {
  now(): number;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface SimulatorOptions {
  readonly clock: SimulatorClock;
  readonly faults?: (call: SimulatedCall) => SimulatedFault | undefined;
  readonly shortages?: readonly Shortage[];
  /** How far reads lag behind writes, by the number of the read. */
  readonly lagMs?: (read: number) => number;
  /**
   * How many instances calls may name before the first one is refused for the rate.
   * @default no limit
   */
  readonly tokens?: Readonly<Partial<Record<Action, number>>>;
}

const FOREVER_MS = 24 * 3600 * 1000;

/**
 * An EC2 in memory that speaks the query protocol over HTTP on 127.0.0.1, together with an SSM that speaks JSON. The header
 * X-Amz-Target marks the calls of SSM.
 */
export class Ec2Simulator {
  calls: SimulatedCall[] = [];
  /** The number of connections opened so far. */
  connections = 0;
  #instances = new Map<string, SimulatedInstance>();
  #options: SimulatorOptions = { clock: { now: () => Date.now(), pause: async () => undefined } };
  readonly #server: Server;
  readonly ssm = new SsmSimulator((id) => this.#instances.get(id));
  /** By region and action. */
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #listings = new Map<string, readonly SimulatedInstance[]>();

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => request.socket.destroy());
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on("connection", () => this.connections++);
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("The simulator has no address");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Replaces all instances and forgets all calls. */
  load(specs: readonly InstanceSpec[], options: SimulatorOptions): void {
    this.calls = [];
    this.#listings.clear();
    this.#buckets.clear();
    this.ssm.clear();
    this.#options = options;
    this.#instances = new Map(
      specs.map((spec) => [spec.id, new SimulatedInstance(spec, options.clock.now())]),
    );
  }

  instance(id: string): SimulatedInstance {
    const instance = this.#instances.get(id);
    if (!instance) throw new Error(`The simulator has no instance ${id}`);
    return instance;
  }

  get instances(): readonly SimulatedInstance[] {
    return [...this.#instances.values()];
  }

  /** Lets other callers of the account take the tokens of a region, and until a time all but a share of what returns. */
  shareTokens(region: string, kind: Action, until: number, left: number): void {
    const now = this.#options.clock.now();
    this.#bucket(region, kind, now)?.shareWithOthers(now, until, left);
  }

  /** Returns the number of calls of an action. */
  count(action: string): number {
    return this.calls.filter((call) => call.action === action).length;
  }

  /**
   * The same EC2 without HTTP and without the SDK, which take most of the time of many small runs: with the fields of
   * plain instances, and no faults on the way.
   */
  inProcess(region: string): Ec2Api {
    const record = (action: string, input: DescribeInstancesCommandInput) => {
      const { InstanceIds = [], Filters = [], MaxResults, NextToken, DryRun = false } = input;
      const filters = Filters.map(({ Name = "", Values = [] }) => ({ name: Name, values: Values }));
      const call: SimulatedCall = {
        action,
        instanceIds: InstanceIds,
        filters,
        maxResults: MaxResults,
        nextToken: NextToken,
        dryRun: DryRun,
        hibernate: false,
        region,
        sessionToken: undefined,
        nth: this.count(action) + 1,
      };
      this.calls.push(call);
      this.#options.faults?.(call);
      return call;
    };
    const changed = (action: string, input: DescribeInstancesCommandInput): InstanceStateChange[] =>
      this.#change(record(action, input)).map(({ id, current }) => ({
        InstanceId: id,
        CurrentState: { Name: current as InstanceStateName },
      }));
    return {
      describeInstances: async (input) => {
        const { instances, time, nextToken } = asSdkError(() =>
          this.#page(record("DescribeInstances", input)),
        );
        const Instances = instances.map((instance) => instanceFields(instance, time));
        return {
          Reservations: [{ Instances }],
          ...(nextToken ? { NextToken: nextToken } : {}),
          $metadata: {},
        };
      },
      startInstances: async (input) =>
        asSdkError(() => ({ StartingInstances: changed("StartInstances", input), $metadata: {} })),
      stopInstances: async (input) =>
        asSdkError(() => ({ StoppingInstances: changed("StopInstances", input), $metadata: {} })),
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const body = await readBody(request);
    const [, ssmAction] = /^AmazonSSM\.(\w+)$/.exec(String(request.headers["x-amz-target"])) ?? [];
    const input: SsmInput = ssmAction ? JSON.parse(body) : {};
    const query = ssmAction ? ssmQuery(ssmAction, input) : readQuery(body);
    const send = ssmAction ? sendJson : sendXml;
    const region =
      /\/([a-z0-9-]+)\/(?:ec2|ssm)\/aws4_request/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const token = request.headers["x-amz-security-token"];
    const sessionToken = typeof token === "string" ? token : undefined;
    const call = { ...query, region, sessionToken, nth: this.count(query.action) + 1 };
    this.calls.push(call);
    const { clock, faults } = this.#options;
    const fault = faults?.(call);
    if (fault?.kind === "reset-before") return void request.socket.destroy();
    if (fault?.kind === "silent") return clock.pause(FOREVER_MS, gone.signal);
    if (fault?.kind === "error")
      return send(response, new Ec2Error(fault.code, fault.message ?? "", fault.status));
    if (fault?.kind === "html")
      return send(response, "<html><body>Service Unavailable</body></html>", fault.status ?? 503);
    if (fault?.kind === "body") return sendParts(response, fault.body, fault.status ?? 200);
    const answer = this.#perform(call, ssmAction ? input : undefined);
    if (fault?.kind === "reset-after") return void request.socket.destroy();
    if (fault?.kind === "half") return sendHalf(response, String(answer));
    if (fault?.kind === "slow") await clock.pause(fault.milliseconds, gone.signal);
    if (!gone.signal.aborted) send(response, answer);
  }

  #perform(call: SimulatedCall, input: SsmInput | undefined): string | Ec2Error {
    try {
      if (input) return JSON.stringify(this.ssm.perform(call.action, input, this.#options.clock.now()));
      if (call.action === "DescribeInstances") return this.#describe(call);
      if (call.action === "StartInstances" || call.action === "StopInstances")
        return changeXml(call.action, this.#change(call));
      throw new Ec2Error("InvalidAction", `The action ${call.action} is not valid for this web service.`);
    } catch (error) {
      if (error instanceof Ec2Error) return error;
      throw error;
    }
  }

  #describe(call: SimulatedCall): string {
    const { instances, time, nextToken } = this.#page(call);
    return describeXml(
      instances.map((instance) => instanceXml(instance, time)),
      nextToken,
    );
  }

  #page(call: SimulatedCall) {
    if (call.instanceIds.length > 0 && call.maxResults !== undefined) {
      throw new Ec2Error(
        "InvalidParameterCombination",
        "The parameter instancesSet cannot be used with maxResults",
      );
    }
    const time = this.#options.clock.now() - (this.#options.lagMs?.(this.count("DescribeInstances")) ?? 0);
    const [listKey, offset] = (call.nextToken ?? "0:0").split(":");
    const listing = (call.nextToken && this.#listings.get(listKey ?? "")) || this.#list(call, time);
    const from = Number(offset);
    const page = listing.slice(from, from + (call.maxResults ?? Number.POSITIVE_INFINITY));
    const key = listKey === "0" ? String(this.#listings.size + 1) : listKey;
    const more = from + page.length < listing.length;
    if (more && key) this.#listings.set(key, listing);
    return { instances: page, time, nextToken: more ? `${key}:${from + page.length}` : undefined };
  }

  #list(call: SimulatedCall, time: number): readonly SimulatedInstance[] {
    const named =
      call.instanceIds.length > 0 ? this.#named(call) : this.instances.filter((one) => isIn(one, call));
    return named.filter((instance) => call.filters.every((filter) => matches(instance, filter, time)));
  }

  #named(call: SimulatedCall): SimulatedInstance[] {
    if (call.instanceIds.length > 1000) throw new Ec2Error("InvalidParameterValue", "Too many instance ids");
    const malformed = call.instanceIds.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
    if (malformed !== undefined)
      throw new Ec2Error("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`);
    const here = (id: string) => {
      const instance = this.#instances.get(id);
      return instance && isIn(instance, call) ? instance : undefined;
    };
    const missing = call.instanceIds.filter((id) => !here(id));
    if (missing.length === 1) {
      throw new Ec2Error("InvalidInstanceID.NotFound", `The instance ID '${missing[0]}' does not exist`);
    }
    if (missing.length > 1) {
      throw new Ec2Error(
        "InvalidInstanceID.NotFound",
        `The instance IDs '${missing.join(", ")}' do not exist`,
      );
    }
    return call.instanceIds.flatMap((id) => here(id) ?? []);
  }

  #change(
    call: SimulatedCall,
  ): { readonly id: string; readonly previous: string; readonly current: string }[] {
    const now = this.#options.clock.now();
    const instances = this.#named(call);
    rejectChange(call, instances, now, this.instances, this.#options.shortages ?? []);
    this.#takeTokens(call, now);
    return instances.map((instance) => {
      const previous = instance.at(now).state;
      if (call.action === "StartInstances") instance.start(now);
      else instance.stop(now);
      return { id: instance.spec.id, previous, current: instance.at(now).state };
    });
  }

  /** Takes a token for each instance that a call names, or refuses the call: all or nothing. */
  #takeTokens({ action, region, instanceIds }: SimulatedCall, now: number): void {
    const kind = action === "StartInstances" ? "start" : "stop";
    if (this.#bucket(region, kind, now)?.take(instanceIds.length, now) === false)
      throw new Ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503);
  }

  #bucket(region: string, kind: Action, now: number): TokenBucket | undefined {
    const held = this.#options.tokens?.[kind];
    if (held === undefined) return undefined;
    const key = `${region} ${kind}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(kind, held, now);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/** Throws EC2's error as the SDK does. */
function asSdkError<T>(perform: () => T): T {
  try {
    return perform();
  } catch (error) {
    if (!(error instanceof Ec2Error)) throw error;
    const { code, message, status } = error;
    throw Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });
  }
}

function isIn({ spec }: SimulatedInstance, { region }: SimulatedCall): boolean {
  return (spec.region ?? "ap-northeast-2") === region;
}

function matches(
  instance: SimulatedInstance,
  { name, values }: { readonly name: string; readonly values: readonly string[] },
  time: number,
): boolean {
  if (values.length > 200)
    throw new Ec2Error("FilterLimitExceeded", "The maximum number of filter values is 200");
  const found =
    name === "instance-id"
      ? [instance.spec.id]
      : name === "instance-state-name"
        ? [instance.at(time).state]
        : tagTexts(instance.tags, name);
  return matchesFilterValues(values, found);
}

/** The texts that a filter on tags compares: the value of one tag, or the keys of all. */
export function tagTexts(tags: Readonly<Record<string, string>>, filterName: string): string[] {
  if (filterName === "tag-key") return Object.keys(tags);
  const key = filterName.replace(/^tag:/, "");
  return key !== filterName && Object.hasOwn(tags, key) ? [tags[key] ?? ""] : [];
}

/** Whether one of the texts is one of the values of a filter. */
export function matchesFilterValues(values: readonly string[], texts: readonly string[]): boolean {
  return texts.some((text) => values.some((pattern) => wildcard(pattern).test(text)));
}

/** EC2's wildcards: `*` and `?`, and a backslash makes the next character literal. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|(\*)|(\?)|([^\w])/gsu, (_all, escaped, star, question, other) => {
    if (star) return ".*";
    if (question) return ".";
    return `\\u{${(escaped ?? other).codePointAt(0).toString(16)}}`;
  });
  return new RegExp(`^${source}$`, "su");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Converts an SSM call to the form of an EC2 call. */
function ssmQuery(action: string, { InstanceIds, Filters = [], MaxResults, NextToken }: SsmInput): Query {
  return {
    action,
    instanceIds: InstanceIds ?? [],
    filters: Filters.map(({ Key, Values }) => ({ name: Key, values: Values })),
    maxResults: MaxResults,
    nextToken: NextToken,
    dryRun: false,
    hibernate: false,
  };
}

function sendJson(response: ServerResponse, answer: string | Ec2Error, status = 200): void {
  const isError = typeof answer !== "string";
  response.writeHead(isError ? answer.status : status, { "content-type": "application/x-amz-json-1.1" });
  response.end(isError ? JSON.stringify({ __type: answer.code, message: answer.message }) : answer);
}

function sendXml(response: ServerResponse, answer: string | Ec2Error, status = 200): void {
  const body = typeof answer === "string" ? answer : errorXml(answer);
  response.writeHead(typeof answer === "string" ? status : answer.status, {
    "content-type": "text/xml;charset=UTF-8",
  });
  response.end(body);
}

/** Writes part by part, as far as the client reads. */
async function sendParts(
  response: ServerResponse,
  body: string | (() => Iterable<string>),
  status: number,
): Promise<void> {
  response.writeHead(status, { "content-type": "text/xml;charset=UTF-8" });
  const parts = Readable.from(typeof body === "string" ? [body] : body());
  await pipeline(parts, response).catch(() => undefined);
}

function sendHalf(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    "content-type": "text/xml;charset=UTF-8",
    "content-length": Buffer.byteLength(body),
  });
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}
