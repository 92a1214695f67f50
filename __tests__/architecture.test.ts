import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { circlesIn, importGraph, loadedWith } from "./support/import-graph";

/** What each part of the product may import besides itself; docs/architecture.md says why. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  schedule: ["contract"],
  model: ["contract", "schedule"],
  constructs: ["contract", "schedule", "model"],
  config: ["contract", "schedule", "model", "constructs"],
  "lambda-src": ["contract", "schedule"],
  cli: ["contract", "schedule", "model", "constructs", "config"],
  "main.ts": ["contract", "schedule", "model", "constructs", "config", "cli"],
};
const PARTS = Object.keys(MAY_IMPORT);
const product = importGraph(PARTS);
const partOf = (file: string) => PARTS.find((part) => file === part || file.startsWith(`${part}/`));

describe("imports between the parts of the product", () => {
  it.each(PARTS)("point one way: %s", (part) => {
    const files = [...product].filter(([file]) => partOf(file) === part);
    expect(files).not.toEqual([]);
    const wrong = files.flatMap(([file, imports]) =>
      imports
        .map(({ to }) => ({ to, of: partOf(to) }))
        .filter(({ of }) => of !== undefined && of !== part && !MAY_IMPORT[part]?.includes(of))
        .map(({ to }) => `${file} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("never lead in a circle", () => {
    expect(circlesIn(product)).toEqual([]);
  });
});

describe("imports between the folders of cli/", () => {
  /** A command's own folder, or what commands share. */
  const folderOf = (file: string) => /^cli\/(commands\/[^/]+|[^/]+)\//.exec(file)?.[1];
  const wrongIn = (isWrong: (from: string, to: string) => boolean) =>
    [...product].flatMap(([file, imports]) =>
      imports.flatMap(({ to }) => {
        const [from, target] = [folderOf(file), folderOf(to)];
        if (from === undefined || target === undefined || from === target) return [];
        return isWrong(from, target) ? [`${file} imports ${to}`] : [];
      }),
    );

  it("lead from commands to what they share, never back, and never from command to command", () => {
    expect(wrongIn((_, to) => to.startsWith("commands/"))).toEqual([]);
  });

  it("keep what reads AWS apart from what is made of it", () => {
    expect(wrongIn((from, to) => from === "aws" && !["instances", "terminal"].includes(to))).toEqual([]);
  });
});

describe("what tests import of the tests", () => {
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf("/"));
  const within = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer}/`);

  it("is in support/, or in a folder above or below their own: what two of them share is in support/", () => {
    const tests = importGraph(["__tests__"]);
    expect(tests.size).toBeGreaterThan(150);
    const wrong = [...tests].flatMap(([file, imports]) =>
      imports
        .filter(({ to }) => within(to, "__tests__") && !within(to, "__tests__/support"))
        .filter(({ to }) => {
          const [from, target] = [folderOf(file), folderOf(to)];
          return target === "__tests__" || !(within(from, target) || within(target, from));
        })
        .map(({ to }) => `${file} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("what is loaded with", () => {
  const cdktf = /^(cdktf|constructs$|@cdktf\/)/;
  const packagesOf = (file: string) => [...loadedWith(file)].filter((name) => !name.endsWith(".ts")).sort();

  it("schedule/ is small, and the packages of calendars come when a calendar needs them", () => {
    expect(packagesOf("schedule/index.ts")).toEqual([
      "cronstrue",
      "fastest-levenshtein",
      "temporal-polyfill/fns/ZonedDateTime",
    ]);
    const late = [...product]
      .filter(([file]) => file.startsWith("schedule/"))
      .flatMap(([, imports]) => imports.filter(({ kind }) => kind === "late").map(({ to }) => to));
    expect([...new Set(late)].sort()).toEqual(["date-holidays", "ical.js"]);
  });

  it("contract/ is nothing but its own files", () => {
    const packages = [...product]
      .filter(([file]) => file.startsWith("contract/"))
      .flatMap(([file]) => packagesOf(file));
    expect(packages).toEqual([]);
  });

  it.each(["model", "config"])("%s/ is no cdktf and no AWS SDK, so that commands answer at once", (part) => {
    const files =
      part === "config" ? ["config/index.ts"] : [...product.keys()].filter((file) => partOf(file) === part);
    expect(files).not.toEqual([]);
    const heavy = files.flatMap((file) =>
      packagesOf(file).filter((name) => cdktf.test(name) || name.startsWith("@aws-sdk/")),
    );
    expect(heavy).toEqual([]);
  });

  it("the CLI is no cdktf and no AWS SDK before a command runs, so that help answers at once", () => {
    expect(
      packagesOf("cli/main.ts").filter((name) => cdktf.test(name) || name.startsWith("@aws-sdk/")),
    ).toEqual([]);
  });

  it("the constructs are provider bindings one by one, since all of them take seconds, and no provider", () => {
    const bindings = packagesOf("constructs/index.ts").filter((name) => name.startsWith("@cdktf/"));
    expect(bindings).not.toEqual([]);
    for (const binding of bindings)
      expect(binding).toMatch(/^@cdktf\/provider-(aws|archive)\/lib\/(?!provider$)[a-z-]+$/);
  });
});

it("docs/architecture.md names files that are there", () => {
  const page = readFileSync(join(__dirname, "../docs/architecture.md"), "utf8");
  const named = [...page.matchAll(/`([\w-]+(?:\/[\w-]+)*\/(?:[\w.-]+\.(?:ts|tf))?)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(__dirname, "..", path)))).toEqual([]);
});
