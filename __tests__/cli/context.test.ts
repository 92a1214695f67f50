import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createProgress } from "../../cli/context";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

async function told(isTTY: boolean, milliseconds: number): Promise<string[]> {
  const written: string[] = [];
  const progress = createProgress({ isTTY, write: (text) => written.push(text) });
  const work = progress("Reading", async (reporter) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds / 2));
    reporter.update("Reading page 2");
    await new Promise((resolve) => setTimeout(resolve, milliseconds / 2));
    return "done";
  });
  await jest.advanceTimersByTimeAsync(milliseconds);
  expect(await work).toBe("done");
  return written;
}

describe("progress", () => {
  it("is not told of what is done within two seconds", async () => {
    expect(await told(true, 1_900)).toEqual([]);
  });

  it("is one line on a terminal, redrawn, and gone at the end", async () => {
    expect(await told(true, 6_000)).toEqual([
      "\r\u001b[2KReading ...",
      "\r\u001b[2KReading page 2 ...",
      "\r\u001b[2K",
    ]);
  });

  it("is written once outside a terminal", async () => {
    expect(await told(false, 6_000)).toEqual(["Reading ...\n"]);
  });

  it("is gone after an error too", async () => {
    const written: string[] = [];
    const progress = createProgress({ isTTY: true, write: (text) => written.push(text) });
    const work = progress("Reading", async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      throw new Error("no");
    });
    const failed = expect(work).rejects.toThrow("no");
    await jest.advanceTimersByTimeAsync(3_000);
    await failed;
    expect(written.at(-1)).toBe("\r\u001b[2K");
  });
});
