import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ConfigError } from "./error";

/** Kind of a text file. */
export interface FileKind {
  /** Completes "expected ..." in a problem. */
  readonly what: string;
  readonly maxMegabytes: number;
}

// 1,000 schedules take about 150 kB.
const CONFIG: FileKind = { what: "a config file", maxMegabytes: 1 };

/** Thrown for a file that cannot be read as text. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string, options?: ErrorOptions) {
    super(`expected ${expected}, got ${got}`, options);
    this.expected = expected;
    this.got = got;
  }
}

/**
 * Returns the text of a config file.
 * @throws ConfigError if it cannot be read
 */
export function readConfigText(file: string): string {
  try {
    return readTextFile(file, CONFIG);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { expected, got } = error;
    throw new ConfigError(file, [{ path: "", expected, got }], { cause: error.cause });
  }
}

/**
 * Returns the text of a UTF-8 file.
 * @throws UnreadableFile if it cannot be read, is too large, or is not UTF-8
 */
export function readTextFile(file: string, { what, maxMegabytes }: FileKind): string {
  const maxBytes = maxMegabytes * 1_000_000;
  const bytes = readBytes(file, what, maxBytes);
  if (bytes.length > maxBytes) {
    throw new UnreadableFile(`${what} of at most ${maxMegabytes} MB`, "a larger one");
  }
  try {
    // UTF-16 without a byte order mark is valid UTF-8 that contains zero bytes.
    if (bytes.includes(0)) throw new TypeError("zero bytes");
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnreadableFile("text encoded as UTF-8", "bytes that are not", { cause });
  }
}

// Reads at most one byte more than the limit, because the file may be an endless device.
function readBytes(file: string, what: string, maxBytes: number): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (cause) {
    throw new UnreadableFile(what, readErrorText(cause), { cause });
  }
  try {
    if (fstatSync(descriptor).isDirectory()) throw new UnreadableFile(what, "a folder");
    const buffer = new Uint8Array(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (cause) {
    throw cause instanceof UnreadableFile ? cause : new UnreadableFile(what, readErrorText(cause), { cause });
  } finally {
    closeSync(descriptor);
  }
}

function readErrorText(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "no such file";
  if (code === "EISDIR") return "a folder";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  return error instanceof Error ? error.message : String(error);
}
