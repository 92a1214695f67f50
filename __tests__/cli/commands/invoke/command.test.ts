import { expect, it } from "@jest/globals";
import { describeWrongUse } from "../../../support/operating/wrong-use";
import { runCli } from "../../../support/run-cli";

describeWrongUse({
  args: ["invoke", "dev-stop"],
  names: "schedule",
  permission: "lambda:GetFunctionConfiguration",
});

it("`invoke` refuses --no-wait without --apply, which alone would wait", async () => {
  const { code, stderr } = await runCli(["invoke", "dev-stop", "--no-wait"]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: "--no-wait: expected with --apply only\n" });
});
