import { describeShippedChain } from "./chain";

describeShippedChain({ trigger: "event-rule", code: "archive" });
describeShippedChain({ trigger: "scheduler", code: "archive" });
