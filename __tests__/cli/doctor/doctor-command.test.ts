import { describeWrongUse } from "../operating/wrong-use";

describeWrongUse({ args: ["doctor"], permission: "sts:GetCallerIdentity", protocol: "query" });
