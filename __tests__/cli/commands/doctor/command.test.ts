import { describeWrongUse } from "../../../support/operating/wrong-use";

describeWrongUse({
  args: ["doctor"],
  permission: "sts:GetCallerIdentity",
  protocol: "query",
  everyError: true,
});
