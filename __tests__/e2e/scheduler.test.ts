import { describeShippedChain } from "./chain";

describeShippedChain({ trigger: "scheduler", code: "zip", alerts: true, checks: true });
