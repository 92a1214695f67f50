// What only a run with `checks` loads.
export { ServiceRun } from "./service-run";
export { connectSsm } from "./ssm-api";
export { makeSsmCalls } from "./ssm-calls";
