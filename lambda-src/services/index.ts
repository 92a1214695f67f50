// Loaded lazily, only for requests with `checks`.
export { ServiceRun } from "./service-run";
export { makeSsmCalls } from "./ssm-calls";
export { connectSsm } from "./ssm-client";
