import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ConfigError } from "./error";

/** 1,000 schedules take about 150 kB. */
export const MAX_BYTES = 1_000_000;

/** The text of a config file, or a {@link ConfigError} that says why it cannot be read. */
export function readText(file: string): string {
  const bytes = readBytes(file);
  if (bytes.length > MAX_BYTES) {
    throw unreadable(file, "a config file of at most 1 MB", "a larger one");
  }
  try {
    // Without a byte order mark, UTF-16 passes for UTF-8 with zeros in it.
    if (bytes.includes(0)) throw new TypeError("zero bytes");
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "text encoded as UTF-8", "bytes that are not", cause);
  }
}

// Reads one byte past the limit at most: the file may be a device that never ends.
function readBytes(file: string): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (cause) {
    throw unreadable(file, "a config file", reason(cause), cause);
  }
  try {
    if (fstatSync(descriptor).isDirectory()) throw unreadable(file, "a config file", "a folder");
    const buffer = new Uint8Array(MAX_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (cause) {
    throw cause instanceof ConfigError ? cause : unreadable(file, "a config file", reason(cause), cause);
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(file: string, expected: string, got: string, cause?: unknown): ConfigError {
  return new ConfigError(file, [{ path: "", expected, got }], { cause });
}

function reason(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "no such file";
  if (code === "EISDIR") return "a folder";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  return error instanceof Error ? error.message : String(error);
}
