import { describeWrongUse } from "../../../support/operating/wrong-use";

describeWrongUse({
  args: ["check", "dev"],
  names: "target",
  permission: "lambda:GetFunctionConfiguration",
});
