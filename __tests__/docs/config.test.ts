import { expect, it } from "@jest/globals";
import { configJsonSchema } from "../../config";
import { MAX_SERVICE_CHECKS } from "../../contract/limits";
import { CONFIG_MARKS, configTables } from "../../scripts/config-tables.mjs";
import { withTables } from "../../scripts/module-tables.mjs";
import { readDocument } from "../support/documents";

const page = readDocument("docs/config.md");

it("docs/config.md has the tables of all settings; if not: npm run build:schema", () => {
  expect(page).toBe(withTables(page, configTables(configJsonSchema()), CONFIG_MARKS));
});

it("docs/config.md says how many checks a target may have", () => {
  expect(page).toMatch(new RegExp(`at\\smost\\s${MAX_SERVICE_CHECKS}\\sof\\sthem`));
});
