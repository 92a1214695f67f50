import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { describeFound } from "../support/describe-found";
import { isRecord } from "../support/terraform/attributes";
import { EXAMPLE_CONFIGS } from "../support/terraform/example-configs";
import { synthesize } from "../support/terraform/synthesize";
import { CDKTN, missingOf, PROJECT } from "./generation";

/** Arguments of Terraform itself, which every resource has. */
const META = ["count", "depends_on", "for_each", "lifecycle", "provider"];
/** Arguments that version 6 of the provider still takes, and warns of. */
const DEPRECATED: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_rule: ["is_enabled"],
  aws_iam_role: ["inline_policy", "managed_policy_arns"],
  aws_region: ["id", "name"],
};

/** The path of an argument in a resource, such as `target.retry_policy.maximum_retry_attempts`. */
type ArgumentPath = string;

// No version 6 of the provider can be run everywhere, but its bindings are made from its schema.
describeFound("AWS provider 6", { missing: missingOf(CDKTN) }, () => {
  const synthesized = Object.values(EXAMPLE_CONFIGS).flatMap((config) =>
    Object.entries(synthesize({ ...config, code: "zip" }).resource),
  );
  const ofConstructs = argumentsByType(
    synthesized.flatMap(([type, byId]) =>
      Object.values(byId).map((resource) => [type, pathsOf(resource, type)] as const),
    ),
  );
  const ofModule = argumentsByType(moduleArguments());

  it("is asked about all that constructs and module make", () => {
    expect([...ofConstructs.keys()].sort()).toEqual([...ofModule.keys()].sort());
    expect(ofModule.get("aws_scheduler_schedule")).toContain("target.retry_policy.maximum_retry_attempts");
    expect(ofModule.get("aws_lambda_function")).toContain("logging_config.log_format");
  });

  describe.each([
    ["the constructs", ofConstructs],
    ["the module", ofModule],
  ])("has every argument of %s", (_, used) => {
    it.each([...used])("for %s", (type, paths) => {
      expect([...paths].filter((path) => !isKnown(type, path))).toEqual([]);
    });

    it("and deprecates none of them", () => {
      for (const [type, deprecated] of Object.entries(DEPRECATED))
        expect([...(used.get(type) ?? [])].filter((path) => deprecated.includes(path))).toEqual([]);
    });
  });

  it("has no attribute that is named as Terraform warns of", () => {
    const warned = /\b(?:data\.aws_region\.\w+|self)(?:\.(?:id|name)\b|\["(?:id|name)"\])/;
    expect(moduleText().match(warned)).toBeNull();
    for (const config of Object.values(EXAMPLE_CONFIGS)) expect(synthesize(config).text).not.toMatch(warned);
  });

  it("knows no argument that does not exist", () => {
    expect(isKnown("aws_lambda_function", "memory_mb")).toBe(false);
    expect(isKnown("aws_scheduler_schedule", "target.retry_policy.attempts")).toBe(false);
  });
});

function argumentsByType(found: readonly (readonly [string, readonly ArgumentPath[]])[]) {
  const types = new Map<string, Set<ArgumentPath>>();
  for (const [type, paths] of found) types.set(type, new Set([...(types.get(type) ?? []), ...paths]));
  return types;
}

/** Paths of a synthesized resource, down to what the bindings call an argument and no block. */
function pathsOf(value: Readonly<Record<string, unknown>>, type: string, prefix = ""): ArgumentPath[] {
  return Object.entries(value)
    .filter(([name]) => prefix !== "" || !META.includes(name))
    .flatMap(([name, member]) => {
      const path = `${prefix}${name}`;
      const inner = Array.isArray(member) ? member.filter(isRecord) : isRecord(member) ? [member] : [];
      if (inner.length === 0 || !isBlock(type, path)) return [path];
      return inner.flatMap((each) => pathsOf(each, type, `${path}.`));
    });
}

function moduleText(): string {
  const folder = join(PROJECT, "module");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".tf"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

/** Paths of each resource in the module's text, by its indentation, which `terraform fmt` decides. */
function moduleArguments(): [string, ArgumentPath[]][] {
  const resources = moduleText().matchAll(/^resource "(aws_\w+)" "\w+" \{\n([\s\S]*?)\n\}/gm);
  return [...resources].map(([, type = "", body = ""]) => [type, pathsIn(body.split("\n"), 2)]);
}

function pathsIn(lines: readonly string[], indentation: number, prefix = ""): ArgumentPath[] {
  const line = new RegExp(`^ {${indentation}}(?:(\\w+) += |(?:dynamic ")?(\\w+)"? \\{$)`);
  return lines.flatMap((text, index) => {
    const [, argument, block] = line.exec(text) ?? [];
    if (argument) return META.includes(argument) && prefix === "" ? [] : [`${prefix}${argument}`];
    if (!block || META.includes(block)) return [];
    const end = lines.findIndex((each, at) => at > index && each === `${" ".repeat(indentation)}}`);
    const body = lines.slice(index + 1, end);
    if (!text.includes("dynamic")) return pathsIn(body, indentation + 2, `${prefix}${block}.`);
    const content = body.findIndex((each) => each.trim() === "content {");
    return pathsIn(body.slice(content + 1), indentation + 4, `${prefix}${block}.`);
  });
}

function isKnown(type: string, path: ArgumentPath): boolean {
  return converterOf(type, path) !== undefined;
}

function isBlock(type: string, path: ArgumentPath): boolean {
  return converterOf(type, path) !== "";
}

/** The function of the bindings that writes a block, "" for an argument without a block of its own, none for neither. */
function converterOf(type: string, path: ArgumentPath): string | undefined {
  const text = bindingsOf(type);
  return path.split(".").reduce<string | undefined>((converter, name) => {
    if (!converter) return undefined;
    const start = text.indexOf(
      converter === "synthesizeAttributes" ? "    synthesizeAttributes() {" : `function ${converter}(`,
    );
    const members = text.slice(
      text.indexOf("return {\n", start),
      text.indexOf("};", text.indexOf("return {\n", start)),
    );
    const [, value] = new RegExp(`^\\s+${name}: (.*),$`, "m").exec(members) ?? [];
    return value === undefined
      ? undefined
      : (/\b(?!cdktf\b)\w+ToTerraform/.exec(blockPart(value))?.[0] ?? "");
  }, "synthesizeAttributes");
}

/** Without the converters of cdktf itself, which write texts, numbers, lists and maps. */
function blockPart(value: string): string {
  return value.replace(/cdktf\.\w+/g, "");
}

function bindingsOf(type: string): string {
  const name = type.replace(/^aws_/, "").replaceAll("_", "-");
  const file = join(CDKTN.folder, "node_modules/@cdktf/provider-aws/lib", name, "index.js");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
