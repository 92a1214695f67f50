// What only a run with `checks` loads.
export { ServiceRun } from "./service-run";
export { makeSsmCalls } from "./ssm-calls";
export { connectSsm } from "./ssm-client";
