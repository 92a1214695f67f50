import { Readable } from "node:stream";
import type { DeserializeMiddleware, MiddlewareStack } from "@smithy/types";
import { INSTANCES_PER_PAGE } from "../contract/instance-search";

/** Room for an instance's XML: its 50 tags at their greatest lengths take 22 kB, everything else about 2 kB. */
const MAX_BYTES_PER_INSTANCE = 24_000;
/** Bytes of an answer: a page of DescribeInstances is the largest. */
const MAX_ANSWER_BYTES = INSTANCES_PER_PAGE * MAX_BYTES_PER_INSTANCE;
/** Bytes of an error: one that names 1,000 ids takes about 22 kB. */
const MAX_ERROR_BYTES = 256_000;
/** Bytes that show whose answer it is. */
const HEAD_BYTES = 2_000;
const QUOTED_CHARACTERS = 120;
const ERROR_CODE = /<Errors?>.*?<Code>([\w.]+)<\/Code>/s;

/** An answer that is not the service's, or too long to read. It keeps the status, by which a retry is decided. */
export class UnreadableAnswer extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(message: string, status: number, name = "UnreadableAnswer") {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each client has types of its own for what only passes through.
type AnyMiddlewareStack = Pick<MiddlewareStack<any, any>, "add">;

/**
 * Makes a client read answers up to a bound, and refuse what is no answer of the service: the SDK reads a web page, an
 * empty body, or an error under a status of 200 as a success that lists nothing.
 */
export function checkAnswers(stack: AnyMiddlewareStack, format: "xml" | "json"): void {
  const check: DeserializeMiddleware<object, object> =
    (next, { clientName = "", commandName = "" }) =>
    async (args) => {
      const result = await next(args);
      const call = {
        format,
        service: clientName.replace(/Client$/, ""),
        action: commandName.replace(/Command$/, ""),
      };
      await readAnswer(result.response as HttpResponse, call);
      return result;
    };
  // After the SDK's own step, which parses the answer.
  stack.add(check, { step: "deserialize", priority: "low", name: "checkAnswers" });
}

interface HttpResponse {
  statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body?: Readable;
}

interface Call {
  readonly format: "xml" | "json";
  /** `EC2`, in messages. */
  readonly service: string;
  readonly action: string;
}

async function readAnswer(response: HttpResponse, { format, service, action }: Call): Promise<void> {
  const { statusCode: status, body } = response;
  const { chunks, complete } = await readBounded(body, status < 300 ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES);
  response.body = Readable.from(chunks);
  const head = textOf(chunks, HEAD_BYTES);
  if (!complete) throw tooLong(head, status, service);
  if (format === "json") return;
  const root = rootOf(head);
  // Text within an answer has no brackets of its own. The SDK cannot read an error without a code.
  const isError = (root?.endsWith("Response") ?? false) && ERROR_CODE.test(head);
  // The SDK parses an error by its status.
  if (isError && status < 300) response.statusCode = 400;
  if (isError || (status < 300 && root === `${action}Response` && isClosed(chunks, root))) return;
  throw new UnreadableAnswer(`expected ${service}'s answer, got ${describe(response, head)}`, status);
}

async function readBounded(body: Readable | undefined, maxBytes: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    // Leaving the loop destroys the stream, and so the connection.
    if (bytes > maxBytes) return { chunks, complete: false };
  }
  return { chunks, complete: true };
}

/** A long error keeps its code, by which it is handled. */
function tooLong(head: string, status: number, service: string): UnreadableAnswer {
  const limit = status < 300 ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES;
  const [, code] = ERROR_CODE.exec(head) ?? [];
  const [, message = ""] = /<Message>([^<]*)/.exec(head) ?? [];
  const size = `an answer longer than ${limit / 1000} kB (status ${status})`;
  if (code === undefined)
    return new UnreadableAnswer(`expected ${service}'s answer, got ${size}: ${quote(head)}`, status);
  return new UnreadableAnswer(`${message.slice(0, QUOTED_CHARACTERS)}... (${size})`, status, code);
}

function describe({ statusCode, headers }: HttpResponse, head: string): string {
  const type = headers["content-type"] || "no content type";
  const body = head.trim() === "" ? "an empty body" : quote(head);
  return `status ${statusCode}, ${type}: ${body}`;
}

function quote(text: string): string {
  return JSON.stringify(text.replace(/\s+/g, " ").trim().slice(0, QUOTED_CHARACTERS));
}

/** Returns the name of the root element, after XML's declaration and comments. */
function rootOf(head: string): string | undefined {
  return /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[^>]*-->\s*)*<(\w+)[\s/>]/.exec(head)?.[1];
}

/** Whether the root element ends, which it does not where a proxy has cut the answer. */
function isClosed(chunks: readonly Buffer[], root: string): boolean {
  const last = Buffer.concat(chunks.slice(-2)).toString("latin1").slice(-HEAD_BYTES);
  return last.trimEnd().endsWith(`</${root}>`) || textOf(chunks, HEAD_BYTES).trimEnd().endsWith("/>");
}

function textOf(chunks: readonly Buffer[], bytes: number): string {
  const first: Buffer[] = [];
  for (let read = 0, index = 0; read < bytes && index < chunks.length; index++) {
    const chunk = chunks[index] ?? Buffer.alloc(0);
    first.push(chunk);
    read += chunk.length;
  }
  return Buffer.concat(first).toString("utf8", 0, bytes);
}
