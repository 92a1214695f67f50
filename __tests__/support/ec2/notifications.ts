import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { type EventPattern, matchesPattern } from "./event-pattern";

export const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:alerts";

/** A message as SNS received it. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  /** The region whose SNS was called. */
  readonly region: string;
}

/** An error of AWS in place of an answer. */
export interface RefusedCall {
  readonly code: string;
  readonly status?: number;
  /** What is answered in place of the error, such as a proxy's page. */
  readonly body?: string;
}

/** SNS and the default event bus of EventBridge, in memory, over HTTP on 127.0.0.1. */
export class NotificationServer {
  published: PublishedMessage[] = [];
  /** The entries that are on the bus. */
  entries: PutEventsRequestEntry[] = [];
  /** The number of entries of each call of PutEvents. */
  batches: number[] = [];
  publishCalls = 0;
  /** The variables by which the SDK finds it. */
  endpoints: Readonly<Record<string, string>> = {};
  refusePublish: (nth: number) => RefusedCall | undefined = () => undefined;
  refusePut: (nth: number) => RefusedCall | undefined = () => undefined;
  /** The error code of single entries of a call. */
  refuseEntry: (nthCall: number, index: number) => string | undefined = () => undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const isPut = request.headers["x-amz-target"] === "AWSEvents.PutEvents";
      const [, region = ""] =
        /\/([a-z0-9-]+)\/(?:sns|events)\/aws4_request/.exec(request.headers.authorization ?? "") ?? [];
      const { status, answer } = isPut
        ? this.#put(JSON.parse(body))
        : this.#publish(new URLSearchParams(body), region);
      response.writeHead(status, { "content-type": isPut ? "application/x-amz-json-1.1" : "text/xml" });
      response.end(answer);
    });
  }

  /** Listens, and makes the function's clients call it. */
  async open(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("The server has no address");
    const url = `http://127.0.0.1:${address.port}`;
    this.endpoints = { AWS_ENDPOINT_URL_SNS: url, AWS_ENDPOINT_URL_EVENTBRIDGE: url };
    Object.assign(process.env, this.endpoints);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  reset(): void {
    this.published = [];
    this.entries = [];
    this.batches = [];
    this.publishCalls = 0;
    this.refusePublish = () => undefined;
    this.refusePut = () => undefined;
    this.refuseEntry = () => undefined;
  }

  /** The details of the events that a rule's pattern matches. */
  matching(pattern: EventPattern): Record<string, unknown>[] {
    return this.entries
      .map(({ Source, DetailType, Detail }) => ({
        source: Source,
        "detail-type": DetailType,
        detail: JSON.parse(Detail ?? "{}"),
      }))
      .filter((event) => matchesPattern(pattern, event))
      .map(({ detail }) => detail);
  }

  #publish(query: URLSearchParams, region: string) {
    const refused = this.refusePublish(++this.publishCalls);
    if (refused)
      return {
        status: refused.status ?? 400,
        answer:
          refused.body ??
          `<ErrorResponse><Error><Type>Sender</Type><Code>${refused.code}</Code><Message>refused</Message></Error></ErrorResponse>`,
      };
    this.published.push({
      topicArn: query.get("TopicArn") ?? "",
      subject: query.get("Subject") ?? "",
      message: query.get("Message") ?? "",
      region,
    });
    return {
      status: 200,
      answer: "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
    };
  }

  #put({ Entries }: { readonly Entries: readonly PutEventsRequestEntry[] }) {
    const nth = this.batches.push(Entries.length);
    const refused = this.refusePut(nth);
    if (refused)
      return {
        status: refused.status ?? 400,
        answer: JSON.stringify({ __type: refused.code, message: "refused" }),
      };
    const codes = Entries.map((_, index) => this.refuseEntry(nth, index));
    this.entries.push(...Entries.filter((_, index) => codes[index] === undefined));
    const answer = {
      FailedEntryCount: codes.filter((code) => code !== undefined).length,
      Entries: codes.map((code, index) =>
        code === undefined ? { EventId: `${nth}-${index}` } : { ErrorCode: code, ErrorMessage: "refused" },
      ),
    };
    return { status: 200, answer: JSON.stringify(answer) };
  }
}
