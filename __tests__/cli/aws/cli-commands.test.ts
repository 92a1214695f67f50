import { describe, expect, it } from "@jest/globals";
import { AwsCli } from "../../../cli/aws/cli-commands";
import { shellWord } from "../../../contract/shell";

describe("a removal", () => {
  it("is a command that a shell reads back unchanged", () => {
    expect(["plain-1", "it's", "a b", "$HOME", ""].map(shellWord)).toEqual([
      "plain-1",
      `'it'\\''s'`,
      "'a b'",
      "'$HOME'",
      "''",
    ]);
  });

  it("names region and profile where AWS wants them", () => {
    const cli = new AwsCli("us-east-1", "ops");
    expect(cli.deleteSchedule("default", "night")).toBe(
      "aws scheduler delete-schedule --group-name default --name night --region us-east-1 --profile ops",
    );
    expect(cli.deleteInlinePolicy("role", "policy")).toBe(
      "aws iam delete-role-policy --role-name role --policy-name policy --profile ops",
    );
  });
});
