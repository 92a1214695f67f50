import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { DeserializeMiddleware, InitializeMiddleware, MiddlewareStack } from "@smithy/types";

/** A call that failed on the way to AWS. The SDK's own words name neither the profile nor the host. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  /** The SDK decides by its status whether to try again. */
  readonly $metadata: { readonly httpStatusCode?: number };

  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.$metadata = options.status === undefined ? {} : { httpStatusCode: options.status };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each client has types of its own for what only passes through.
export type AnyMiddlewareStack = Pick<MiddlewareStack<any, any>, "add">;

/** Makes a client report a missing profile by its name, and an answer that is not AWS's by its host. */
export function addClientErrors(stack: AnyMiddlewareStack, profile: string | undefined): void {
  stack.add(checkProfile(profile), { step: "initialize", priority: "high", name: "checkProfile" });
  // After the SDK's own step, which parses the answer.
  stack.add(checkAnswer, { step: "deserialize", priority: "low", name: "checkAnswer" });
}

function checkProfile(profile: string | undefined): InitializeMiddleware<object, object> {
  return (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      const name = profile ?? process.env["AWS_PROFILE"];
      if (!(error instanceof Error) || error.name !== "CredentialsProviderError" || !name) throw error;
      const files = profileFiles(process.env);
      if (files.some((file) => hasProfile(file, name))) throw error;
      const asked = profile === undefined ? "AWS_PROFILE" : "--profile";
      throw new ClientError(`${asked}: expected a profile of ${files.join(" or ")}, got "${name}"`, {
        cause: error,
      });
    }
  };
}

function profileFiles(env: NodeJS.ProcessEnv): string[] {
  const folder = join(homedir(), ".aws");
  return [
    env["AWS_CONFIG_FILE"] || join(folder, "config"),
    env["AWS_SHARED_CREDENTIALS_FILE"] || join(folder, "credentials"),
  ];
}

/** Whether a file has the section `[name]` or `[profile name]`. */
function hasProfile(file: string, name: string): boolean {
  try {
    const titles = [
      ...readFileSync(file, "utf8").matchAll(/^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/gm),
    ];
    return titles.some(([, title]) => title === name);
  } catch {
    return false;
  }
}

interface HttpRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body?: Readable;
}

const MAX_PAGE_START = 500;

/** No service of AWS answers with a web page: a proxy, a sign-in page or another server does. */
const checkAnswer: DeserializeMiddleware<object, object> = (next) => async (args) => {
  const result = await next(args);
  const response = result.response as HttpResponse;
  const { statusCode: status, headers, body } = response;
  if (!/^text\/html\b/i.test(headers["content-type"] ?? "") || body === undefined) return result;
  const bytes = await buffer(body);
  response.body = Readable.from([bytes]);
  // Simulators of AWS call their XML and JSON by that type too.
  if (!/^\s*<(?:!doctype )?html\b/i.test(bytes.toString("latin1", 0, MAX_PAGE_START))) return result;
  const { protocol, hostname, port } = args.request as HttpRequest;
  const host = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
  throw new ClientError(
    `Expected an answer of AWS from ${host}, got a web page (status ${status}): check AWS_ENDPOINT_URL, and whether a proxy or a sign-in page is in between`,
    { status },
  );
};
