import { describeShippedChain } from "./chain";

describeShippedChain({ trigger: "event-rule", code: "zip" });
