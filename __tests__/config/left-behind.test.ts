import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Testing } from "cdktf";
import { type Config, parseConfig } from "../../config";
import { findLeftBehind, stateNameOf } from "../../config/left-behind";
import { ConfigStack } from "../../config/stack";
import { VALID } from "../support/problems-of";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "left-behind-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const placeOf = (file: string) => ({ configFile: file, outdir: "cdktf.out", cwd: folder });

function writeState(file: string, region: string): void {
  const arn = `arn:aws:lambda:${region}:123456789012:function:dev-StopEC2Instances`;
  const instances = [{ attributes: { arn } }];
  const resources = [{ mode: "managed", type: "aws_lambda_function", name: "stop", instances }];
  writeFileSync(join(folder, file), JSON.stringify({ version: 4, resources }));
}

/** Writes the stack of a config into the output folder, as an earlier synth did. */
function writeStack(config: Config, file = "office.yaml"): void {
  const stack = new ConfigStack(Testing.app(), config, stateNameOf(placeOf(file)));
  const path = join(folder, "cdktf.out", "stacks", stack.node.id);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "cdk.tf.json"), Testing.synth(stack));
}

async function messagesOf(more = "", file = "office.yaml"): Promise<string[]> {
  writeFileSync(join(folder, file), "");
  const found = findLeftBehind(await parseConfig(VALID + more), placeOf(file));
  for (const { severity, kind } of found) expect([severity, kind]).toEqual(["warning", "left-behind"]);
  return found.map(({ message }) => message);
}

const moved = (what: string) =>
  `region: ${what} goes on firing when Terraform looks for it in ap-northeast-2: set region back to us-east-1, run terraform destroy, and then change it`;

describe("the name of a local state", () => {
  it.each([
    ["office.yaml", "office"],
    ["office.v2.yml", "office.v2"],
    ["prod/office.yaml", "prod-office"],
    ["../office.yaml", "office"],
    ["my office.yaml", "my-office"],
  ])("is that of the config file: %s", (file, name) => {
    expect(stateNameOf(placeOf(file))).toBe(name);
  });
});

describe("deployments that a config would leave behind", () => {
  it("are none in a new folder, beside states of other configs, and where nothing was deployed", async () => {
    expect(await messagesOf()).toEqual([]);
    writeState("terraform.office.tfstate", "ap-northeast-2");
    writeState("terraform.prod.tfstate", "us-east-1");
    writeFileSync(join(folder, "prod.yaml"), "");
    writeFileSync(join(folder, "terraform.gone.tfstate"), JSON.stringify({ version: 4, resources: [] }));
    writeFileSync(join(folder, "terraform.broken.tfstate"), "{");
    expect(await messagesOf("name: other\n")).toEqual([]);
  });

  it("are found in the own state, where the region has changed", async () => {
    writeState("terraform.office.tfstate", "us-east-1");
    expect(await messagesOf()).toEqual([
      moved("terraform.office.tfstate has a deployment in us-east-1, which"),
    ]);
    writeState("own.tfstate", "us-east-1");
    rmSync(join(folder, "terraform.office.tfstate"));
    expect(await messagesOf("backend: { local: { path: ../../../own.tfstate } }\n")).toEqual([
      moved("own.tfstate has a deployment in us-east-1, which"),
    ]);
  });

  it("are found in the stack before, where its state is elsewhere", async () => {
    const backend = "backend: { s3: { bucket: my-state, key: office.tfstate } }\n";
    const before = VALID.replace("ap-northeast-2", "us-east-1");
    writeStack(await parseConfig(`${before}${backend}name: old\n`));
    expect(await messagesOf(backend)).toEqual([
      moved("cdktf.out was written for us-east-1: what was deployed from it"),
    ]);
    expect(await messagesOf(backend.replace("office", "other"))).toEqual([]);
  });

  it.each([
    ["another backend", "backend: { s3: { bucket: my-state, key: office.tfstate } }\n", "cdktf.out"],
    ["another path", "backend: { local: { path: ../../../own.tfstate } }\n", "cdktf.out"],
    ["another output folder", "", "build/cdktf.out"],
  ])("are found in the default state of a config that has %s now", async (_, backend, outdir) => {
    writeState("terraform.office.tfstate", "ap-northeast-2");
    const config = await parseConfig(VALID + backend);
    expect(
      findLeftBehind(config, { ...placeOf("office.yaml"), outdir }).map(({ message }) => message),
    ).toEqual([
      "terraform.office.tfstate has a deployment, and this config keeps its state elsewhere: move it there (terraform init -migrate-state) and delete the file, or run terraform destroy with it, or it goes on firing",
    ]);
  });

  it("are found in a state whose config file has another name now", async () => {
    writeState("terraform.old.tfstate", "ap-northeast-2");
    expect(await messagesOf()).toEqual([
      "terraform.old.tfstate has a deployment, and there is no old.yaml: if it is this config's, rename the file to terraform.office.tfstate before you apply; if not, run terraform destroy with it, or it goes on firing",
    ]);
  });

  it("are none by another name, which keeps the state", async () => {
    writeStack(await parseConfig(`${VALID}name: old\n`));
    writeState("terraform.office.tfstate", "ap-northeast-2");
    expect(await messagesOf("name: new\n")).toEqual([]);
  });
});
