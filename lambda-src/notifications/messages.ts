// Loaded lazily, only by a run that publishes to the topic.
export { connectSns } from "./sns-client";
export { publishSuccess } from "./success";
export { warnOfStop } from "./warning";
