import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { describeFound } from "../support/describe-found";
import { runCommand } from "../support/moto/command";
import { CDKTF, CDKTN, installFor, missingOf, PROJECT, type UserProject, versionOf } from "./generation";
import { readSynthesized } from "./synthesized";

/** The only difference allowed: the generator's version. The app itself sets the versions of its providers. */
const IGNORED = [["//", "metadata", "version"]];

const CASES = ["event-rule", "scheduler"].flatMap((trigger) =>
  ["zip", "archive"].flatMap((code) => [
    { trigger, code },
    { trigger, code, alerts: { email: "on-call@example.com" } },
  ]),
);

describeFound("cdktf and cdktn make the same Terraform JSON", { missing: missingOf(CDKTN) }, () => {
  let users: UserProject[];
  beforeAll(async () => {
    users = await Promise.all([CDKTF, CDKTN].map(installFor));
  }, 120_000);
  afterAll(async () => {
    for (const { folder } of users) await rm(folder, { recursive: true, force: true });
  });

  async function synth({ folder, installed }: UserProject, config: string) {
    await writeFile(join(folder, "ec2-start-stop.yaml"), config);
    await runCommand(process.execPath, [join(installed, "dist", "cli.js"), "synth"], { cwd: folder });
    return readSynthesized(join(folder, "cdktf.out"), "dev", IGNORED);
  }

  it.each(CASES)("of the example with %j", async (settings) => {
    const example = parse(await readFile(join(PROJECT, "ec2-start-stop.yaml"), "utf8"));
    const config = stringify({ ...example, ...settings });
    const [first, second] = await Promise.all(users.map((user) => synth(user, config)));
    expect(Object.keys(Object(first?.stack["resource"]))).toContain("aws_lambda_function");
    expect(second?.stack).toEqual(first?.stack);
    expect(second?.files).toEqual(first?.files);
    expect(first?.ignored).toEqual({ "//.metadata.version": versionOf(CDKTF, "cdktf") });
    expect(second?.ignored).toEqual({ "//.metadata.version": versionOf(CDKTN, "cdktf") });
  });
});
