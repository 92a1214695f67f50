import { describeWrongUse } from "../operating/wrong-use";

describeWrongUse({
  args: ["test", "dev-stop"],
  names: "schedule",
  permission: "lambda:GetFunctionConfiguration",
});
