import { describeWrongUse } from "../../../support/operating/wrong-use";

describeWrongUse({
  args: ["invoke", "dev-stop"],
  names: "schedule",
  permission: "lambda:GetFunctionConfiguration",
});
