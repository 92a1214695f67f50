import { spawnSync } from "node:child_process";
import { expect, it } from "@jest/globals";
import { describeFound } from "../support/describe-found";
import { bundledPackages, NOTICES, PROJECT } from "./notices";

interface Audit {
  /** By the name of the package. */
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly message?: string;
}

// Audits the whole tree, because npm counts bundled packages as development dependencies; only those that ship are judged.
const { stdout } = spawnSync("npm audit --json --fetch-retries=0 --fetch-timeout=20000", {
  cwd: PROJECT,
  encoding: "utf8",
  shell: true,
});
const audit = reportOf(stdout);
const missing =
  audit.vulnerabilities === undefined
    ? `an npm registry that audits (${audit.message?.replace(/ - POST.*/, "") ?? "no answer"})`
    : undefined;

describeFound("npm audit", { missing, installedByCi: false }, () => {
  it("knows of no vulnerability in what is published or in its peers", () => {
    const peers = ["@cdktf/provider-archive", "@cdktf/provider-aws", "cdktf", "constructs"];
    const shipped = [...NOTICES.flatMap(bundledPackages).map(({ name }) => name), ...peers];
    const found = Object.entries(audit.vulnerabilities ?? {})
      .filter(([name, { severity }]) => shipped.includes(name) && severity !== "info" && severity !== "low")
      .map(([name, { severity }]) => `${name}: ${severity}`);
    expect(found).toEqual([]);
  });
});

function reportOf(text: string): Audit {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
