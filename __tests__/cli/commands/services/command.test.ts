import { describeWrongUse } from "../../../support/operating/wrong-use";

describeWrongUse({
  args: ["services", "dev"],
  names: "target",
  permission: "lambda:GetFunctionConfiguration",
});
