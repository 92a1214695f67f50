import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { moduleFacts } from "../../scripts/module-facts";

const MODULE = join(__dirname, "../../module");
const read = (file: string) => readFileSync(join(MODULE, file), "utf8");
const schema = JSON.parse(readFileSync("config/ec2-start-stop.schema.json", "utf8"));
const FILES = readdirSync(MODULE).filter((file) => file.endsWith(".tf"));
const written = FILES.filter((file) => file !== "facts.tf")
  .map(read)
  .join("\n");

/** Keys of the config file that have no effect in the module: the years of calendars that are looked up. */
const WITHOUT_EFFECT = ["years"];

describe("what the module knows as the library does", () => {
  it("is in facts.tf; if not: npm run build:module", () => {
    expect(read("facts.tf")).toBe(moduleFacts(schema));
  });

  it("has every key of the config file: the module reads it, or says how else to do it", () => {
    const [, kinds = ""] = /\n {2}kinds = \{\n([\s\S]*?)\n {2}\}\n/.exec(read("facts.tf")) ?? [];
    const keys = [...kinds.matchAll(/^ {6}(\w+) +=/gm)].map(([, key = ""]) =>
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
    expect(keys.length).toBeGreaterThan(50);
    const unread = keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(written));
    expect([...new Set(unread)].sort()).toEqual([...WITHOUT_EFFECT].sort());
  });

  it("is used: no fact is there for nothing", () => {
    const facts = [...read("facts.tf").matchAll(/^ {2}(\w+) +=/gm)].map(([, name = ""]) => name);
    expect(facts.length).toBeGreaterThan(15);
    expect(facts.filter((name) => !written.includes(`local.${name}`))).toEqual([]);
  });
});

it("has no line of more than 120 columns", () => {
  const long = FILES.flatMap((file) =>
    read(file)
      .split("\n")
      .filter((line) => line.length > 120)
      .map((line) => `${file}: ${line}`),
  );
  expect(long).toEqual([]);
});
