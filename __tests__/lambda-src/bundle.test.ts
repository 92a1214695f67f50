import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { unzipSync } from "fflate";

const root = join(__dirname, "../..");
const folder = join(root, "dist/lambda");
if (!existsSync(folder))
  throw new Error("dist/lambda is missing: run `npm run build` first, as `npm test` does");
const files = readdirSync(folder).sort();
const code = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");

const ALLOWED = ["DescribeInstances", "StartInstances", "StopInstances"];

describe("the bundle", () => {
  it("knows three actions of EC2's hundreds, and none that terminates or modifies", () => {
    const commands = readdirSync(join(root, "node_modules/@aws-sdk/client-ec2/dist-es/commands"));
    const actions = commands.map((file) => file.replace(/Command\.js$/, ""));
    expect(actions.length).toBeGreaterThan(600);
    expect(actions).toContain("TerminateInstances");
    const words = new Set(code.match(/\w+/g));
    expect(actions.filter((action) => words.has(action) || words.has(`${action}Command`))).toEqual(ALLOWED);
  });

  it("needs nothing but Node", () => {
    const required = [...code.matchAll(/\brequire\((["'])(.+?)\1\)/g)].map(([, , id]) => id ?? "");
    expect(required.filter((id) => !id.startsWith("node:") && !id.startsWith("./"))).toEqual([]);
  });

  it("stays small: at most 180 kB, and 60 kB zipped", () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(180_000);
    expect(readFileSync(join(root, "dist/lambda.zip")).length).toBeLessThanOrEqual(60_000);
  });

  it("is the same in the zip, with a fixed date and order", () => {
    const zip = readFileSync(join(root, "dist/lambda.zip"));
    const unpacked = unzipSync(zip);
    expect(Object.keys(unpacked)).toEqual(files);
    for (const file of files)
      expect(Buffer.from(unpacked[file] ?? [])).toEqual(readFileSync(join(folder, file)));
    // Local file headers: date and time of the first entry, 1980-01-01 00:00.
    expect(zip.readUInt32LE(10)).toBe(0x00210000);
  });

  it("names no path of the machine that built it", () => {
    expect(code).not.toContain(root);
  });
});
