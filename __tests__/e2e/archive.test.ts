import { describeShippedChain } from "./chain";

describeShippedChain({ trigger: "scheduler", code: "archive" });
