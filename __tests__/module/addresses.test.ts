import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { MODULE_RESOURCES } from "../../cli/commands/adopt/module-imports";

const MODULE = join(__dirname, "../../module");

const TEXT = readdirSync(MODULE)
  .filter((name) => name.endsWith(".tf"))
  .map((name) => readFileSync(join(MODULE, name), "utf8"))
  .join("\n");
const RESOURCES = [...TEXT.matchAll(/^resource "(\w+)" "(\w+)" \{\n([\s\S]*?)\n\}/gm)];

/** Every resource of the module, with how many there may be. */
function addresses(): string[] {
  return RESOURCES.map(([, type, name, body = ""]) => {
    const many = /^ {2}(count|for_each)\b/m.exec(body)?.[1];
    return `${type}.${name}${many ? ` ${many}` : ""}`;
  }).sort();
}

describe("the addresses of the module's resources", () => {
  // Terraform destroys what is no longer at its address. A changed line here needs a `moved` block: CONTRIBUTING.md.
  it("are those committed", () => {
    const committed = readFileSync(join(__dirname, "addresses.json"), "utf8");
    expect(addresses()).toEqual(JSON.parse(committed));
  });

  it("are all created before they are destroyed, but for the state's own", () => {
    const kept = RESOURCES.filter(
      ([, , , body = ""]) => !body.includes("\n    create_before_destroy = true\n"),
    );
    expect(kept.map(([, type]) => type)).toEqual(["terraform_data"]);
  });

  it("hold those that adopting prints import blocks for: one role, and the others by action or schedule", () => {
    for (const [kind, resource] of Object.entries(MODULE_RESOURCES))
      expect(addresses()).toContain(`${resource} ${kind === "role" ? "count" : "for_each"}`);
  });
});
