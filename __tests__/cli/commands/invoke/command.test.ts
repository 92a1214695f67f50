import { describeWrongUse } from "../../../support/operating/wrong-use";

describeWrongUse({
  args: ["test", "dev-stop"],
  names: "schedule",
  permission: "lambda:GetFunctionConfiguration",
});
