import { describe, expect, it } from "@jest/globals";
import { unexpectedChanges } from "./plan-changes";

const planOf = (address: string, change: object) => ({
  resource_changes: [{ address, type: address.split(".")[0], change }],
});

describe("unexpectedChanges", () => {
  it("is empty for a plan without changes", () => {
    const change = { actions: ["no-op"], before: { a: 1 }, after: { a: 1 }, after_unknown: {} };
    expect(unexpectedChanges(planOf("aws_iam_role.role", change))).toEqual([]);
  });

  it("passes over an attribute that the simulator forgets", () => {
    const change = {
      actions: ["update"],
      before: { logging_config: [], timeout: 60 },
      after: { logging_config: [{ log_format: "JSON" }], timeout: 60 },
      after_unknown: { last_modified: false },
    };
    expect(unexpectedChanges(planOf("aws_lambda_function.stop", change))).toEqual([]);
  });

  it("names any other attribute with both its values, also next to a forgotten one", () => {
    const change = {
      actions: ["update"],
      before: { logging_config: [], timeout: 3 },
      after: { logging_config: [{ log_format: "JSON" }], timeout: 60 },
      after_unknown: {},
    };
    expect(unexpectedChanges(planOf("aws_lambda_function.stop", change))).toEqual([
      "aws_lambda_function.stop.timeout: 3 -> 60",
    ]);
  });

  it("names an attribute that is only known after the apply", () => {
    const change = { actions: ["update"], before: { arn: "a" }, after: {}, after_unknown: { arn: true } };
    expect(unexpectedChanges(planOf("aws_iam_role.role", change))).toEqual([
      'aws_iam_role.role.arn: "a" -> undefined',
    ]);
  });

  it("names what would be made, replaced or removed, and outputs that change", () => {
    const create = { actions: ["create"], before: null, after: { name: "x" }, after_unknown: {} };
    const replace = { actions: ["delete", "create"], before: {}, after: {}, after_unknown: {} };
    expect(unexpectedChanges(planOf("aws_iam_role.role", create))).toEqual(["aws_iam_role.role: create"]);
    expect(unexpectedChanges(planOf("aws_lambda_function.stop", replace))).toEqual([
      "aws_lambda_function.stop: delete, create",
    ]);
    expect(unexpectedChanges({ output_changes: { functions: create } })).toEqual([
      "output functions: create",
    ]);
  });
});
