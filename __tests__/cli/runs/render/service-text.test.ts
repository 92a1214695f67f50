import { describe, expect, it } from "@jest/globals";
import { serviceText } from "../../../../cli/runs/render";

describe("services", () => {
  it("are told with every check that did not pass", () => {
    const failing = [
      { check: "systemd nginx", found: "inactive" },
      { check: "tcp 5432", found: "nothing listens" },
    ];
    expect(serviceText({ status: "failed", failing })).toBe(
      "services failed: systemd nginx: inactive; tcp 5432: nothing listens",
    );
    expect(serviceText({ status: "passed" })).toBe("services passed");
  });
});
