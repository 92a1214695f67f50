import { describeWrongUse } from "../operating/wrong-use";

describeWrongUse({
  args: ["check", "dev"],
  names: "target",
  permission: "lambda:GetFunctionConfiguration",
});
