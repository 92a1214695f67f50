import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readConfig } from "../../config";
import { readConfigText } from "../../config/file";
import { VALID } from "../support/problems-of";

describe("the file itself", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "config-file-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function file(content: string | Uint8Array): string {
    const path = join(folder, "config.yaml");
    writeFileSync(path, content);
    return path;
  }

  it("is read with or without a byte order mark", async () => {
    expect(await readConfig(file(`\uFEFF${VALID}`))).toEqual(await readConfig(file(VALID)));
  });

  it("keeps characters of every script", () => {
    expect(readConfigText(file("name: 서울 💤\n"))).toBe("name: 서울 💤\n");
  });

  it.each([
    ["Latin-1", Buffer.from("name: café", "latin1")],
    ["UTF-16", Buffer.from("name: dev", "utf16le")],
    ["UTF-16 with a byte order mark", Buffer.from("\uFEFFname: dev", "utf16le")],
  ])("is refused as %s", async (_encoding, bytes) => {
    const path = file(bytes);
    await expect(readConfig(path)).rejects.toThrow(
      `${path}: expected text encoded as UTF-8, got bytes that are not`,
    );
  });

  it("is refused above 1 MB, and read below", async () => {
    const path = file(`# ${"x".repeat(1_000_000)}\n${VALID}`);
    await expect(readConfig(path)).rejects.toThrow(
      `${path}: expected a config file of at most 1 MB, got a larger one`,
    );
    expect((await readConfig(file(`# ${"x".repeat(900_000)}\n${VALID}`))).region).toBe("ap-northeast-2");
  });

  it("is reported if it does not exist", async () => {
    const path = join(folder, "nope.yaml");
    await expect(readConfig(path)).rejects.toThrow(`${path}: expected a config file, got no such file`);
    await expect(readConfig(join(file("x"), "below"))).rejects.toThrow(
      "expected a config file, got no such file",
    );
  });

  it("may not be a folder", async () => {
    await expect(readConfig(folder)).rejects.toThrow(`${folder}: expected a config file, got a folder`);
  });
});
