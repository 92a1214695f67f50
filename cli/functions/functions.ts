import type { StartStopRequest } from "../../schedule/request";

/** What is read of Lambda. */
export interface FunctionReader {
  /** undefined: there is no function of that name. */
  describe(name: string): Promise<DeployedFunction | undefined>;
}

/** Runs functions, once each: an invocation that may have run is never tried again. */
export interface FunctionInvoker {
  /** Waits for its end, however long the function may run. */
  invoke(deployed: DeployedFunction, request: StartStopRequest): Promise<Invocation>;
}

/** A function as Lambda has it. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** `$LATEST`, since nothing of this project's publishes versions. */
  readonly version: string;
  /** Base64 of the SHA-256 of the zip that it runs. */
  readonly codeSha256: string;
  readonly lastModified: Date;
  /** `Active`, or why it cannot be invoked yet or any more: `Pending`, `Inactive`, `Failed`. */
  readonly state: string;
  readonly stateReason?: string;
  /** Of its last change: `Successful`, `InProgress`, `Failed`. */
  readonly lastUpdateStatus?: string;
  readonly lastUpdateReason?: string;
  readonly roleArn: string;
  /** Such as `nodejs22.x`. */
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Its environment variables, ACTION among them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where it logs. */
  readonly logGroup: string;
  /** `JSON` or `Text`. */
  readonly logFormat?: string;
  /** `arm64` or `x86_64`. */
  readonly architecture?: string;
  /** ARN of its own queue for events that it gave up. */
  readonly deadLetterArn?: string;
}

/** What became of one invocation. */
export interface Invocation {
  /** Lambda's id of it, as its log lines have it. */
  readonly requestId: string;
  /** When it was asked for, by the clock of this machine. */
  readonly invokedAt: Date;
  readonly ending: InvocationEnding;
  /** The last 4 KB of its log. */
  readonly logTail: string;
}

/**
 * `returned`: with a result. `threw`: as a run with a failure does, and a refused one. `timed-out` and `crashed`: Lambda
 * ended it, and nobody knows how far it came.
 */
export type InvocationEnding =
  | { readonly kind: "returned"; readonly result: unknown }
  | {
      readonly kind: "threw" | "timed-out" | "crashed";
      readonly errorType: string;
      readonly message: string;
    };
