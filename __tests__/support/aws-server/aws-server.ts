import { createServer, type IncomingMessage } from "node:http";

/** A call to AWS as it comes over HTTP. */
export interface AwsCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of a JSON service: `LookupEvents` of `X-Amz-Target: CloudTrail_20131101.LookupEvents`. */
  readonly operation: string | undefined;
  /** From the credential scope of the signature: `cloudtrail`, `lambda`, `ec2`. */
  readonly service: string | undefined;
  readonly region: string | undefined;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers the calls that it knows, and leaves the others to the next. */
export type Route = (call: AwsCall) => Promise<AwsAnswer | undefined> | AwsAnswer | undefined;

export interface AwsServer {
  readonly endpoint: string;
  readonly calls: readonly AwsCall[];
  close(): Promise<void>;
}

/**
 * A local AWS: the routes, in their order, before another endpoint (moto's), to which everything else goes on.
 * @param upstream none: what no route knows is an error of the server
 */
export async function startAwsServer(routes: readonly Route[], upstream?: string): Promise<AwsServer> {
  const calls: AwsCall[] = [];
  const server = createServer(async (request, response) => {
    const call = await readCall(request);
    calls.push(call);
    try {
      const answer = (await firstAnswer(routes, call)) ?? (await forward(call, upstream));
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No loopback port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An error as the JSON services of AWS tell it. */
export function awsFault(name: string, message: string, status = 400): AwsAnswer {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": name },
    body: JSON.stringify({ __type: name, message }),
  };
}

async function firstAnswer(routes: readonly Route[], call: AwsCall): Promise<AwsAnswer | undefined> {
  for (const route of routes) {
    const answer = await route(call);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

async function readCall(request: IncomingMessage): Promise<AwsCall> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
  const [, region, service] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers["authorization"] ?? "") ?? [];
  return {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers,
    body: Buffer.concat(parts),
    operation: headers["x-amz-target"]?.split(".").at(-1),
    service,
    region,
  };
}

/** Hands a call on, for a route that changes the answer. */
export async function forward(
  { method, path, headers, body }: AwsCall,
  upstream: string | undefined,
): Promise<AwsAnswer> {
  if (upstream === undefined) throw new Error(`No route for ${method} ${path}`);
  const { host: _, connection: __, "content-length": ___, ...rest } = headers;
  const response = await fetch(upstream + path, {
    method,
    headers: rest,
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
  // fetch has unpacked the body, so what described the packed one no longer holds.
  const {
    "content-encoding": ____,
    "content-length": _____,
    "transfer-encoding": ______,
    ...described
  } = Object.fromEntries(response.headers);
  return { status: response.status, headers: described, body: await response.text() };
}
